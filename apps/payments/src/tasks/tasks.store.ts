import type { AnswerOf, InputOf, ListPaymentTasks } from '@comanda/contracts';
import { type Caller, pageOf, positionOf, Refusal, type Tx } from '@comanda/platform';
import { z } from 'zod';
import { type Subject, toPaymentTask } from './task.js';
import { TaskEntity, type TaskRow } from './task.entity.js';

/** A page of the tasks that the caller may see, newest first: ids are minted in the order of time. */
export async function listTasks(
  tx: Tx,
  { locations }: Caller,
  { limit, cursor, status, ...filter }: InputOf<typeof ListPaymentTasks>['query'],
): Promise<AnswerOf<typeof ListPaymentTasks>> {
  const rows = tx.createQueryBuilder(TaskEntity, 'task').orderBy({ 'task.id': 'DESC' });
  for (const [field, value] of Object.entries(filter))
    if (value !== undefined) rows.andWhere(`task.${field} = :${field}`, { [field]: value });
  if (status) rows.andWhere(`(task.doneAt is null) = :open`, { open: status === 'open' });
  if (locations) rows.andWhere('task.locationId = any(:locations)', { locations: [...locations] });
  const after = positionOf(cursor, Position);
  if (after) rows.andWhere('task.id < :id', { id: after[0] });
  return pageOf(await rows.limit(limit + 1).getMany(), limit, ({ id }) => [id] as const, toPaymentTask);
}

/**
 * Locks a task until the transaction ends, so that two who finish it do not both have.
 * @throws Refusal `not_found`
 */
export async function lockTask(tx: Tx, id: string): Promise<TaskRow> {
  const task = await tx.findOne(TaskEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!task) throw new Refusal('not_found', 'There is no such task.');
  return task;
}

/** Somebody has seen to a task. */
export async function finish(tx: Tx, { id }: TaskRow, doneBy: string, doneAt: Date): Promise<void> {
  await tx.update(TaskEntity, { id }, { doneAt, doneBy });
}

/** Ends tasks whose subjects have settled themselves; nobody has to look at them any more. */
export async function settleTasks(tx: Tx, subjects: readonly Subject[]): Promise<void> {
  if (subjects.length === 0) return;
  await tx.sql`
    update payment_tasks set done_at = now()
    where done_at is null and (kind, subject_id) in (
      select kind, subject_id from unnest(${subjects.map(({ kind }) => kind)}::text[], ${subjects.map(({ subjectId }) => subjectId)}::uuid[])
        as settled (kind, subject_id))`;
}

const Position = z.tuple([z.uuid()]);
