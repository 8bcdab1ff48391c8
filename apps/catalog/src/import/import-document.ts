import type { CatalogDocument, DocumentResult } from '@comanda/contracts';
import { Refusal, type Tx } from '@comanda/platform';
import { booked } from '../drafts/drafts.js';
import { releaseCodes } from '../drafts/drafts.store.js';
import { KINDS } from '../drafts/kinds.js';
import { lockDrafted, readDrafted, writeObjects, writeOverrides } from './document.store.js';
import { lockImports } from './import.store.js';
import { type DocumentPlan, planDocument } from './plan-document.js';

/**
 * Drafts what a document says, in a handful of statements whatever its length; a dry run only says what it would do.
 * @throws Refusal `import_invalid` with where the document is wrong, `id_taken`, `sku_taken`
 */
export async function importDocument(
  tx: Tx,
  organizationId: string,
  document: CatalogDocument,
  { dryRun }: { readonly dryRun: boolean },
): Promise<DocumentResult> {
  await lockImports(tx, organizationId);
  await lockDrafted(tx);
  const { plan, faults } = planDocument(document, await readDrafted(tx));
  if (faults.length > 0)
    throw new Refusal('import_invalid', 'The document has errors; nothing was imported.', {
      errors: faults.slice(0, MOST_TOLD),
    });
  if (!dryRun) await write(tx, organizationId, plan);
  return { dryRun, counts: plan.counts, changes: plan.changes.slice(0, MOST_TOLD) };
}

/** Enough to find what is wrong, or new. */
const MOST_TOLD = 500;

async function write(tx: Tx, organizationId: string, { objects, overrides }: DocumentPlan): Promise<void> {
  const ids = objects.map(({ id }) => id);
  const parts = objects.flatMap(({ kind: name, id: objectId, data }) => {
    const field = KINDS.find((kind) => kind.name === name)?.parts;
    const listed = (field ? data[field] : []) as readonly { id: string; sku?: string | null }[];
    return listed.map(({ id, sku = null }) => ({ objectId, id, sku }));
  });
  if (objects.length > 0) {
    await writeObjects(tx, organizationId, objects);
    await releaseCodes(tx, ids);
  }
  if (parts.length > 0) {
    const own = await booked(tx, organizationId, parts);
    const foreign = parts.find(({ id }) => !own.has(id));
    if (foreign) throw new Refusal('id_taken', `The id ${foreign.id} was that of another object’s part.`);
  }
  if (overrides.length > 0) await writeOverrides(tx, organizationId, overrides);
}
