import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ImportResult, Publication } from '@comanda/contracts';
import type { Command } from 'commander';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { print, printJson, table } from './output.js';

interface ImportOptions extends ConnectOptions {
  readonly currency?: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly decimal: string;
  readonly dryRun: boolean;
  readonly publish: boolean;
  readonly json: boolean;
}

/** A menu from a spreadsheet, drafted and published. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .description('draft items, variations and prices from a spreadsheet, all of it or nothing, and publish')
    .argument('<menu.csv>', 'columns: item, price; and variation, category, sku, currency where there are')
    .option('--currency <code>', 'of prices that name none')
    .option('--encoding <name>', 'utf-8 or windows-1252', 'utf-8')
    .option('--delimiter <sign>', 'what separates columns', ',')
    .option('--decimal <sign>', 'what separates the minor units in prices', '.')
    .option('--dry-run', 'say what would change, and change nothing', false)
    .option('--no-publish', 'draft only')
    .option('--url <url>', 'the platform')
    .option('--key <key>', 'an API key with catalog:write (COMANDA_API_KEY)')
    .option('--json', 'print as JSON', false)
    .action(importMenu);
}

async function importMenu(file: string, options: ImportOptions): Promise<void> {
  const { currency, encoding, delimiter, decimal, dryRun, publish, json } = options;
  const bytes = await readFile(file);
  const { api } = await connectToPlatform(options);
  try {
    const query = new URLSearchParams({
      encoding,
      delimiter,
      decimal,
      dryRun: String(dryRun),
      ...(currency !== undefined && { currency }),
    });
    const key = `import-${createHash('sha256').update(bytes).update(query.toString()).update(String(Date.now())).digest('hex')}`;
    const { body: imported } = await api.post<ImportResult>(`/v1/catalog/import?${query.toString()}`, {
      key,
      csv: bytes,
    });
    const published =
      dryRun || !publish
        ? []
        : (await api.post<{ publications: Publication[] }>('/v1/catalog/publish', { key })).body.publications;
    if (json) return printJson({ imported, published });
    const { lines, categories, items, variations } = imported;
    print(
      table(
        [
          ['categories', ...Object.values(categories)],
          ['items', ...Object.values(items)],
          ['variations', ...Object.values(variations)],
        ],
        [`${lines} lines`, 'new', 'changed', 'unchanged'],
      ),
    );
    for (const { locationId, hash, changed } of published)
      print(`${locationId}  ${changed ? `sells from ${hash.slice(0, 12)} now` : 'sold from this menu already'}`);
  } finally {
    await api.close();
  }
}
