import type { Category, Item } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import type { Drafted } from '../menus/draft.js';

/** Lets one import of an organization run at a time: a second one must find what the first one made. */
export async function lockImports(tx: Tx, organizationId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('catalog.import:' || ${organizationId}, 0))`;
}

type ImportedRow =
  | { kind: 'category'; data: Drafted<Category> }
  | { kind: 'item'; data: Drafted<Item> }
  | { kind: 'languages'; data: string[] };

/** Locks what a spreadsheet may change until the transaction ends, in the order of the ids. */
export async function lockCategoriesAndItems(tx: Tx): Promise<void> {
  await tx.sql`
    select 1 from catalog_objects where kind in ('category', 'item') and archived_at is null order by id for update`;
}

/** What a spreadsheet is laid over: categories and items by id, and the organization's languages. */
export async function readImported(
  tx: Tx,
): Promise<{ categories: Drafted<Category>[]; items: Drafted<Item>[]; languages: string[] }> {
  const rows = await tx.sql<ImportedRow[]>`
    select kind, jsonb_set(data, '{id}', to_jsonb(id)) as data
    from catalog_objects where kind in ('category', 'item') and archived_at is null
    union all
    select 'languages', to_jsonb(languages) from known_organizations`;
  return {
    categories: rows.flatMap((row) => (row.kind === 'category' ? [row.data] : [])),
    items: rows.flatMap((row) => (row.kind === 'item' ? [row.data] : [])),
    languages: rows.flatMap((row) => (row.kind === 'languages' ? row.data : [])),
  };
}

/** A draft object to be written. */
export interface ImportedDraft {
  readonly id: string;
  readonly kind: 'category' | 'item';
  readonly data: object;
}

export async function insertImported(tx: Tx, organizationId: string, drafts: readonly ImportedDraft[]): Promise<void> {
  await tx.sql`
    insert into catalog_objects (organization_id, id, kind, version, data, created_at, updated_at)
    select ${organizationId}::uuid, id, kind, 1, data, now(), now()
    from jsonb_to_recordset(${JSON.stringify(drafts)}::jsonb) as draft (id uuid, kind text, data jsonb)`;
}

export async function updateImported(tx: Tx, drafts: readonly ImportedDraft[]): Promise<void> {
  await tx.sql`
    update catalog_objects set data = draft.data, version = version + 1, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(drafts)}::jsonb) as draft (id uuid, data jsonb)
    where catalog_objects.id = draft.id`;
}
