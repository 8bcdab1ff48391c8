import type { Tx } from '@comanda/platform';
import type { Draft, Layer, Override, Place } from './draft.js';
import type { PublicationRow } from './publication.entity.js';

/** A location's menu as it is on sale, without its body. */
export type StoredPublication = Omit<PublicationRow, 'organizationId' | 'publishedBy'>;

/**
 * Locks one location, or all of the organization, until the transaction ends: of two who publish the second waits, and
 * sees what the first published. They are locked in the order of their ids, so that no two wait for each other.
 */
export function lockPlaces(tx: Tx, locationId: string | null): Promise<Place[]> {
  return tx.sql<Place[]>`
    select location.id as "locationId", location.name, currency, time_zone as "timeZone", languages, jurisdiction,
      cash_rounding as "cashRounding"
    from known_locations location join known_organizations using (organization_id)
    where ${locationId}::uuid is null or location.id = ${locationId}::uuid
    order by location.id for no key update of location`;
}

/** A location as `lockPlaces` answers it, without waiting for anybody. */
export async function placeOf(tx: Tx, locationId: string): Promise<Place | undefined> {
  const [place] = await tx.sql<Place[]>`
    select location.id as "locationId", location.name, currency, time_zone as "timeZone", languages, jurisdiction,
      cash_rounding as "cashRounding"
    from known_locations location join known_organizations using (organization_id) where location.id = ${locationId}`;
  return place;
}

type DraftRow =
  | { kind: 'category'; locationId: null; data: Draft['categories'][number] }
  | { kind: 'item'; locationId: null; data: Draft['items'][number] }
  | { kind: 'modifier_group'; locationId: null; data: Draft['modifierGroups'][number] }
  | { kind: 'tax'; locationId: null; data: Draft['taxes'][number] }
  | { kind: 'service_charge'; locationId: null; data: Draft['serviceCharges'][number] }
  | { kind: 'schedule'; locationId: null; data: Draft['schedules'][number] }
  | { kind: 'location_group'; locationId: null; data: Draft['locationGroups'][number] }
  | { kind: 'override'; locationId: string; data: Override };

/**
 * Everything that is drafted, and what differs at these locations. It is one statement, which sees one moment: whoever
 * changes the draft meanwhile is in it with all of his transaction or with none.
 */
export async function readDraft(
  tx: Tx,
  locationIds: readonly string[],
): Promise<{ draft: Draft; overrides: ReadonlyMap<string, Layer> }> {
  const rows = await tx.sql<DraftRow[]>`
    select kind, null as "locationId", jsonb_set(data, '{id}', to_jsonb(id)) as data
    from catalog_objects where archived_at is null
    union all
    select 'override', location_id, jsonb_build_object('itemId', item_id, 'present', present, 'variations', variations)
    from item_overrides where location_id = any(${locationIds}::uuid[]) and removed_at is null`;
  const draft = {
    categories: rows.flatMap((row) => (row.kind === 'category' ? [row.data] : [])),
    items: rows.flatMap((row) => (row.kind === 'item' ? [row.data] : [])),
    modifierGroups: rows.flatMap((row) => (row.kind === 'modifier_group' ? [row.data] : [])),
    taxes: rows.flatMap((row) => (row.kind === 'tax' ? [row.data] : [])),
    serviceCharges: rows.flatMap((row) => (row.kind === 'service_charge' ? [row.data] : [])),
    schedules: rows.flatMap((row) => (row.kind === 'schedule' ? [row.data] : [])),
    locationGroups: rows.flatMap((row) => (row.kind === 'location_group' ? [row.data] : [])),
  };
  const overrides = new Map(locationIds.map((id) => [id, new Map<string, Override>()]));
  for (const row of rows) if (row.kind === 'override') overrides.get(row.locationId)?.set(row.data.itemId, row.data);
  return { draft, overrides };
}

/** What is on sale at each of these locations; those that never published are left out. */
export function currentPublications(tx: Tx, locationIds: readonly string[]): Promise<StoredPublication[]> {
  return tx.sql<StoredPublication[]>`
    select distinct on (location_id) location_id as "locationId", version, hash, items, published_at as "publishedAt"
    from publications where location_id = any(${locationIds}::uuid[]) order by location_id, version desc`;
}

/** Puts a menu on sale. Its body may be there already: a location may come back to a menu it once sold from. */
export async function insertPublication(
  tx: Tx,
  organizationId: string,
  { locationId, version, hash, items, publishedAt }: StoredPublication,
  { body, publishedBy }: { body: string; publishedBy: string },
): Promise<void> {
  await tx.sql`
    with menu as (
      insert into menus (organization_id, location_id, hash, body)
      values (${organizationId}, ${locationId}, ${hash}, ${body}) on conflict do nothing
    )
    insert into publications (organization_id, location_id, version, hash, items, published_at, published_by)
    values (${organizationId}, ${locationId}, ${version}, ${hash}, ${items}, ${publishedAt}, ${publishedBy})`;
}

/** What a location sells from: `undefined` for a location that there is not, no hash for one that never published. */
export async function currentMenu(tx: Tx, locationId: string): Promise<StoredPublication | { hash: null } | undefined> {
  const [row] = await tx.sql<(StoredPublication | { hash: null })[]>`
    select location.id as "locationId", on_sale.version, on_sale.hash, on_sale.items,
      on_sale.published_at as "publishedAt"
    from known_locations location
    left join lateral (
      select version, hash, items, published_at from publications
      where location_id = location.id order by version desc limit 1
    ) on_sale on true
    where location.id = ${locationId}`;
  return row;
}

export async function menuBody(tx: Tx, locationId: string, hash: string): Promise<string | undefined> {
  const [row] = await tx.sql<{ body: string }[]>`
    select body from menus where location_id = ${locationId} and hash = ${hash}`;
  return row?.body;
}

/** The menus a location sold from, oldest first. */
export function listPublications(
  tx: Tx,
  locationId: string,
  { after, limit }: { after: number; limit: number },
): Promise<StoredPublication[]> {
  return tx.sql<StoredPublication[]>`
    select location_id as "locationId", version, hash, items, published_at as "publishedAt"
    from publications where location_id = ${locationId} and version > ${after} order by version limit ${limit}`;
}
