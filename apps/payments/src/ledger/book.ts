import { LedgerPosted, type LedgerTransaction } from '@comanda/contracts';
import { type Cause, newEvent, type NewEvent } from '@comanda/events';
import { newId } from '@comanda/platform';
import { inCurrency } from '../amounts.js';
import { movedBack, movedBy } from '../accounts/guest-account.js';
import type { Changes } from '../changes.js';
import { disputedEvent } from '../disputes/dispute-facts.js';
import type { DisputeRow } from '../disputes/dispute.entity.js';
import type { When } from '../payments/payment.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { enteredEvent } from '../payments/payment-facts.js';
import { refundedEvent } from '../refunds/refund-facts.js';
import type { RefundRow } from '../refunds/refund.entity.js';
import type { LedgerEntry } from './ledger.store.js';
import { captureLegs, type Posting, refundLegs } from './postings.js';

type Booked = Pick<Changes, 'entries' | 'events' | 'newAccountEntries'>;

/** What a capture posts to the ledger, what it does to a guest's account, and what is told of it. */
export function captureBooked(payment: PaymentRow, providerFee: number, cause: Cause | undefined): Booked {
  const entry = entryOf(payment, { ...payment, kind: 'capture', refundId: null }, captureLegs(payment, providerFee));
  return {
    ...booked(entry, enteredEvent(payment, payment.occurredAt, cause), cause),
    newAccountEntries: movedBy(payment),
  };
}

/** What a refund posts to the ledger, what it does to a guest's account, and what is told of it. `payment` is as it stands after. */
export function refundBooked(
  payment: PaymentRow,
  refund: RefundRow,
  providerFee: number,
  cause?: Cause,
  legs: Posting[] = refundLegs({ ...refund, method: payment.method, loads: payment.loads }, providerFee),
): Booked {
  const entry = entryOf(payment, { ...refund, kind: 'refund', refundId: refund.id }, legs);
  return {
    ...booked(entry, refundedEvent(payment, refund, cause), cause),
    newAccountEntries: movedBack(payment, refund),
  };
}

/** What a dispute that is opened or closed posts to the ledger, and what is told of it. `payment` is as it stands after. */
export function disputeBooked(
  payment: PaymentRow,
  dispute: DisputeRow,
  when: When,
  legs: Posting[],
): Pick<Changes, 'entries' | 'events'> {
  const told = disputedEvent(payment, dispute, when.occurredAt);
  if (legs.length === 0) return { events: [told] };
  return booked(entryOf(payment, { ...when, kind: 'dispute', refundId: null }, legs), told, undefined);
}

function booked(entry: LedgerEntry, told: NewEvent, cause: Cause | undefined): Pick<Changes, 'entries' | 'events'> {
  const { recordedAt: _, ...facts } = { ...toLedgerTransaction(entry), currency: entry.currency };
  const posted = newEvent(LedgerPosted, facts, { version: 1, occurredAt: entry.occurredAt, cause });
  return { entries: [entry], events: [told, posted] };
}

type Moved = Pick<LedgerEntry, 'kind' | 'refundId'> & When;

function entryOf(payment: PaymentRow, moved: Moved, postings: Posting[]): LedgerEntry {
  const { organizationId, locationId, orderId, currency } = payment;
  const { kind, refundId, occurredAt, businessDate } = moved;
  return {
    organizationId,
    id: newId(),
    kind,
    locationId,
    orderId,
    paymentId: payment.id,
    refundId,
    businessDate,
    currency,
    postings,
    occurredAt,
    recordedAt: new Date(),
  };
}

/** A transaction as it is answered. */
export function toLedgerTransaction(entry: LedgerEntry): LedgerTransaction {
  const { id, kind, locationId, orderId, paymentId, refundId, businessDate, currency, postings } = entry;
  const of = inCurrency(currency);
  return {
    id,
    kind,
    locationId,
    orderId,
    paymentId,
    refundId,
    businessDate,
    postings: postings.map(({ account, amount }) => ({ account, amount: of(amount) })),
    occurredAt: entry.occurredAt.toISOString(),
    recordedAt: entry.recordedAt.toISOString(),
  };
}
