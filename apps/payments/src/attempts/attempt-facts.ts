import type { AttemptWhy, PaymentAttempt } from '@comanda/contracts';
import { inCurrency } from '../amounts.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import type { AttemptRow } from './attempt.entity.js';
import { isOpen } from './attempt.js';

/** What of a payment is told with its attempts. */
export type Attempted = Pick<PaymentRow, 'currency' | 'provider' | 'providerReference' | 'codeExpiresAt'>;

/** An attempt as it is answered. */
export function toPaymentAttempt(row: AttemptRow, payment: Attempted): PaymentAttempt {
  const { id, paymentId, refundId, checkId, locationId, kind, status, looks, declineCode } = row;
  const { settledBy, settledReason, settledEvidence } = row;
  const open = isOpen(status);
  return {
    id,
    paymentId,
    refundId,
    checkId,
    locationId,
    kind,
    status,
    provider: payment.provider ?? 'sandbox',
    providerReference: payment.providerReference,
    amount: inCurrency(payment.currency)(row.amount + row.tip),
    why: open ? whyOf(row, payment) : null,
    since: row.createdAt.toISOString(),
    looks,
    nextLookAt: open ? row.nextLookAt.toISOString() : null,
    declineCode,
    settledBy,
    settledReason,
    settledEvidence,
  };
}

function whyOf({ status }: AttemptRow, { codeExpiresAt }: Attempted): AttemptWhy {
  if (status === 'unknown') return 'no_answer';
  return codeExpiresAt === null ? 'not_finished' : 'guest_pays';
}
