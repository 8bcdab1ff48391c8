import { type AnswerOf, ListRefunds, type Refund, RefundPayment } from '@comanda/contracts';
import { type Answer, Call, type CallOf, Endpoint, inTransaction, requireLocation } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findPayment } from '../payments/payments.store.js';
import { Refunds } from './refunds.js';
import { listRefunds } from './refunds.list.js';

@Controller()
export class RefundsController {
  constructor(
    private readonly db: DataSource,
    private readonly refunds: Refunds,
  ) {}

  @Endpoint(RefundPayment)
  refund(@Call() call: CallOf<typeof RefundPayment>): Promise<Answer<Refund>> {
    return this.refunds.refund(call);
  }

  @Endpoint(ListRefunds)
  list(@Call() { caller, params, query }: CallOf<typeof ListRefunds>): Promise<AnswerOf<typeof ListRefunds>> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const { id, locationId } = await findPayment(tx, params.paymentId);
      requireLocation(caller, locationId);
      return listRefunds(tx, id, query);
    });
  }
}
