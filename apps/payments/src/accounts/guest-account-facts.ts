import type { GuestAccount, GuestAccountEntry } from '@comanda/contracts';
import { inCurrency } from '../amounts.js';
import { spendable } from './guest-account.js';
import type { GuestAccountEntryRow, GuestAccountRow } from './guest-account.entity.js';

/** A gift card or house account as it is answered. */
export function toGuestAccount(row: GuestAccountRow): GuestAccount {
  const { id, kind, status, name, last4, expiresOn, version } = row;
  const of = inCurrency(row.currency);
  return {
    id,
    kind,
    status,
    name,
    last4,
    balance: of(row.balance),
    limit: of(row.limit),
    available: of(spendable(row)),
    expiresOn,
    version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What moved an account, as it is answered. */
export function toEntry(row: GuestAccountEntryRow, currency: string): GuestAccountEntry {
  const { id, kind, paymentId, locationId, businessDate } = row;
  return {
    id,
    kind,
    amount: inCurrency(currency)(row.amount),
    paymentId,
    locationId,
    businessDate,
    occurredAt: row.occurredAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
  };
}
