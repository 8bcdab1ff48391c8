import type { FloorPlan } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import type { KeptOrder } from '../orders/order.js';
import { type Row, toKept } from '../orders/order.store.js';

/** The plan of a location; the empty one with which every location begins is its first version. */
export async function readFloorPlan(tx: Tx, locationId: string): Promise<FloorPlan> {
  const [plan] = await tx.sql<FloorPlan[]>`
    select location_id as "locationId", areas, version from floor_plans where location_id = ${locationId}`;
  return plan ?? { locationId, areas: [], version: 1 };
}

/**
 * Replaces a version of a location's plan.
 * @returns false when it is not the version there is: of two who draw at once, one comes too late
 */
export async function replaceFloorPlan(tx: Tx, organizationId: string, plan: FloorPlan): Promise<boolean> {
  const areas = JSON.stringify(plan.areas);
  const rows = await tx.sql<unknown[]>`
    insert into floor_plans as plan (location_id, organization_id, areas, version, updated_at)
    values (${plan.locationId}, ${organizationId}, ${areas}::jsonb, ${plan.version}, now())
    on conflict (location_id) do update set areas = excluded.areas, version = excluded.version, updated_at = now()
    where plan.version = excluded.version - 1
    returning 1 as done`;
  return rows.length > 0;
}

/** The open orders of a location that name a table, the earliest first. */
export async function openAtTables(tx: Tx, locationId: string): Promise<KeptOrder[]> {
  const rows = await tx.sql<Row[]>`
    select id, organization_id, location_id, business_date, number, status, payment_status, customer_id, external_id,
      version, occurred_at, recorded_at, document
    from orders
    where location_id = ${locationId} and status in ('placed', 'fired', 'ready') and document ->> 'table' is not null
    order by occurred_at, id`;
  return rows.map(toKept);
}

/** Locks what is open and not wholly paid at a table until the transaction ends, in the order of ids, as every change does. */
export async function lockUnpaidAt(tx: Tx, locationId: string, table: string): Promise<KeptOrder[]> {
  const rows = await tx.sql<Row[]>`
    select id, organization_id, location_id, business_date, number, status, payment_status, customer_id, external_id,
      version, occurred_at, recorded_at, document
    from orders
    where location_id = ${locationId} and status in ('placed', 'fired', 'ready') and payment_status <> 'paid'
      and document ->> 'table' = ${table}
    order by id
    for update`;
  return rows.map(toKept);
}
