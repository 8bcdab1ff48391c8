import { publishMany } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import type { BillRow } from '../bills/bill.entity.js';
import { carrying, givenBack } from '../bills/bill.js';
import { lockBill, saveSettlement } from '../bills/bills.store.js';
import { bookCapture, bookRefund } from '../ledger/book.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { afterStep, type FeeTerms, type Step } from '../payments/payment.js';
import { enteredEvent } from '../payments/payment-facts.js';
import { lockPayment, savePayment } from '../payments/payments.store.js';
import type { Outcome } from '../provider/payment-provider.js';
import { gaveBack, released, returning } from '../refunds/refund.js';
import type { RefundRow } from '../refunds/refund.entity.js';
import { findRefund, saveRefund } from '../refunds/refunds.store.js';
import { ended, type Ending, isNews, isOpen, outcomeOf } from './attempt.js';
import type { AttemptRow } from './attempt.entity.js';
import { lockAttempt, saveAttempt } from './attempts.store.js';

/** How things stand after an attempt: as its ending made them, or as somebody who knew it earlier did. */
export interface Settled {
  readonly attempt: AttemptRow;
  readonly payment: PaymentRow;
  readonly refund: RefundRow | null;
  /** Whether this ending was news. */
  readonly news: boolean;
}

/**
 * Books how an attempt ended: attempt, payment or refund, bill, ledger and event in one transaction. The request that made
 * the attempt and the resolver may both come with an ending; the first one counts.
 */
export async function settle(
  tx: Tx,
  { id, paymentId, checkId, refundId }: AttemptRow,
  ending: Ending,
  fee: FeeTerms,
): Promise<Settled> {
  // One after the other on the wire: bill, payment, attempt, as everybody locks them.
  const [bill, payment, attempt] = await Promise.all([
    lockBill(tx, checkId),
    lockPayment(tx, paymentId),
    lockAttempt(tx, id),
  ]);
  const refund = refundId === null ? null : await findRefund(tx, refundId);
  if (!isNews(attempt, ending)) return { attempt, payment, refund, news: false };
  const after = ended(attempt, ending);
  const { kind } = attempt;
  const [changed] = await Promise.all([
    kind === 'refund'
      ? settleRefund(tx, { attempt, payment, refund, bill }, outcomeOf(ending))
      : settleStep(tx, { attempt: { ...attempt, kind }, payment, bill }, outcomeOf(ending), fee),
    saveAttempt(tx, after),
  ]);
  return { payment, refund, ...changed, attempt: after, news: true };
}

/** A charge, authorisation, capture or void has ended. */
async function settleStep(
  tx: Tx,
  { attempt, payment, bill }: { attempt: AttemptRow & { kind: Step }; payment: PaymentRow; bill: BillRow },
  outcome: Outcome,
  fee: FeeTerms,
): Promise<Partial<Settled>> {
  const after = afterStep(payment, attempt, outcome, { bill, fee });
  if (after.status === payment.status) return {};
  await Promise.all([
    savePayment(tx, after),
    saveSettlement(tx, carrying(bill, payment, after)),
    after.status === 'captured'
      ? bookCapture(tx, after, outcome.kind === 'approved' ? outcome.fee : 0)
      : publishMany(tx, [enteredEvent(after, attempt.occurredAt)]),
  ]);
  return { payment: after };
}

/** A refund has ended. Only money that went back is told of; one that failed frees what it held. */
async function settleRefund(
  tx: Tx,
  {
    attempt,
    payment,
    refund,
    bill,
  }: { attempt: AttemptRow; payment: PaymentRow; refund: RefundRow | null; bill: BillRow },
  outcome: Outcome,
): Promise<Partial<Settled>> {
  if (!refund) throw new Error('The attempt of a refund has one.');
  const free = isOpen(attempt.status) ? released(payment, refund) : payment;
  switch (outcome.kind) {
    case 'unknown': {
      const after: RefundRow = { ...refund, status: 'unknown' };
      await saveRefund(tx, after);
      return { refund: after };
    }
    case 'declined': {
      const after: RefundRow = { ...refund, status: 'failed', declineCode: outcome.code };
      await Promise.all([saveRefund(tx, after), savePayment(tx, free)]);
      return { refund: after, payment: free };
    }
    case 'approved': {
      const after: RefundRow = { ...refund, status: 'succeeded', declineCode: null, ...returning(free, refund) };
      const returned = gaveBack(free, refund);
      await Promise.all([
        saveRefund(tx, after),
        savePayment(tx, returned),
        saveSettlement(tx, givenBack(bill, after)),
        bookRefund(tx, returned, after, outcome.fee),
      ]);
      return { refund: after, payment: returned };
    }
  }
}
