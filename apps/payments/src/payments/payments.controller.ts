import {
  AdjustTip,
  type AnswerOf,
  CapturePayment,
  ListLateDeclines,
  ListPayments,
  type Payment,
  ReadPayment,
  TakePayment,
  VoidPayment,
} from '@comanda/contracts';
import { type Answer, Call, type CallOf, Endpoint, inTransaction, requireLocation } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toPayment } from './payment-facts.js';
import { findPayment } from './payments.store.js';
import { listPayments } from './payments.list.js';
import { Tenders } from './tenders.js';
import { Tips } from './tips.js';

@Controller()
export class PaymentsController {
  constructor(
    private readonly db: DataSource,
    private readonly tenders: Tenders,
    private readonly tips: Tips,
  ) {}

  @Endpoint(TakePayment)
  take(@Call() call: CallOf<typeof TakePayment>): Promise<Answer<Payment>> {
    return this.tenders.take(call);
  }

  @Endpoint(CapturePayment)
  capture(@Call() call: CallOf<typeof CapturePayment>): Promise<Answer<Payment>> {
    return this.tenders.capture(call);
  }

  @Endpoint(AdjustTip)
  tip(@Call() call: CallOf<typeof AdjustTip>): Promise<Answer<Payment>> {
    return this.tips.adjust(call);
  }

  @Endpoint(VoidPayment)
  void(@Call() call: CallOf<typeof VoidPayment>): Promise<Answer<Payment>> {
    return this.tenders.void(call);
  }

  @Endpoint(ListPayments)
  list(@Call() { caller, query }: CallOf<typeof ListPayments>): Promise<AnswerOf<typeof ListPayments>> {
    return inTransaction(this.db, caller.organizationId, (tx) => listPayments(tx, caller, query));
  }

  @Endpoint(ListLateDeclines)
  lateDeclines(@Call() { caller, query }: CallOf<typeof ListLateDeclines>): Promise<AnswerOf<typeof ListLateDeclines>> {
    return inTransaction(this.db, caller.organizationId, (tx) =>
      listPayments(tx, caller, { ...query, offline: true, status: 'declined' }),
    );
  }

  @Endpoint(ReadPayment)
  async read(@Call() { caller, params }: CallOf<typeof ReadPayment>): Promise<Payment> {
    const payment = await inTransaction(this.db, caller.organizationId, (tx) => findPayment(tx, params.paymentId));
    requireLocation(caller, payment.locationId);
    return toPayment(payment);
  }
}
