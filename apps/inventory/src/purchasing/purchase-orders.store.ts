import type { PurchaseOrderStatus } from '@comanda/contracts';
import { type Caller, Refusal, requireLocation, type Tx } from '@comanda/platform';
import { PurchaseOrderRow } from './purchase-order.entity.js';

/** @throws Refusal `not_found`, `location_forbidden` */
export async function readPurchaseOrder(tx: Tx, caller: Caller, id: string): Promise<PurchaseOrderRow> {
  return visible(caller, await tx.findOneBy(PurchaseOrderRow, { id }));
}

/** Locks the purchase order until the transaction ends, so that of two deliveries the second sees what the first left open. */
export async function lockPurchaseOrder(tx: Tx, caller: Caller, id: string): Promise<PurchaseOrderRow> {
  return visible(caller, await tx.findOne(PurchaseOrderRow, { where: { id }, lock: { mode: 'pessimistic_write' } }));
}

function visible(caller: Caller, row: PurchaseOrderRow | null): PurchaseOrderRow {
  if (!row) throw new Refusal('not_found', 'There is no such purchase order.');
  requireLocation(caller, row.locationId);
  return row;
}

/** Stores the next version of a purchase order. The caller holds its lock. */
export async function savePurchaseOrder(
  tx: Tx,
  row: PurchaseOrderRow,
  change: Partial<PurchaseOrderRow>,
): Promise<PurchaseOrderRow> {
  const changed = Object.assign(row, change, { version: row.version + 1, updatedAt: new Date() });
  await tx.update(PurchaseOrderRow, { id: row.id }, changed);
  return changed;
}

/** Which purchase orders are asked for; null where it does not matter. */
export interface PurchaseOrderFilter {
  readonly locationId: string | null;
  readonly supplierId: string | null;
  readonly status: PurchaseOrderStatus | null;
  /** The locations the caller may see; null for all. */
  readonly within: readonly string[] | null;
}

/** Purchase orders, newest first, from a position on. */
export function purchaseOrdersBefore(
  tx: Tx,
  { locationId, supplierId, status, within }: PurchaseOrderFilter,
  before: readonly [createdAt: string, id: string] | undefined,
  limit: number,
): Promise<PurchaseOrderRow[]> {
  const [createdAt, id] = before ?? [null, null];
  return tx.sql<PurchaseOrderRow[]>`
    select id, organization_id as "organizationId", location_id as "locationId", supplier_id as "supplierId", status, reference,
      expected_on as "expectedOn", currency, lines, receipt_ids as "receiptIds", version, created_at as "createdAt",
      updated_at as "updatedAt"
    from purchase_orders
    where (${locationId}::uuid is null or location_id = ${locationId}::uuid)
      and (${supplierId}::uuid is null or supplier_id = ${supplierId}::uuid)
      and (${status}::text is null or status = ${status}::text)
      and (${within}::uuid[] is null or location_id = any(${within}::uuid[]))
      and (${createdAt}::timestamptz is null or (created_at, id) < (${createdAt}::timestamptz, ${id}::uuid))
    order by created_at desc, id desc limit ${limit}`;
}
