import type { Tx } from '@comanda/platform';
import type { ItemOverrideRow } from './item-override.entity.js';

/** An override as it is read: of the organization, and not removed. */
export type StoredOverride = Omit<ItemOverrideRow, 'organizationId' | 'removedAt'>;

/** Locks an item until the transaction ends: one writer at a time says what is different about it, also for the first time. */
export async function lockItem(tx: Tx, itemId: string): Promise<{ variationIds: string[] } | undefined> {
  const [row] = await tx.sql<{ variationIds: string[] }[]>`
    select jsonb_path_query_array(data, '$.variations[*].id') as "variationIds" from catalog_objects
    where id = ${itemId} and kind = 'item' and archived_at is null for update`;
  return row;
}

/** Those schedules of the ones named that there are, which stay until the transaction ends. Asks nothing where none is named. */
export async function keepSchedules(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.sql<{ id: string }[]>`
    select id from catalog_objects where id = any(${ids}::uuid[]) and kind = 'schedule' and archived_at is null
    order by id for share`;
  return rows.map(({ id }) => id);
}

/** Locks what is different about an item at a location until the transaction ends. */
export async function lockOverride(tx: Tx, locationId: string, itemId: string): Promise<StoredOverride | undefined> {
  const [row] = await tx.sql<StoredOverride[]>`
    select location_id as "locationId", item_id as "itemId", present, variations,
      version, created_at as "createdAt", updated_at as "updatedAt"
    from item_overrides where location_id = ${locationId} and item_id = ${itemId} and removed_at is null for update`;
  return row;
}

/** Writes an override over the one there was, whose versions go on, also when it was removed. The item must be locked. */
export async function writeOverride(
  tx: Tx,
  organizationId: string,
  { locationId, itemId, present, variations }: Pick<StoredOverride, 'locationId' | 'itemId' | 'present' | 'variations'>,
): Promise<StoredOverride> {
  const [row] = await tx.sql<[StoredOverride]>`
    insert into item_overrides as held
      (organization_id, location_id, item_id, present, variations, version, created_at, updated_at)
    values (${organizationId}, ${locationId}, ${itemId}, ${present}, ${JSON.stringify(variations)}, 1, now(), now())
    on conflict (organization_id, location_id, item_id) do update
      set present = excluded.present, variations = excluded.variations, version = held.version + 1, removed_at = null,
        updated_at = excluded.updated_at
    returning location_id as "locationId", item_id as "itemId", present, variations,
      version, created_at as "createdAt", updated_at as "updatedAt"`;
  return row;
}

export async function removeOverride(tx: Tx, { locationId, itemId }: StoredOverride): Promise<void> {
  await tx.sql`
    update item_overrides set removed_at = now(), version = version + 1, updated_at = now()
    where location_id = ${locationId} and item_id = ${itemId}`;
}

export function listOverrides(
  tx: Tx,
  locationId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<StoredOverride[]> {
  return tx.sql<StoredOverride[]>`
    select location_id as "locationId", item_id as "itemId", present, variations,
      version, created_at as "createdAt", updated_at as "updatedAt"
    from item_overrides
    where location_id = ${locationId} and removed_at is null and (${after}::uuid is null or item_id > ${after}::uuid)
    order by item_id limit ${limit}`;
}
