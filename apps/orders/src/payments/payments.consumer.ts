import { type Envelope, type PaymentFacts, PaymentCaptured, PaymentRefunded, PaymentVoided } from '@comanda/contracts';
import { Consumes, Event, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import type { PaymentNews } from '../checks/settlement.js';
import { pay } from '../orders/change-order.js';
import { lockOrder } from '../orders/order.store.js';
import { Orders } from '../orders/orders.js';

/** Keeps what has been paid on each check. Payments owns the money; here it only decides on whether something is left to pay. */
@Controller()
export class PaymentsConsumer {
  constructor(private readonly orders: Orders) {}

  @Consumes(PaymentCaptured)
  captured(@Event() event: Envelope<typeof PaymentCaptured>, @InTx() tx: Tx): Promise<void> {
    return this.#note(tx, event, newsOf(event.data));
  }

  @Consumes(PaymentRefunded)
  refunded(@Event() event: Envelope<typeof PaymentRefunded>, @InTx() tx: Tx): Promise<void> {
    const { id, amount } = event.data.refund;
    return this.#note(tx, event, { ...newsOf(event.data), refund: { id, amount: amount.amount } });
  }

  @Consumes(PaymentVoided)
  voided(@Event() event: Envelope<typeof PaymentVoided>, @InTx() tx: Tx): Promise<void> {
    return this.#note(tx, event, newsOf(event.data));
  }

  async #note(tx: Tx, { time, data }: Envelope & { data: PaymentFacts }, news: PaymentNews): Promise<void> {
    const order = await lockOrder(tx, data.orderId);
    const change = pay(order, data.checkId, news);
    if (change) await this.orders.keep(tx, order, { ...change, at: new Date(time) });
  }
}

const newsOf = ({ id, version, status, amount }: PaymentFacts): PaymentNews => ({
  paymentId: id,
  version,
  captured: status === 'captured' ? amount.amount : 0,
});
