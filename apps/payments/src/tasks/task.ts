import type { PaymentTask, PaymentTaskKind } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { inCurrency } from '../amounts.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import type { TaskRow } from './task.entity.js';

/** What a task is about. */
export interface Subject {
  readonly kind: PaymentTaskKind;
  /** The payment, or its attempt or dispute: a task of a kind is raised once for each. */
  readonly subjectId: string;
}

/**
 * A task about a payment.
 * @param at how much is at stake, in minor units (all of it, tip included, unless said), and until when something can be done
 */
export function newTask(
  payment: PaymentRow,
  { kind, subjectId }: Subject,
  { amount = stakeOf(payment), dueAt = null }: { amount?: number; dueAt?: Date | null } = {},
): TaskRow {
  const { organizationId, locationId, orderId, checkId, id: paymentId, currency } = payment;
  return {
    organizationId,
    id: newId(),
    kind,
    locationId,
    orderId,
    checkId,
    paymentId,
    subjectId,
    currency,
    amount,
    dueAt,
    raisedAt: new Date(),
    doneAt: null,
    doneBy: null,
  };
}

/** Of a card that holds for a tab it is all that is held. */
const stakeOf = ({ amount, tip, hold, authorized }: PaymentRow): number =>
  hold !== null && amount === 0 ? authorized : amount + tip;

/** A task as it is answered. */
export function toPaymentTask(row: TaskRow): PaymentTask {
  const { id, kind, locationId, orderId, checkId, paymentId, subjectId, dueAt, raisedAt, doneAt, doneBy } = row;
  return {
    id,
    kind,
    status: doneAt === null ? 'open' : 'done',
    locationId,
    orderId,
    checkId,
    paymentId,
    subjectId,
    amount: inCurrency(row.currency)(row.amount),
    dueAt: dueAt?.toISOString() ?? null,
    raisedAt: raisedAt.toISOString(),
    doneAt: doneAt?.toISOString() ?? null,
    doneBy,
  };
}
