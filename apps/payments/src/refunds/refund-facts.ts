import { PaymentRefunded, type Refund } from '@comanda/contracts';
import { type Cause, newEvent, type NewEvent } from '@comanda/events';
import { inCurrency } from '../amounts.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { toPayment } from '../payments/payment-facts.js';
import type { RefundRow } from './refund.entity.js';

/** A refund as it is answered. */
export function toRefund(row: RefundRow): Refund {
  const of = inCurrency(row.currency);
  return {
    id: row.id,
    paymentId: row.paymentId,
    status: row.status,
    amount: of(row.amount),
    rounding: of(row.rounding),
    tip: of(row.tip),
    returned: of(row.amount + row.rounding + row.tip),
    fee: of(row.fee),
    ...(row.returnId !== null && { returnId: row.returnId }),
    reason: row.reason,
    declineCode: row.declineCode,
    businessDate: row.businessDate,
    occurredAt: row.occurredAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
  };
}

/** Money went back: the payment as it stands after, and the refund. */
export function refundedEvent(payment: PaymentRow, refund: RefundRow, cause?: Cause): NewEvent {
  const { version } = payment;
  const data = { ...toPayment(payment), refund: toRefund(refund) };
  return newEvent(PaymentRefunded, data, { version, occurredAt: refund.occurredAt, cause });
}
