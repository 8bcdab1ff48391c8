import type { Category, ImportResult, Item } from '@comanda/contracts';
import { newId, Refusal, type Tx } from '@comanda/platform';
import { booked } from '../drafts/drafts.js';
import { releaseCodes } from '../drafts/drafts.store.js';
import type { Drafted } from '../menus/draft.js';
import {
  type ImportedDraft,
  insertImported,
  lockCategoriesAndItems,
  lockImports,
  readImported,
  updateImported,
} from './import.store.js';
import { type ImportPlan, planImport } from './plan-import.js';
import { readSheet, type SheetFormat } from './read-sheet.js';

/**
 * Drafts what a spreadsheet says, in a handful of statements whatever its length; a dry run only says what it would do.
 * @throws Refusal `import_invalid` with what is wrong in each line, `sku_taken`
 */
export async function importCatalog(
  tx: Tx,
  organizationId: string,
  bytes: Uint8Array,
  format: SheetFormat,
): Promise<ImportResult> {
  const sheet = readSheet(bytes, format);
  if (sheet.faults.length > 0) throw invalid(sheet.faults);
  await lockImports(tx, organizationId);
  await lockCategoriesAndItems(tx);
  const { languages, ...drafts } = await readImported(tx);
  const { plan, faults } = planImport(sheet.rows, drafts, format.language ?? languages[0] ?? 'en', newId);
  if (faults.length > 0) throw invalid(faults);
  if (!format.dryRun) await write(tx, organizationId, plan);
  return {
    dryRun: format.dryRun,
    lines: sheet.rows.length,
    ...plan.counts,
    changes: plan.changes.slice(0, MOST_CHANGES),
  };
}

const MOST_CHANGES = 500;

async function write(tx: Tx, organizationId: string, { created, changed }: ImportPlan): Promise<void> {
  const made = [
    ...created.categories.map((category) => toStored('category', category)),
    ...created.items.map((item) => toStored('item', item)),
  ];
  const parts = [...created.items, ...changed.items].flatMap(({ id: objectId, variations }) =>
    variations.map(({ id, sku }) => ({ objectId, id, sku })),
  );
  if (made.length > 0) await insertImported(tx, organizationId, made);
  if (changed.items.length > 0) {
    await updateImported(
      tx,
      changed.items.map((item) => toStored('item', item)),
    );
    await releaseCodes(
      tx,
      changed.items.map(({ id }) => id),
    );
  }
  if (parts.length > 0) await booked(tx, organizationId, parts);
}

const toStored = (kind: ImportedDraft['kind'], { id, ...data }: Drafted<Category> | Drafted<Item>): ImportedDraft => ({
  id,
  kind,
  data,
});

const invalid = (errors: Refusal['facts']['errors']): Refusal =>
  new Refusal('import_invalid', 'The file has errors; nothing was imported.', {
    errors: (errors ?? []).slice(0, MOST_FAULTS),
  });

/** Enough to find what is wrong with a file; a wrong delimiter is a fault in every line. */
const MOST_FAULTS = 500;
