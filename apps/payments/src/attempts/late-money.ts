import { newId } from '@comanda/platform';
import type { BillRow } from '../bills/bill.entity.js';
import { dueOn } from '../bills/bill.js';
import type { Changes } from '../changes.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { holding, type Part } from '../refunds/refund.js';
import type { RefundRow } from '../refunds/refund.entity.js';
import { newTask } from '../tasks/task.js';
import type { AttemptRow } from './attempt.entity.js';
import { newAttempt } from './attempt.js';

/** What becomes of a payment whose money came after all. */
export interface Kept {
  readonly payment: PaymentRow;
  readonly changes: Changes;
}

/** Under this route stand the attempts that nobody asked for: they give back what came too late. */
export const GIVING_BACK = 'giveBackLateMoney';

/**
 * Money that came of a payment which had counted as declined: what is still due of the bill it pays, and what the guests have
 * paid otherwise meanwhile goes back by itself. Either way somebody is told.
 * @param payment as it stands with its money
 * @param bill as it was without it
 */
export function keptOfLateMoney(payment: PaymentRow, bill: BillRow, attempt: AttemptRow): Kept {
  const surplus = Math.max(0, payment.amount - dueOn(bill));
  const task = newTask(payment, { kind: 'paid_late', subjectId: attempt.id });
  if (surplus === 0) return { payment, changes: { newTasks: [task] } };
  const giving = { endpoint: { id: GIVING_BACK }, idempotency: { key: attempt.id } };
  if (payment.status === 'authorized') {
    const letting = newAttempt(giving, 'void', payment, payment);
    return { payment, changes: { newTasks: [task], newAttempts: [atOnce(letting)] } };
  }
  const part: Part = { amount: surplus, tip: surplus === payment.amount ? payment.tip : 0 };
  const refund = newLateRefund(payment, part);
  const attempts = [atOnce(newAttempt(giving, 'refund', payment, refund, refund))];
  return {
    payment: holding(payment, part),
    changes: { newTasks: [task], newRefunds: [refund], newAttempts: attempts },
  };
}

/** Nobody waits for it: the resolver asks. */
const atOnce = (attempt: AttemptRow): AttemptRow => ({ ...attempt, nextLookAt: new Date() });

const newLateRefund = (payment: PaymentRow, { amount, tip }: Part): RefundRow => ({
  organizationId: payment.organizationId,
  id: newId(),
  paymentId: payment.id,
  status: 'pending',
  currency: payment.currency,
  amount,
  tip,
  rounding: 0,
  fee: 0,
  tax: 0,
  returnId: null,
  claimedTax: null,
  reason: 'Paid late: the bill had been paid otherwise.',
  declineCode: null,
  businessDate: payment.businessDate,
  occurredAt: payment.occurredAt,
  recordedAt: new Date(),
});
