import { LedgerPosted, type LedgerTransaction } from '@comanda/contracts';
import { newEvent, type NewEvent, publishMany } from '@comanda/events';
import { newId, type Tx } from '@comanda/platform';
import { inCurrency } from '../amounts.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { enteredEvent } from '../payments/payment-facts.js';
import { refundedEvent } from '../refunds/refund-facts.js';
import type { RefundRow } from '../refunds/refund.entity.js';
import { type LedgerEntry, post } from './ledger.store.js';
import { captureLegs, type Posting, refundLegs } from './postings.js';

/** Posts a capture to the ledger and tells of it, in two statements. */
export function bookCapture(tx: Tx, payment: PaymentRow, providerFee: number): Promise<void> {
  const entry = entryOf(payment, null, captureLegs(payment, providerFee));
  return book(tx, entry, enteredEvent(payment, payment.occurredAt));
}

/** Posts a refund to the ledger and tells of it, in two statements. `payment` is as it stands after. */
export function bookRefund(tx: Tx, payment: PaymentRow, refund: RefundRow, providerFee: number): Promise<void> {
  const entry = entryOf(payment, refund, refundLegs({ ...refund, method: payment.method }, providerFee));
  return book(tx, entry, refundedEvent(payment, refund));
}

async function book(tx: Tx, entry: LedgerEntry, told: NewEvent): Promise<void> {
  const { recordedAt: _, ...facts } = { ...toLedgerTransaction(entry), currency: entry.currency };
  const posted = newEvent(LedgerPosted, facts, { version: 1, occurredAt: entry.occurredAt });
  await Promise.all([post(tx, entry), publishMany(tx, [told, posted])]);
}

function entryOf(payment: PaymentRow, refund: RefundRow | null, postings: Posting[]): LedgerEntry {
  const { organizationId, locationId, orderId, currency } = payment;
  const { occurredAt, businessDate } = refund ?? payment;
  return {
    organizationId,
    id: newId(),
    kind: refund ? 'refund' : 'capture',
    locationId,
    orderId,
    paymentId: payment.id,
    refundId: refund?.id ?? null,
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
