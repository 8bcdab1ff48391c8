import { type Dispute, PaymentDisputed } from '@comanda/contracts';
import { newEvent, type NewEvent } from '@comanda/events';
import { inCurrency } from '../amounts.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { toPayment } from '../payments/payment-facts.js';
import type { DisputeRow } from './dispute.entity.js';

/** A dispute as it is answered. */
export function toDispute(row: DisputeRow): Dispute {
  const { id, paymentId, orderId, locationId, businessDate, providerReference, status, reason, openedAt, closedAt } =
    row;
  const of = inCurrency(row.currency);
  return {
    id,
    paymentId,
    orderId,
    locationId,
    businessDate,
    providerReference,
    status,
    reason,
    amount: of(row.amount),
    providerFee: of(row.providerFee),
    platformFee: of(row.platformFee),
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
}

/** A dispute was opened, won or lost: the payment as it stands after, and the dispute. */
export function disputedEvent(payment: PaymentRow, dispute: DisputeRow, occurredAt: Date): NewEvent {
  const { version } = payment;
  return newEvent(PaymentDisputed, { ...toPayment(payment), dispute: toDispute(dispute) }, { version, occurredAt });
}
