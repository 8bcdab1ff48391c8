import type { GuestAccountEntry, InputOf, OpenGuestAccount } from '@comanda/contracts';
import { money } from '@comanda/money';
import { type Caller, newId, Refusal } from '@comanda/platform';
import { dueOn, partOf } from '../bills/bill.js';
import type { BillRow } from '../bills/bill.entity.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import type { Asked, Tender } from '../payments/payment.js';
import type { RefundRow } from '../refunds/refund.entity.js';
import type { Held } from './guest-accounts.store.js';
import type { GuestAccountEntryRow, GuestAccountRow } from './guest-account.entity.js';

/** A gift card or house account with nothing on it. A gift card is known by the hash of its number. */
export function opened(
  { organizationId }: Caller,
  body: Opening,
  numberHash: string | null,
  last4: string | null,
): GuestAccountRow {
  const now = new Date();
  return {
    organizationId,
    id: body.id ?? newId(),
    kind: body.kind,
    status: 'active',
    name: body.kind === 'house_account' ? body.name : null,
    numberHash,
    last4,
    currency: body.kind === 'house_account' ? body.limit.currency : body.currency,
    balance: 0,
    held: 0,
    limit: body.kind === 'house_account' ? body.limit.amount : 0,
    expiresOn: body.kind === 'gift_card' ? body.expiresOn : null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

type Opening = InputOf<typeof OpenGuestAccount>['body'];

/**
 * An account of which something else is said. A gift card has neither name nor limit; a house account has no last day, and
 * its limit covers what the guest owes already.
 * @throws Refusal `account_state`, `balance_too_low`
 */
export function changed(
  account: GuestAccountRow,
  change: Partial<Pick<GuestAccountRow, 'status' | 'name' | 'limit' | 'expiresOn'>>,
): GuestAccountRow {
  const foreign = account.kind === 'gift_card' ? (['name', 'limit'] as const) : (['expiresOn'] as const);
  const [first] = foreign.filter((field) => change[field] !== undefined);
  if (first)
    throw new Refusal('account_state', `A ${account.kind.replace('_', ' ')} has no ${first}.`, { field: first });
  const after = { ...account, ...change, version: account.version + 1, updatedAt: new Date() };
  if (spendable(after) < 0) throw tooLow(account);
  return after;
}

/** What can be spent of an account: its balance down to its limit, less what refunds of loads under way will take. */
export const spendable = ({ balance, held, limit }: GuestAccountRow): number => balance - held + limit;

/**
 * What an account pays towards a bill, to the cent. A gift card of which no amount is asked pays what is due, or as much
 * of it as it holds beside the tip; a house account pays all that is asked for or nothing.
 * @param day the business day of the payment
 * @throws Refusal `account_state`, `currency_mismatch`, `tender_not_allowed`, `balance_too_low`, and as `partOf`
 */
export function accountTender(account: GuestAccountRow, bill: BillRow, asked: Asked, day: string): Tender {
  requireUsable(account, bill, day);
  const [left, due] = [spendable(account), dueOn(bill)];
  const most = account.kind === 'gift_card' ? left - asked.tip : due;
  if (asked.amount === undefined && due > 0 && most <= 0) throw tooLow(account);
  const amount = partOf(bill, asked.amount ?? (due > most ? most : undefined), asked.tip);
  if (amount + asked.tip > left) throw tooLow(account);
  return { amount, rounding: 0, tip: asked.tip, tendered: null, change: null };
}

/**
 * Whether what was put on an account may go back to the guest: what was spent of it meanwhile may not.
 * @throws Refusal `balance_too_low`
 */
export function requireUnspent(account: GuestAccountRow, amount: number): void {
  if (amount > spendable(account)) throw tooLow(account);
}

/** What a captured payment does to an account, if it does: a load puts its amount on it, a tender takes it off with the tip. */
export function movedBy(payment: PaymentRow): GuestAccountEntryRow[] {
  const { accountId, loads, amount, tip } = payment;
  if (accountId === null) return [];
  return [
    loads === null
      ? entryOf(payment, accountId, payment, 'payment', 0 - amount - tip)
      : entryOf(payment, accountId, payment, 'load', amount),
  ];
}

/** What a refund does to the account of its payment, if there is one: the opposite. */
export function movedBack(payment: PaymentRow, refund: RefundRow): GuestAccountEntryRow[] {
  const { accountId, loads } = payment;
  if (accountId === null) return [];
  return [
    loads === null
      ? entryOf(refund, accountId, payment, 'payment_refund', refund.amount + refund.tip)
      : entryOf(refund, accountId, payment, 'load_refund', 0 - refund.amount),
  ];
}

/** What a refund of a load holds of its account while the provider is asked; less than nothing lets go. */
export const holdOf = ({ accountId, loads }: PaymentRow, amount: number): Held[] =>
  accountId !== null && loads !== null ? [{ accountId, amount }] : [];

function requireUsable(account: GuestAccountRow, bill: BillRow, day: string): void {
  const { status, expiresOn, currency } = account;
  if (currency !== bill.currency)
    throw new Refusal('currency_mismatch', `The account is in ${currency}, the bill in ${bill.currency}.`, {
      currency,
    });
  if (bill.loads !== null)
    throw new Refusal('tender_not_allowed', 'What is put on an account is paid in cash or by card.');
  if (status === 'blocked') throw new Refusal('account_state', 'This account is blocked.', { status });
  if (expiresOn !== null && expiresOn < day)
    throw new Refusal('account_state', `This gift card could be used until ${expiresOn}.`, { expiresOn });
}

const tooLow = (account: GuestAccountRow): Refusal =>
  new Refusal('balance_too_low', 'There is not enough on this account.', {
    available: money(spendable(account), account.currency),
  });

function entryOf(
  { id, businessDate, occurredAt, recordedAt }: Pick<RefundRow, 'id' | 'businessDate' | 'occurredAt' | 'recordedAt'>,
  accountId: string,
  { organizationId, id: paymentId, locationId }: PaymentRow,
  kind: GuestAccountEntry['kind'],
  amount: number,
): GuestAccountEntryRow {
  return {
    organizationId,
    id,
    accountId,
    kind,
    amount,
    paymentId,
    locationId,
    businessDate,
    occurredAt,
    recordedAt,
  };
}
