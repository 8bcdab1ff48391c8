import type { Tx } from '@comanda/platform';
import type { Claimed } from './claim.js';

/**
 * Locks a return until the transaction ends: its claim may be answered by payments of several checks, which have no row in
 * common. Before any bill is locked.
 */
export async function lockReturn(tx: Tx, returnId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('payments.return:' || ${returnId}, 0))`;
}

/** What refunds have given back of a return that is locked, or are giving back. */
export async function claimedBefore(tx: Tx, returnId: string): Promise<Claimed> {
  const [row] = await tx.sql<[Claimed]>`
    select coalesce(sum(amount_minor), 0)::bigint as amount, coalesce(sum(claimed_tax_minor), 0)::bigint as tax
    from refunds where return_id = ${returnId} and status <> 'failed'`;
  return row;
}
