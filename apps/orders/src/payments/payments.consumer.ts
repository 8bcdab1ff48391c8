import { type Envelope, PaymentCaptured, PaymentRefunded, PaymentVoided } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import type { PaymentNews } from '../checks/settlement.js';
import { pay } from '../orders/change-order.js';
import type { KeptOrder } from '../orders/order.js';
import { lockOrders } from '../orders/order.store.js';
import { Orders, type Telling } from '../orders/orders.js';

type PaymentEvent = Envelope<typeof PaymentCaptured | typeof PaymentRefunded | typeof PaymentVoided>;

/** Keeps what has been paid on each check. Payments owns the money; here it only decides on whether something is left to pay. */
@Controller()
export class PaymentsConsumer {
  constructor(private readonly orders: Orders) {}

  @Consumes(PaymentCaptured, PaymentRefunded, PaymentVoided)
  async note(@Events() events: readonly PaymentEvent[], @InTx() tx: Tx): Promise<void> {
    // What is put on a gift card or a house account is paid on a bill of the account's own, of no order.
    const ours = events.filter(({ data }) => data.account?.loaded !== true);
    if (ours.length === 0) return;
    const orders = await lockOrders(tx, [...new Set(ours.map(({ data }) => data.orderId))]);
    const after = new Map<string, KeptOrder>();
    const tellings: Telling[] = [];
    for (const event of ours) {
      const { orderId, checkId } = event.data;
      const change = pay(after.get(orderId) ?? (orders.get(orderId) as KeptOrder), checkId, newsOf(event));
      if (!change) continue;
      after.set(orderId, change.order);
      tellings.push(...change.told.map((told) => ({ ...told, at: event.time, cause: event })));
    }
    await this.orders.keepPaid(tx, [...after.values()], tellings);
  }
}

function newsOf({ data }: PaymentEvent): PaymentNews {
  const { id, version, status, amount } = data;
  const news = { paymentId: id, version, captured: status === 'captured' ? amount.amount : 0 };
  return 'refund' in data ? { ...news, refund: { id: data.refund.id, amount: data.refund.amount.amount } } : news;
}
