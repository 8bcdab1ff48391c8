import type { Tx } from '@comanda/platform';
import type { KindName } from '../drafts/kinds.js';
import type { StoredOverride } from '../overrides/overrides.store.js';

/** A draft object or an override, as a document holds it. */
export interface DraftedObject {
  readonly kind: KindName;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}
export type DraftedOverride = Pick<StoredOverride, 'locationId' | 'itemId' | 'present' | 'variations'>;

/** A location that the organization has. */
export interface NamedLocation {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
}

/** All that is drafted, as it stands at one moment. */
export interface Drafted {
  readonly objects: readonly (DraftedObject & { readonly archived: boolean })[];
  readonly overrides: readonly DraftedOverride[];
  readonly locations: readonly NamedLocation[];
}

type DraftedRow =
  | { what: 'object'; data: Drafted['objects'][number] }
  | { what: 'override'; data: DraftedOverride }
  | { what: 'location'; data: NamedLocation };

/** One statement, which sees one moment; archived objects too, for their ids are taken. */
export async function readDrafted(tx: Tx): Promise<Drafted> {
  const rows = await tx.sql<DraftedRow[]>`
    select 'object' as what, jsonb_build_object(
      'kind', kind, 'id', id, 'data', data - 'id', 'archived', archived_at is not null) as data, id::text as place
    from catalog_objects
    union all
    select 'override', jsonb_build_object(
      'locationId', location_id, 'itemId', item_id, 'present', present, 'variations', variations), location_id::text || item_id
    from item_overrides where removed_at is null
    union all
    select 'location', jsonb_build_object('id', id, 'name', name, 'currency', currency), id::text from known_locations
    order by place`;
  return {
    objects: rows.flatMap((row) => (row.what === 'object' ? [row.data] : [])),
    overrides: rows.flatMap((row) => (row.what === 'override' ? [row.data] : [])),
    locations: rows.flatMap((row) => (row.what === 'location' ? [row.data] : [])),
  };
}

/** Locks everything that is drafted until the transaction ends, in the order of the ids. */
export async function lockDrafted(tx: Tx): Promise<void> {
  await tx.sql`select 1 from catalog_objects order by id for update`;
}

/** Writes draft objects over what there is of them; what was archived comes back. */
export async function writeObjects(tx: Tx, organizationId: string, objects: readonly DraftedObject[]): Promise<void> {
  await tx.sql`
    insert into catalog_objects as held (organization_id, id, kind, version, data, created_at, updated_at)
    select ${organizationId}::uuid, id, kind, 1, data, now(), now()
    from jsonb_to_recordset(${JSON.stringify(objects)}::jsonb) as given (id uuid, kind text, data jsonb)
    on conflict (organization_id, id) do update
      set data = excluded.data, version = held.version + 1, archived_at = null, updated_at = excluded.updated_at`;
}

/** Writes overrides over those there were, whose versions go on. Their items must be locked. */
export async function writeOverrides(
  tx: Tx,
  organizationId: string,
  overrides: readonly DraftedOverride[],
): Promise<void> {
  await tx.sql`
    insert into item_overrides as held
      (organization_id, location_id, item_id, present, variations, version, created_at, updated_at)
    select ${organizationId}::uuid, given."locationId", given."itemId", given.present, given.variations, 1, now(), now()
    from jsonb_to_recordset(${JSON.stringify(overrides)}::jsonb)
      as given ("locationId" uuid, "itemId" uuid, present boolean, variations jsonb)
    on conflict (organization_id, location_id, item_id) do update
      set present = excluded.present, variations = excluded.variations, version = held.version + 1, removed_at = null,
        updated_at = excluded.updated_at`;
}
