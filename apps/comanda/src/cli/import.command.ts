import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportResult, Publication } from '@comanda/contracts';
import { type Command, Option } from 'commander';
import { type ApiClient, ApiProblem } from './api-client.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { CommandFailure } from './failure.js';
import { complain, print, printJson, table } from './output.js';

interface ImportOptions extends ConnectOptions {
  readonly currency?: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly decimal: string;
  readonly location?: string;
  readonly dryRun?: boolean;
  readonly publish: boolean;
  readonly json?: boolean;
}

/** A menu from a spreadsheet, drafted and published. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .description('draft items, variations and prices from a spreadsheet, all of it or nothing, and publish')
    .argument('<menu.csv>', 'columns: item, price; and variation, category, sku, currency where there are')
    .option('--currency <code>', 'of prices that name none')
    .addOption(new Option('--encoding <name>', 'of the file').choices(['utf-8', 'windows-1252']).default('utf-8'))
    .option('--delimiter <sign>', 'what separates columns', ',')
    .option('--decimal <sign>', 'what separates the minor units in prices', '.')
    .option('--location <id>', 'publish at this location alone; at all of them, unless given')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--no-publish', 'draft only')
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--key <key>', 'an API key with catalog:write (COMANDA_API_KEY)')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(importMenu);
}

const HELP = `
What is wrong with the file goes to stderr, a line each (file:line:column: what); then nothing is imported, and the exit
code is 1. What has no price in a location's currency is not sold there, and named on stderr. A draft that cannot be sold as it
stands is kept, and nothing is published.`;

async function importMenu(file: string, options: ImportOptions): Promise<void> {
  const bytes = await readFile(file);
  const { api } = await connectToPlatform(options);
  try {
    const imported = await draft(api, file, bytes, options);
    const publish = options.publish && !options.dryRun;
    const { publications, faults } = publish ? await publishAt(api, options.location) : NOTHING;
    if (options.json) printJson({ imported, published: publications });
    else show(imported, publications);
    for (const { warnings = [] } of publications) for (const { detail } of warnings) complain(detail);
    if (faults.length > 0) {
      for (const fault of faults) complain(fault);
      throw new CommandFailure('It is drafted, but nothing was published: the draft cannot be sold as it stands.');
    }
  } finally {
    await api.close();
  }
}

async function draft(
  api: ApiClient,
  file: string,
  bytes: Buffer,
  { currency, encoding, delimiter, decimal, dryRun = false }: ImportOptions,
): Promise<ImportResult> {
  const query = new URLSearchParams({
    encoding,
    delimiter,
    decimal,
    dryRun: String(dryRun),
    ...(currency !== undefined && { currency }),
  });
  try {
    const answer = await api.post<ImportResult>(`/v1/catalog/import?${query.toString()}`, {
      key: newKey(bytes),
      csv: bytes,
    });
    return answer.body;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'import_invalid') throw error;
    for (const { pointer, detail } of error.errors)
      complain(`${basename(file)}:${pointer.replace(/^line\//, '').replace('/', ':')}: ${detail}`);
    throw new CommandFailure('Nothing was imported.');
  }
}

interface Published {
  readonly publications: readonly Publication[];
  /** Why the draft cannot be sold. */
  readonly faults: readonly string[];
}

const NOTHING: Published = { publications: [], faults: [] };

async function publishAt(api: ApiClient, locationId: string | undefined): Promise<Published> {
  const key = newKey('publish');
  try {
    if (locationId === undefined) {
      const { body } = await api.post<{ publications: Publication[] }>('/v1/catalog/publish', { key });
      return { publications: body.publications, faults: [] };
    }
    const { body } = await api.post<Publication>(`/v1/catalog/locations/${encodeURIComponent(locationId)}/publish`, {
      key,
    });
    return { publications: [body], faults: [] };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'draft_invalid') throw error;
    return { publications: [], faults: error.errors.map(({ detail }) => detail) };
  }
}

/** One for each run: what is tried again is done once, a second import of the same file is looked at again. */
function newKey(what: string | Uint8Array): string {
  return `import-${createHash('sha256').update(what).update(String(Date.now())).digest('hex')}`;
}

function show({ lines, categories, items, variations }: ImportResult, publications: readonly Publication[]): void {
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
  for (const { locationId, hash, changed } of publications)
    print(`${locationId}  ${changed ? `sells from ${hash.slice(0, 12)} now` : 'sold from this menu already'}`);
}
