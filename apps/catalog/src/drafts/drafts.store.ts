import type { Tx } from '@comanda/platform';
import type { KindName } from './kinds.js';

/** A draft object as it is stored. */
export interface StoredDraft {
  readonly id: string;
  readonly kind: KindName;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Makes a draft object; `undefined` when the id is taken. */
export async function insertDraft(
  tx: Tx,
  organizationId: string,
  { id, kind, data }: Pick<StoredDraft, 'id' | 'kind' | 'data'>,
): Promise<StoredDraft | undefined> {
  const [row] = await tx.sql<StoredDraft[]>`
    insert into catalog_objects (organization_id, id, kind, version, data, created_at, updated_at)
    values (${organizationId}, ${id}, ${kind}, 1, ${JSON.stringify(data)}, now(), now())
    on conflict do nothing
    returning id, kind, version, data, created_at as "createdAt", updated_at as "updatedAt"`;
  return row;
}

/** Locks a draft object until the transaction ends, so that of two who change the same version one is refused. */
export async function lockDraft(tx: Tx, kind: KindName, id: string): Promise<StoredDraft | undefined> {
  const [row] = await tx.sql<StoredDraft[]>`
    select id, kind, version, data, created_at as "createdAt", updated_at as "updatedAt" from catalog_objects
    where id = ${id} and kind = ${kind} and archived_at is null for update`;
  return row;
}

export async function readDraftObject(tx: Tx, kind: KindName, id: string): Promise<StoredDraft | undefined> {
  const [row] = await tx.sql<StoredDraft[]>`
    select id, kind, version, data, created_at as "createdAt", updated_at as "updatedAt" from catalog_objects
    where id = ${id} and kind = ${kind} and archived_at is null`;
  return row;
}

export function listDrafts(
  tx: Tx,
  kind: KindName,
  { after, limit }: { after: string | null; limit: number },
): Promise<StoredDraft[]> {
  return tx.sql<StoredDraft[]>`
    select id, kind, version, data, created_at as "createdAt", updated_at as "updatedAt" from catalog_objects
    where kind = ${kind} and archived_at is null and (${after}::uuid is null or id > ${after}::uuid)
    order by id limit ${limit}`;
}

export async function updateDraft(tx: Tx, id: string, data: StoredDraft['data']): Promise<StoredDraft> {
  const [[row]] = await tx.sql<[[StoredDraft]]>`
    update catalog_objects set data = ${JSON.stringify(data)}, version = version + 1, updated_at = now()
    where id = ${id}
    returning id, kind, version, data, created_at as "createdAt", updated_at as "updatedAt"`;
  return row;
}

export async function archiveDraft(tx: Tx, id: string): Promise<void> {
  await tx.sql`
    update catalog_objects set archived_at = now(), version = version + 1, updated_at = now() where id = ${id}`;
}

/** Which of these there are; they stay until the transaction ends, for whoever archives one waits here. */
export function keepDrafts(tx: Tx, ids: readonly string[]): Promise<Pick<StoredDraft, 'id' | 'kind'>[]> {
  return tx.sql<Pick<StoredDraft, 'id' | 'kind'>[]>`
    select id, kind from catalog_objects where id = any(${ids}::uuid[]) and archived_at is null order by id for share`;
}

export async function knownLocationsAmong(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql<{ id: string }[]>`select id from known_locations where id = any(${ids}::uuid[])`;
  return new Set(rows.map(({ id }) => id));
}

/** Which item each of these variations is of now; those that no draft has are left out. */
export async function itemsOfVariations(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql<{ id: string; itemId: string }[]>`
    select part.id, part.object_id as "itemId"
    from catalog_parts part join catalog_objects item on item.organization_id = part.organization_id
      and item.id = part.object_id and item.kind = 'item' and item.archived_at is null
      and jsonb_path_exists(item.data, '$.variations[*] ? (@.id == $id)', jsonb_build_object('id', part.id::text))
    where part.id = any(${ids}::uuid[])`;
  return new Map(rows.map(({ id, itemId }) => [id, itemId]));
}

/** What other than an object names any of these ids somewhere in its fields, the first ten. */
export function draftsNaming(tx: Tx, id: string, ids: readonly string[]): Promise<StoredDraft[]> {
  return tx.sql<StoredDraft[]>`
    select id, kind, version, data, created_at as "createdAt", updated_at as "updatedAt" from catalog_objects
    where archived_at is null and id <> ${id}
      and jsonb_path_exists(data, 'lax $.** ? (@ == $ids[*])', jsonb_build_object('ids', ${ids}::text[]))
    order by id limit 10`;
}

/** Gives the codes of objects back, so that they can be in use elsewhere, or by another of their own parts. */
export async function releaseCodes(tx: Tx, objectIds: readonly string[]): Promise<void> {
  await tx.sql`update catalog_parts set sku = null where object_id = any(${objectIds}::uuid[]) and sku is not null`;
}

/**
 * Books the ids and codes of an object's parts; a code that is in use breaks the index `catalog_parts_sku`.
 * @returns the ids that are now its parts; those of other objects are not among them
 */
export async function bookParts(
  tx: Tx,
  organizationId: string,
  parts: readonly { objectId: string; id: string; sku: string | null }[],
): Promise<Set<string>> {
  const rows = await tx.sql<{ id: string }[]>`
    insert into catalog_parts as part (organization_id, id, object_id, sku)
    select ${organizationId}::uuid, given.id, given."objectId", given.sku
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as given (id uuid, "objectId" uuid, sku text)
    on conflict (organization_id, id) do update set sku = excluded.sku where part.object_id = excluded.object_id
    returning id`;
  return new Set(rows.map(({ id }) => id));
}
