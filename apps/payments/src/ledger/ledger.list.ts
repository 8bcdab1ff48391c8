import type { Account, AnswerOf, InputOf, ListLedger, ReadBalances } from '@comanda/contracts';
import { type Caller, pageOf, positionOf, type Tx } from '@comanda/platform';
import { z } from 'zod';
import { toLedgerTransaction } from './book.js';
import type { LedgerEntry } from './ledger.store.js';

/** A page of the ledger that the caller may see, newest first: ids are minted in the order of time. */
export async function listLedger(
  tx: Tx,
  { locations }: Caller,
  { limit, cursor, locationId, businessDate, orderId, paymentId }: InputOf<typeof ListLedger>['query'],
): Promise<AnswerOf<typeof ListLedger>> {
  const [before] = positionOf(cursor, Position) ?? [];
  const rows = await tx.sql<LedgerEntry[]>`
    select organization_id as "organizationId", id, kind, location_id as "locationId", order_id as "orderId",
      payment_id as "paymentId", refund_id as "refundId", business_date as "businessDate", occurred_at as "occurredAt",
      recorded_at as "recordedAt", legs.currency, legs.postings
    from ledger_transactions entry cross join lateral (
      select min(currency) as currency, json_agg(json_build_object('account', account, 'amount', amount_minor) order by amount_minor desc, account) as postings
      from ledger_postings posting where posting.organization_id = entry.organization_id and posting.transaction_id = entry.id) legs
    where (${before ?? null}::uuid is null or id < ${before ?? null}::uuid)
      and (${locationId ?? null}::uuid is null or location_id = ${locationId ?? null}::uuid)
      and (${businessDate ?? null}::date is null or business_date = ${businessDate ?? null}::date)
      and (${orderId ?? null}::uuid is null or order_id = ${orderId ?? null}::uuid)
      and (${paymentId ?? null}::uuid is null or payment_id = ${paymentId ?? null}::uuid)
      and (${locations && [...locations]}::uuid[] is null or location_id = any(${locations && [...locations]}::uuid[]))
    order by id desc limit ${limit + 1}`;
  return pageOf(rows, limit, ({ id }) => [id], toLedgerTransaction);
}

/** The sums of the accounts, over all business days or those from one to another. */
export async function readBalances(
  tx: Tx,
  { locations }: Caller,
  { locationId, from, to }: InputOf<typeof ReadBalances>['query'],
): Promise<AnswerOf<typeof ReadBalances>> {
  const rows = await tx.sql<{ account: Account; currency: string; amount: number }[]>`
    select account, currency, sum(amount_minor)::bigint as amount
    from ledger_transactions entry
      join ledger_postings posting on posting.organization_id = entry.organization_id and posting.transaction_id = entry.id
    where (${locationId ?? null}::uuid is null or location_id = ${locationId ?? null}::uuid)
      and (${from ?? null}::date is null or business_date >= ${from ?? null}::date)
      and (${to ?? null}::date is null or business_date <= ${to ?? null}::date)
      and (${locations && [...locations]}::uuid[] is null or location_id = any(${locations && [...locations]}::uuid[]))
    group by account, currency order by currency, account`;
  return { data: rows.map(({ account, ...balance }) => ({ account, balance })) };
}

const Position = z.tuple([z.uuid()]);
