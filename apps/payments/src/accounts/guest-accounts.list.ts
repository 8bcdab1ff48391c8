import type { AnswerOf, InputOf, ListGuestAccountEntries, ListGuestAccounts, ReadStatement } from '@comanda/contracts';
import { pageOf, positionOf, type Tx } from '@comanda/platform';
import { z } from 'zod';
import { inCurrency } from '../amounts.js';
import {
  GuestAccountEntity,
  GuestAccountEntryEntity,
  type GuestAccountEntryRow,
  type GuestAccountRow,
} from './guest-account.entity.js';
import { toEntry, toGuestAccount } from './guest-account-facts.js';

/** A page of gift cards and house accounts, newest first. */
export async function listAccounts(
  tx: Tx,
  { limit, cursor, ...filter }: InputOf<typeof ListGuestAccounts>['query'],
): Promise<AnswerOf<typeof ListGuestAccounts>> {
  const rows = tx
    .createQueryBuilder(GuestAccountEntity, 'account')
    .orderBy({ 'account.createdAt': 'DESC', 'account.id': 'DESC' });
  for (const [field, value] of Object.entries(filter))
    if (value !== undefined) rows.andWhere(`account.${field} = :${field}`, { [field]: value });
  const after = positionOf(cursor, Position);
  if (after) rows.andWhere('(account.createdAt, account.id) < (:at, :id)', { at: after[0], id: after[1] });
  const page = await rows.limit(limit + 1).getMany();
  return pageOf(page, limit, ({ createdAt, id }) => [createdAt.toISOString(), id], toGuestAccount);
}

/** A page of what moved an account, newest first. */
export async function listEntries(
  tx: Tx,
  { id: accountId, currency }: GuestAccountRow,
  { limit, cursor, from, to }: InputOf<typeof ListGuestAccountEntries>['query'],
): Promise<AnswerOf<typeof ListGuestAccountEntries>> {
  const rows = tx
    .createQueryBuilder(GuestAccountEntryEntity, 'entry')
    .where('entry.accountId = :accountId', { accountId })
    .orderBy({ 'entry.recordedAt': 'DESC', 'entry.id': 'DESC' });
  if (from) rows.andWhere('entry.businessDate >= :from', { from });
  if (to) rows.andWhere('entry.businessDate <= :to', { to });
  const after = positionOf(cursor, Position);
  if (after) rows.andWhere('(entry.recordedAt, entry.id) < (:at, :id)', { at: after[0], id: after[1] });
  const page = await rows.limit(limit + 1).getMany();
  const position = ({ recordedAt, id }: GuestAccountEntryRow) => [recordedAt.toISOString(), id] as const;
  return pageOf(page, limit, position, (row) => toEntry(row, currency));
}

/** What business days came to on an account. */
export async function readStatement(
  tx: Tx,
  { id: accountId, currency }: GuestAccountRow,
  { from, to }: InputOf<typeof ReadStatement>['query'],
): Promise<AnswerOf<typeof ReadStatement>> {
  const [sums] = await tx.sql<[Record<'opening' | 'loaded' | 'spent', number>]>`
    select
      coalesce(sum(amount_minor) filter (where business_date < ${from ?? null}::date), 0)::bigint as opening,
      coalesce(sum(amount_minor) filter (where kind in ('load', 'load_refund')
        and business_date >= coalesce(${from ?? null}::date, '-infinity')), 0)::bigint as loaded,
      coalesce(-sum(amount_minor) filter (where kind in ('payment', 'payment_refund')
        and business_date >= coalesce(${from ?? null}::date, '-infinity')), 0)::bigint as spent
    from guest_account_entries
    where account_id = ${accountId} and business_date <= coalesce(${to ?? null}::date, 'infinity')`;
  const { opening, loaded, spent } = sums;
  const of = inCurrency(currency);
  return {
    accountId,
    opening: of(opening),
    loaded: of(loaded),
    spent: of(spent),
    closing: of(opening + loaded - spent),
  };
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);
