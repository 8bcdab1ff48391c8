import type { BillRow } from '../bills/bill.entity.js';
import type { PaymentsConfig } from '../payments.config.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { collectable } from '../payments/payment.js';
import { newTask } from '../tasks/task.js';
import type { TaskRow } from '../tasks/task.entity.js';

export type Policy = PaymentsConfig['PAYMENT_OPEN_AUTHORIZATIONS'];
export type Step = { readonly kind: 'capture'; readonly amount: number } | { readonly kind: 'void' } | null;

/**
 * What becomes of an authorisation that nobody has captured when its location has closed: what the guest owes of it is
 * captured, with the tip that was added; nothing owed is let go.
 */
export function atClosing(payment: PaymentRow, bill: BillRow, policy: Policy): Step {
  switch (policy) {
    case 'keep':
      return null;
    case 'void':
      return { kind: 'void' };
    case 'capture': {
      const amount = collectable(payment, bill);
      return amount + payment.tip === 0 ? { kind: 'void' } : { kind: 'capture', amount };
    }
  }
}

/**
 * What somebody has to know of an authorisation: that it was open when its location closed, and on its last day, that the
 * provider will let it go.
 * @param day the business day at its location now
 * @param lastsDays for how many days providers hold
 */
export function alertsFor(payment: PaymentRow, day: string, lastsDays: number, now: Date): TaskRow[] {
  const { id: subjectId, recordedAt } = payment;
  const dueAt = new Date(recordedAt.getTime() + lastsDays * DAY);
  const expiring = now.getTime() > dueAt.getTime() - DAY;
  return [
    ...(payment.businessDate < day ? [newTask(payment, { kind: 'authorization_open', subjectId }, { dueAt })] : []),
    ...(expiring ? [newTask(payment, { kind: 'authorization_expiring', subjectId }, { dueAt })] : []),
  ];
}

const DAY = 86_400_000;
