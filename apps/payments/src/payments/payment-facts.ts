import {
  type Payment,
  PaymentAuthorized,
  PaymentCaptured,
  PaymentFailed,
  PaymentUnknown,
  PaymentVoided,
} from '@comanda/contracts';
import { type Cause, newEvent, type NewEvent } from '@comanda/events';
import { inCurrency } from '../amounts.js';
import { feeKept, refundedOf } from '../refunds/refund.js';
import type { PaymentRow } from './payment.entity.js';

/** A payment as it is answered, and as its events tell it. */
export function toPayment(row: PaymentRow): Payment {
  const { id, locationId, orderId, checkId, method, status, offline, businessDate, takenBy, version } = row;
  const of = inCurrency(row.currency);
  const collected = status === 'captured' ? row.amount + row.rounding + row.tip : 0;
  return {
    id,
    locationId,
    orderId,
    checkId,
    method,
    status,
    amount: of(row.amount),
    rounding: of(row.rounding),
    tip: of(row.tip),
    collected: of(collected),
    tendered: row.tendered === null ? null : of(row.tendered),
    change: row.change === null ? null : of(row.change),
    refunded: of(status === 'captured' ? refundedOf(row) : 0),
    fee: of(feeKept(row)),
    held: (status === 'authorized' || status === 'unknown') && row.authorized > 0 ? of(row.authorized) : null,
    card: row.cardBrand !== null && row.cardLast4 !== null ? { brand: row.cardBrand, last4: row.cardLast4 } : null,
    account: accountOf(row),
    disputed: row.disputeStatus === null ? null : { status: row.disputeStatus, amount: of(row.disputed) },
    code: codeOf(row),
    providerReference: row.providerReference,
    declineCode: row.declineCode,
    offline,
    businessDate,
    takenBy,
    occurredAt: row.occurredAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    version,
  };
}

function codeOf({ status, codeContent: content, codeExpiresAt }: PaymentRow): Payment['code'] {
  if (content === null || codeExpiresAt === null || (status !== 'pending' && status !== 'unknown')) return null;
  return { content, expiresAt: codeExpiresAt.toISOString() };
}

function accountOf({ accountId: id, loads, method }: PaymentRow): Payment['account'] {
  if (id === null) return null;
  if (loads !== null) return { id, kind: loads, loaded: true };
  return method === 'gift_card' || method === 'house_account' ? { id, kind: method, loaded: false } : null;
}

/** The event of a state that a payment has entered; a payment becomes pending without one. */
export function enteredEvent(row: PaymentRow, occurredAt: Date, cause?: Cause): NewEvent {
  if (row.status === 'pending') throw new Error('A pending payment has not been told of.');
  return newEvent(ENTERED[row.status], toPayment(row), { version: row.version, occurredAt, cause });
}

const ENTERED = {
  authorized: PaymentAuthorized,
  captured: PaymentCaptured,
  declined: PaymentFailed,
  voided: PaymentVoided,
  unknown: PaymentUnknown,
} as const;
