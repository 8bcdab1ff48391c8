import type { Tx } from '@comanda/platform';
import type { LedgerTransactionRow } from './ledger.entity.js';
import type { Posting } from './postings.js';

/** A transaction with its legs, in one currency. */
export interface LedgerEntry extends LedgerTransactionRow {
  readonly currency: string;
  readonly postings: readonly Posting[];
}

/** Posts a transaction with all its legs in one statement: at its end the database checks that they sum to zero. */
export async function post(tx: Tx, entry: LedgerEntry): Promise<void> {
  await tx.sql`
    with posted as (
      insert into ledger_transactions (organization_id, id, kind, location_id, order_id, payment_id, refund_id, business_date,
        occurred_at, recorded_at)
      values (${entry.organizationId}, ${entry.id}, ${entry.kind}, ${entry.locationId}, ${entry.orderId}, ${entry.paymentId},
        ${entry.refundId}, ${entry.businessDate}, ${entry.occurredAt}, ${entry.recordedAt}))
    insert into ledger_postings (organization_id, transaction_id, account, currency, amount_minor)
    select ${entry.organizationId}, ${entry.id}, account, ${entry.currency}, amount
    from jsonb_to_recordset(${JSON.stringify(entry.postings)}) as leg (account text, amount bigint)`;
}
