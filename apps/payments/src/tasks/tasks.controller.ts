import { type AnswerOf, FinishPaymentTask, ListPaymentTasks, type PaymentTask } from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  requireLocation,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toPaymentTask } from './task.js';
import { finish, listTasks, lockTask } from './tasks.store.js';

@Controller()
export class TasksController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListPaymentTasks)
  list(@Call() { caller, query }: CallOf<typeof ListPaymentTasks>): Promise<AnswerOf<typeof ListPaymentTasks>> {
    return inTransaction(this.db, caller.organizationId, (tx) => listTasks(tx, caller, query));
  }

  @Endpoint(FinishPaymentTask)
  done(@Call() call: CallOf<typeof FinishPaymentTask>): Promise<Answer<PaymentTask>> {
    const { caller, params } = call;
    return idempotently(this.db, call, async (tx) => {
      const task = await lockTask(tx, params.taskId);
      requireLocation(caller, task.locationId);
      if (task.doneAt !== null) return toPaymentTask(task);
      const [doneAt, doneBy] = [new Date(), caller.id];
      await finish(tx, task, doneBy, doneAt);
      return toPaymentTask({ ...task, doneAt, doneBy });
    });
  }
}
