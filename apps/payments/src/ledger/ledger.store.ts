import { runPrepared, type Tx } from '@comanda/platform';
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
