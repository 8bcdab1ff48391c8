import type { TransferStatus } from '@comanda/contracts';
import { type Caller, Refusal, type Tx } from '@comanda/platform';
import { TransferRow } from './transfer.entity.js';

/** Who may see a transfer: whoever may see one of its ends. @throws Refusal `not_found`, `location_forbidden` */
export async function readTransfer(tx: Tx, caller: Caller, id: string): Promise<TransferRow> {
  const row = await tx.findOneBy(TransferRow, { id });
  if (!row) throw new Refusal('not_found', 'There is no such transfer.');
  const { fromLocationId, toLocationId } = row;
  if (caller.locations && !caller.locations.has(fromLocationId) && !caller.locations.has(toLocationId))
    throw new Refusal('location_forbidden', 'The credential is valid for neither location.', { fromLocationId });
  return row;
}

/** Locks the transfer until the transaction ends, so that of two who receive it the second sees what the first left. */
export async function lockTransfer(tx: Tx, id: string): Promise<TransferRow> {
  const row = await tx.findOne(TransferRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new Refusal('not_found', 'There is no such transfer.');
  return row;
}

/** Stores the next version of a transfer. The caller holds its lock. */
export async function saveTransfer(tx: Tx, row: TransferRow, change: Partial<TransferRow>): Promise<TransferRow> {
  const changed = Object.assign(row, change, { version: row.version + 1, updatedAt: new Date() });
  await tx.update(TransferRow, { id: row.id }, changed);
  return changed;
}

/** Which transfers are asked for; null where it does not matter. */
export interface TransferFilter {
  /** From or to it. */
  readonly locationId: string | null;
  readonly status: TransferStatus | null;
  /** The locations the caller may see; null for all. */
  readonly within: readonly string[] | null;
}

/** Transfers, newest first, from a position on. */
export function transfersBefore(
  tx: Tx,
  { locationId, status, within }: TransferFilter,
  before: readonly [createdAt: string, id: string] | undefined,
  limit: number,
): Promise<TransferRow[]> {
  const [createdAt, id] = before ?? [null, null];
  return tx.sql<TransferRow[]>`
    select id, organization_id as "organizationId", from_location_id as "fromLocationId", to_location_id as "toLocationId", status,
      reason, lines, moves, version, shipped_at as "shippedAt", created_at as "createdAt", updated_at as "updatedAt"
    from transfers
    where (${locationId}::uuid is null or ${locationId}::uuid in (from_location_id, to_location_id))
      and (${status}::text is null or status = ${status}::text)
      and (${within}::uuid[] is null or from_location_id = any(${within}::uuid[]) or to_location_id = any(${within}::uuid[]))
      and (${createdAt}::timestamptz is null or (created_at, id) < (${createdAt}::timestamptz, ${id}::uuid))
    order by created_at desc, id desc limit ${limit}`;
}
