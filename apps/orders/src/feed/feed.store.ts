import type { OrderFacts } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { type Row, toKept } from '../orders/order.store.js';
import type { Cursor } from './cursor.js';

/** An order as it stands, at its place in the feed. */
export interface Told {
  readonly cursor: Cursor;
  readonly facts: OrderFacts;
}

/** The orders of a location that changed after a cursor, in the order of the transactions that changed them last. */
export async function changesAfter(tx: Tx, locationId: string, after: Cursor, limit: number): Promise<Told[]> {
  const rows = await tx.sql<(Row & { changed_in: number })[]>`
    select id, organization_id, location_id, business_date, number, status, payment_status, customer_id, external_id,
      version, occurred_at, recorded_at, document, changed_in
    from orders
    where location_id = ${locationId} and (changed_in, id) > (${after.transaction}::bigint, ${after.orderId}::uuid)
      and changed_in < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
    order by changed_in, id
    limit ${limit}`;
  return rows.map((row) => ({ cursor: { transaction: row.changed_in, orderId: row.id }, facts: toKept(row).facts }));
}

/** The oldest transaction that is going on: all before it have ended. */
export async function oldestGoingOn(tx: Tx): Promise<number> {
  const [row] = await tx.sql<{ oldest: number }[]>`
    select (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint as oldest`;
  return row?.oldest ?? 0;
}

/**
 * Which of these locations have an order that a transaction from `since` on has changed, and from where to ask next
 * time. Over all organizations: the worker's data source.
 */
export async function changedLocations(
  worker: DataSource,
  locationIds: readonly string[],
  since: number,
): Promise<{ changed: string[]; next: number }> {
  const [row] = await worker.sql<{ changed: string[]; next: number }[]>`
    select (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint as next,
      array(select distinct location_id from orders
        where location_id = any(${locationIds}::uuid[]) and changed_in >= ${since}::bigint)::text[] as changed`;
  return row ?? { changed: [], next: since };
}
