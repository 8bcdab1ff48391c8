import { runPrepared, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { LedgerTransactionRow } from './ledger.entity.js';
import type { Posting } from './postings.js';

/** A transaction with its legs, in one currency. */
export interface LedgerEntry extends LedgerTransactionRow {
  readonly currency: string;
  readonly postings: readonly Posting[];
}

/** Posts transactions with all their legs in one statement: at its end the database checks that each sums to zero. */
export async function post(tx: Tx, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length > 0) await runPrepared(tx, POST, [JSON.stringify(entries)]);
}

const POST = {
  name: 'ledger.post',
  text: `
    with given as (
      select * from json_to_recordset($1::json) as given ("organizationId" uuid, id uuid, kind text, "locationId" uuid,
        "orderId" uuid, "paymentId" uuid, "refundId" uuid, "businessDate" date, "occurredAt" timestamptz,
        "recordedAt" timestamptz, currency text, postings json)
    ), posted as (
      insert into ledger_transactions (organization_id, id, kind, location_id, order_id, payment_id, refund_id,
        business_date, occurred_at, recorded_at)
      select "organizationId", id, kind, "locationId", "orderId", "paymentId", "refundId", "businessDate", "occurredAt",
        "recordedAt" from given
    )
    insert into ledger_postings (organization_id, transaction_id, account, currency, amount_minor)
    select "organizationId", id, account, currency, amount
    from given, json_to_recordset(postings) as leg (account text, amount bigint)`,
};

/**
 * How many of the transactions of the last minute, a thousand of them at most, have legs that do not sum to zero in each
 * currency. The database lets none in; a restore, or a hand in the tables, might.
 */
export async function unbalanced(worker: DataSource): Promise<number> {
  const [row] = await worker.sql<{ transactions: number }[]>`
    with newest as (
      select organization_id, id from ledger_transactions where recorded_at > now() - interval '1 minute' limit 1000
    )
    select count(distinct id)::int as transactions from (
      select leg.transaction_id as id from newest
      join ledger_postings leg on leg.organization_id = newest.organization_id and leg.transaction_id = newest.id
      group by leg.organization_id, leg.transaction_id, leg.currency having sum(leg.amount_minor) <> 0
    ) unbalanced`;
  return row?.transactions ?? 0;
}
