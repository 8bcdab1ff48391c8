import { type Envelope, OrderPaid, PaymentRefunded } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import { minorDigits } from '@comanda/money';
import { onCommit, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepOrder } from '../orders/customer-orders.store.js';
import { wholeUnits } from './order-points.js';
import { PointsKeeper } from './points-keeper.js';
import { notePaid, noteRefund } from './points.store.js';

/** A paid order earns points, and a refund takes its share back: in whichever order they are heard of, once each. */
@Controller()
export class PointsConsumer {
  constructor(private readonly keeper: PointsKeeper) {}

  @Consumes(OrderPaid)
  async paid(@Events() events: readonly Envelope<typeof OrderPaid>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) {
      const { organizationId, time, data: order } = event;
      const { id: orderId, customerId, totals } = order;
      await keepOrder(tx, event);
      if (customerId === null) continue;
      const { amount, currency } = totals.total;
      const units = wholeUnits(amount, minorDigits(currency));
      await notePaid(tx, organizationId, { orderId, customerId, units, amount, occurredAt: time });
      onCommit(tx, () => this.keeper.wake(organizationId));
    }
  }

  @Consumes(PaymentRefunded)
  async refunded(@Events() events: readonly Envelope<typeof PaymentRefunded>[], @InTx() tx: Tx): Promise<void> {
    for (const { organizationId, data } of events) {
      const { id: paymentId, orderId, refund } = data;
      const { id: refundId, occurredAt } = refund;
      await noteRefund(tx, organizationId, { refundId, orderId, paymentId, amount: refund.amount.amount, occurredAt });
      onCommit(tx, () => this.keeper.wake(organizationId));
    }
  }
}
