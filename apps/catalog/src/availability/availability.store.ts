import type { Tx } from '@comanda/platform';
import { availabilityId, type StoredAvailability, type Wanted } from './availability.js';

/**
 * Writes how things shall be. What is so already stays untouched, and what was never unavailable needs no row to be
 * available. Rows are taken in the order of their ids, so that two who write several do not wait for each other.
 * @returns the rows that really changed, with their new versions
 */
export function writeAvailability(
  tx: Tx,
  organizationId: string,
  wanted: readonly Wanted[],
): Promise<StoredAvailability[]> {
  const rows = wanted.map((each) => ({ ...each, id: availabilityId(each) }));
  return tx.sql<StoredAvailability[]>`
    insert into availability as held
      (organization_id, id, location_id, item_id, variation_id, reason, available, until, version, changed_at)
    select ${organizationId}::uuid, wanted.id, "locationId", "itemId", "variationId", reason, wanted.available, wanted.until, 1, now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as wanted
      (id uuid, "locationId" uuid, "itemId" uuid, "variationId" uuid, reason text, available boolean, until timestamptz)
    where not wanted.available or exists (select from availability where id = wanted.id)
    order by wanted.id
    on conflict (organization_id, id) do update
      set available = excluded.available, until = excluded.until, version = held.version + 1,
        changed_at = excluded.changed_at
      where (held.available, held.until) is distinct from (excluded.available, excluded.until)
    returning id, location_id as "locationId", item_id as "itemId", variation_id as "variationId", reason, available,
      until, version, changed_at as "changedAt"`;
}

export async function readAvailability(tx: Tx, id: string): Promise<StoredAvailability | undefined> {
  const [row] = await tx.sql<StoredAvailability[]>`
    select id, location_id as "locationId", item_id as "itemId", variation_id as "variationId", reason, available,
      until, version, changed_at as "changedAt"
    from availability where id = ${id}`;
  return row;
}

/** What cannot be ordered at a location now; what comes back by itself does so at its time, swept or not. */
export function listUnavailable(
  tx: Tx,
  locationId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<StoredAvailability[]> {
  return tx.sql<StoredAvailability[]>`
    select id, location_id as "locationId", item_id as "itemId", variation_id as "variationId", reason, available,
      until, version, changed_at as "changedAt"
    from availability
    where location_id = ${locationId} and not available and (until is null or until > now())
      and (${after}::uuid is null or id > ${after}::uuid)
    order by id limit ${limit}`;
}

/** Whether there is, or was, such an item, and a variation of it. */
export async function findItem(
  tx: Tx,
  itemId: string,
  variationId: string | null,
): Promise<{ item: boolean; variation: boolean }> {
  const [row] = await tx.sql<[{ item: boolean; variation: boolean }]>`
    select exists (select from catalog_objects where id = ${itemId} and kind = 'item') as item,
      exists (select from catalog_parts where id = ${variationId}::uuid and object_id = ${itemId}) as variation`;
  return row;
}

/** Puts back on sale what was to come back by now. Rows that another sweeper has in hand are left to it. */
export async function returnDue(tx: Tx): Promise<StoredAvailability[]> {
  const [rows] = await tx.sql<[StoredAvailability[], number]>`
    update availability set available = true, until = null, version = version + 1, changed_at = now()
    where id in (
      select id from availability where until is not null and until <= now() order by id for update skip locked
    )
    returning id, location_id as "locationId", item_id as "itemId", variation_id as "variationId", reason, available,
      until, version, changed_at as "changedAt"`;
  return rows;
}

/** The organizations in which something is to come back by now. For the worker, who sees them all. */
export async function organizationsDue(tx: Tx): Promise<string[]> {
  const rows = await tx.sql<{ id: string }[]>`
    select distinct organization_id as id from availability where until is not null and until <= now()`;
  return rows.map(({ id }) => id);
}
