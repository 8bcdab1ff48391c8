import type { Cause } from '@comanda/events';
import { lockRows, together, type Tx } from '@comanda/platform';
import { holdOf } from '../accounts/guest-account.js';
import { BillEntity, type BillRow } from '../bills/bill.entity.js';
import { carrying, givenBack } from '../bills/bill.js';
import { type Changes, write } from '../changes.js';
import { captureBooked, refundBooked } from '../ledger/book.js';
import { PaymentEntity, type PaymentRow } from '../payments/payment.entity.js';
import { afterStep, type FeeTerms, holdingMore, isLateDecline, reserved, type Step } from '../payments/payment.js';
import { enteredEvent } from '../payments/payment-facts.js';
import type { Outcome } from '../provider/payment-provider.js';
import { gaveBack, released, returning } from '../refunds/refund.js';
import { RefundEntity, type RefundRow } from '../refunds/refund.entity.js';
import { newTask, type Subject } from '../tasks/task.js';
import { ended, type Ending, isLate, isNews, isOpen, outcomeOf, type SaidBy } from './attempt.js';
import { keptOfLateMoney } from './late-money.js';
import { AttemptEntity, type AttemptRow } from './attempt.entity.js';

/** How an attempt ended, as somebody says, and what the platform keeps of it. */
export interface Ended {
  readonly attempt: Pick<AttemptRow, 'id' | 'paymentId' | 'checkId' | 'refundId'>;
  readonly ending: Ending;
  readonly fee: FeeTerms;
  /** Where a person said it. */
  readonly by?: SaidBy;
  /** The request whose trace it belongs to. */
  readonly cause?: Cause;
}

/** How things stand after an attempt: as its ending made them, or as somebody who knew it earlier did. */
export interface Settled {
  readonly attempt: AttemptRow;
  readonly payment: PaymentRow;
  readonly refund: RefundRow | null;
  /** Whether this ending was news. */
  readonly news: boolean;
  /** How the attempt stood until then. */
  readonly before: AttemptRow['status'];
}

/**
 * Books how attempts ended: attempts, payments or refunds, bills, ledger and events in one transaction. The request that
 * made an attempt and the resolver may both come with an ending; the first one counts. No two may be of one bill.
 */
export async function settle(tx: Tx, endings: readonly Ended[]): Promise<Settled[]> {
  const ids = (of: 'checkId' | 'paymentId' | 'id'): string[] => endings.map(({ attempt }) => attempt[of]);
  // One after the other on the wire: bills, payments, attempts, as everybody locks them.
  const [bills, payments, attempts, refunds] = await together(
    lockRows(tx, BillEntity, 'checkId', ids('checkId')),
    lockRows(tx, PaymentEntity, 'id', ids('paymentId')),
    lockRows(tx, AttemptEntity, 'id', ids('id')),
    lockRows(
      tx,
      RefundEntity,
      'id',
      endings.flatMap(({ attempt }) => attempt.refundId ?? []),
    ),
  );
  const decided = endings.map(({ attempt: { id, checkId, paymentId, refundId }, ending, fee, by, cause }) => {
    const [bill, payment, attempt] = [bills.get(checkId), payments.get(paymentId), attempts.get(id)];
    if (!bill || !payment || !attempt) throw new Error(`The attempt ${id} has no bill, or no payment.`);
    const refund = refundId === null ? null : (refunds.get(refundId) ?? null);
    return settled({ bill, payment, attempt, refund, fee, by, cause }, ending);
  });
  await write(
    tx,
    decided.map(({ changes }) => changes),
  );
  return decided.map(({ changes: _, ...after }) => after);
}

/** What an attempt concerns, locked. */
interface Concerned {
  readonly bill: BillRow;
  readonly payment: PaymentRow;
  readonly attempt: AttemptRow;
  readonly refund: RefundRow | null;
  readonly fee: FeeTerms;
  readonly by: SaidBy | undefined;
  readonly cause: Cause | undefined;
}

/** How things stand after an ending, and what that changes. */
function settled(before: Concerned, ending: Ending): Settled & { readonly changes: Changes } {
  const { attempt, payment, refund } = before;
  const unmoved = { attempt, payment, refund, before: attempt.status };
  if (!isNews(attempt, ending) || isOvertaken(before)) return { ...unmoved, news: false, changes: {} };
  const after = { ...ended(attempt, ending), ...before.by };
  const outcome = outcomeOf(ending);
  const { changes, ...moved } = movedBy(before, outcome);
  const attempts = [after];
  return { ...unmoved, ...moved, attempt: after, news: true, changes: { ...changes, attempts } };
}

/** Whether a late ending of a step comes after another step has moved the payment on. */
function isOvertaken({ attempt, payment }: Concerned): boolean {
  if (!isLate(attempt.status)) return false;
  switch (attempt.kind) {
    case 'charge':
    case 'authorize':
      return payment.status !== 'declined';
    case 'increment':
    case 'capture':
    case 'void':
      return payment.status !== 'authorized';
    case 'refund':
      return false;
  }
}

interface Moved {
  readonly payment?: PaymentRow;
  readonly refund?: RefundRow;
  readonly changes: Changes;
}

function movedBy(before: Concerned, outcome: Outcome): Moved {
  const { kind } = before.attempt;
  switch (kind) {
    case 'charge':
    case 'authorize':
    case 'capture':
    case 'void':
      return stepped(before, kind, outcome);
    case 'increment':
      return grown(before, outcome);
    case 'refund':
      return refunded(before, outcome);
  }
}

/** A charge, authorisation, capture or void has ended. */
function stepped({ attempt, payment, bill, fee, cause }: Concerned, kind: Step, outcome: Outcome): Moved {
  const after = afterStep(payment, { ...attempt, kind }, outcome, { bill, fee });
  if (after.status === payment.status) {
    // The guest has a code now; or what was to be captured of a tab is nobody's part of the bill again.
    if (outcome.kind === 'waiting') return { payment: after, changes: { payments: [after] } };
    return { payment: after, changes: reserved(payment, bill, after.amount) };
  }
  const told =
    after.status === 'captured'
      ? captureBooked(after, outcome.kind === 'approved' ? outcome.fee : 0, cause)
      : { events: [enteredEvent(after, attempt.occurredAt, cause)] };
  const late = { kind: 'late_decline', subjectId: payment.id } as const;
  const tasks: Changes = {
    newTasks: isLateDecline(after) ? [newTask(after, late)] : [],
    settledTasks: [...(isLateDecline(payment) ? [late] : []), ...noLongerHolding(payment, after)],
  };
  const bills = [carrying(bill, payment, after)];
  if (!isLate(attempt.status) || (kind !== 'charge' && kind !== 'authorize'))
    return { payment: after, changes: { ...told, ...tasks, bills, payments: [after] } };
  const kept = keptOfLateMoney(after, bill, attempt);
  const newTasks = [...(tasks.newTasks ?? []), ...(kept.changes.newTasks ?? [])];
  const changes = { ...told, ...tasks, ...kept.changes, newTasks, bills, payments: [kept.payment] };
  return { payment: kept.payment, changes };
}

/**
 * Of an authorisation that is captured or let go nobody has to know any more that it expires, a young one was never told of,
 * nor that its tab has outgrown it.
 */
function noLongerHolding({ id, status, hold, recordedAt }: PaymentRow, after: PaymentRow): Subject[] {
  if (status !== 'authorized' || after.status === 'authorized') return [];
  return [
    ...(Date.now() - recordedAt.getTime() < DAY ? [] : [{ kind: 'authorization_expiring', subjectId: id } as const]),
    ...(hold === null ? [] : [{ kind: 'tab_outgrown', subjectId: id } as const]),
  ];
}

const DAY = 86_400_000;

/** The card of a tab was asked to hold more. What it holds is as it was until it is known that it is more. */
function grown({ attempt, payment, cause }: Concerned, outcome: Outcome): Moved {
  const outgrown = { kind: 'tab_outgrown', subjectId: payment.id } as const;
  switch (outcome.kind) {
    case 'waiting':
    case 'unknown':
      return { changes: {} };
    case 'declined':
      return { changes: { newTasks: [newTask(payment, outgrown, { amount: attempt.amount })] } };
    case 'approved': {
      const after = holdingMore(payment, attempt.amount, outcome);
      const events = [enteredEvent(after, attempt.occurredAt, cause)];
      return { payment: after, changes: { payments: [after], events, settledTasks: [outgrown] } };
    }
  }
}

/** A refund has ended. Only money that went back is told of; one that failed frees what it held. */
function refunded({ attempt, payment, refund, bill, cause }: Concerned, outcome: Outcome): Moved {
  if (!refund) throw new Error('The attempt of a refund has one.');
  const free = isOpen(attempt.status) ? released(payment, refund) : payment;
  const held = isOpen(attempt.status) ? holdOf(payment, 0 - refund.amount) : [];
  switch (outcome.kind) {
    case 'waiting':
    case 'unknown': {
      const after: RefundRow = { ...refund, status: 'unknown' };
      return { refund: after, changes: { refunds: [after] } };
    }
    case 'declined': {
      const after: RefundRow = { ...refund, status: 'failed', declineCode: outcome.code };
      return { refund: after, payment: free, changes: { refunds: [after], payments: [free], held } };
    }
    case 'approved': {
      const after: RefundRow = { ...refund, status: 'succeeded', declineCode: null, ...returning(free, refund, bill) };
      const returned = gaveBack(free, refund);
      const told = refundBooked(returned, after, outcome.fee, cause);
      const changes = { ...told, refunds: [after], payments: [returned], bills: [givenBack(bill, after)], held };
      return { refund: after, payment: returned, changes };
    }
  }
}
