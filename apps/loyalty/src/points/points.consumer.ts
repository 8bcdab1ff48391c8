import { type Envelope, OrderPaid, PaymentRefunded } from '@comanda/contracts';
import { Consumes, Event, InTx } from '@comanda/events';
import { minorDigits } from '@comanda/money';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepOrder } from '../orders/customer-orders.store.js';
import { earnedBy, type OrderPoints, outstanding } from './order-points.js';
import { book, noteBooked, notePaid, noteRefund, pointsPerUnit } from './points.store.js';

/** A paid order earns points, and a refund takes its share back: in whichever order they are heard of, once each. */
@Controller()
export class PointsConsumer {
  @Consumes(OrderPaid)
  async paid(@Event() event: Envelope<typeof OrderPaid>, @InTx() tx: Tx): Promise<void> {
    const { organizationId, data: order } = event;
    await keepOrder(tx, event);
    if (order.customerId === null) return;
    const { amount, currency } = order.totals.total;
    const earned = earnedBy(amount, minorDigits(currency), await pointsPerUnit(tx, organizationId));
    const known = await notePaid(tx, organizationId, order.id, { customerId: order.customerId, earned, total: amount });
    await settle(tx, organizationId, order.id, known, { occurredAt: new Date(event.time), paymentId: null });
  }

  @Consumes(PaymentRefunded)
  async refunded(@Event() event: Envelope<typeof PaymentRefunded>, @InTx() tx: Tx): Promise<void> {
    const {
      organizationId,
      data: { id: paymentId, orderId, refund },
    } = event;
    const known = await noteRefund(tx, organizationId, orderId, refund.id, refund.amount.amount);
    await settle(tx, organizationId, orderId, known, { occurredAt: new Date(refund.occurredAt), paymentId });
  }
}

/** Books what is missing between the points an order deserves and those it has. */
async function settle(
  tx: Tx,
  organizationId: string,
  orderId: string,
  known: OrderPoints,
  cause: { occurredAt: Date; paymentId: string | null },
): Promise<void> {
  const points = outstanding(known);
  if (known.customerId === null || points === 0) return;
  const kind = points > 0 ? 'earn' : 'reverse';
  const booked = await book(tx, organizationId, {
    customerId: known.customerId,
    kind,
    points,
    orderId,
    reason: null,
    ...cause,
  });
  if (booked) await noteBooked(tx, organizationId, orderId, known.booked + points);
}
