import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  ApiProblem,
  type CatalogDocument,
  type Comanda,
  type DocumentResult,
  type ImportResult,
  type Publication,
} from '@comanda/client';
import { type Command, Option } from 'commander';
import { type AskOptions, withPlatform } from './connect.js';
import { CommandFailure } from './failure.js';
import { complain, given, print, printJson, table } from './output.js';

interface ImportOptions extends AskOptions {
  readonly currency?: string;
  readonly encoding: 'utf-8' | 'windows-1252';
  readonly delimiter: ',' | ';' | '|' | '\t';
  readonly decimal: ',' | '.';
  readonly location?: string;
  readonly dryRun?: boolean;
  readonly publish: boolean;
}

/** A menu from a spreadsheet or a document, drafted and published. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .description(
      'draft a menu from a spreadsheet, or all of a chain from a document, all of it or nothing, and publish',
    )
    .argument('<menu>', 'menu.csv with columns item, price, and variation, category, sku, currency; or menu.json')
    .option('--currency <code>', 'of prices in a spreadsheet that name none')
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
A spreadsheet or a document is what "comanda export" writes. What is wrong with the file goes to stderr, a line each (file:line:column: what, or the place in a document); then nothing is imported, and the exit
code is 1. What has no price in a location's currency is not sold there, and named on stderr. A draft that cannot be sold as it
stands is kept, and nothing is published.`;

async function importMenu(file: string, options: ImportOptions): Promise<void> {
  const bytes = await readFile(file);
  await withPlatform(options, async (api) => {
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
  });
}

function draft(api: Comanda, file: string, bytes: Buffer, options: ImportOptions): Promise<Imported> {
  return file.endsWith('.json') ? draftDocument(api, file, bytes, options) : draftSheet(api, file, bytes, options);
}

async function draftDocument(
  api: Comanda,
  file: string,
  bytes: Buffer,
  { dryRun = false }: ImportOptions,
): Promise<DocumentResult> {
  // What is in the file is whatever somebody wrote: the API says what is wrong with it.
  const body = jsonIn(file, bytes) as CatalogDocument;
  return (await told(file, api.POST('/v1/catalog/import/document', { query: { dryRun: `${dryRun}` as const }, body })))
    .data;
}

function jsonIn(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new CommandFailure(`${basename(file)} is no JSON: ${(error as Error).message}.`);
  }
}

async function draftSheet(
  api: Comanda,
  file: string,
  bytes: Buffer,
  { currency, encoding, delimiter, decimal, dryRun = false }: ImportOptions,
): Promise<ImportResult> {
  const query = { encoding, delimiter, decimal, dryRun: `${dryRun}` as const, ...given({ currency }) };
  return (await told(file, api.POST('/v1/catalog/import', { query, body: bytes }))).data;
}

/** Tells what is wrong with the file, a line for each fault. */
async function told<T>(file: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiProblem) || (error.code !== 'import_invalid' && error.code !== 'malformed_request'))
      throw error;
    for (const { pointer, detail } of error.errors)
      complain(`${basename(file)}:${pointer.replace(/^line\/(\d+)\/?/, '$1:')}: ${detail}`.replace('::', ':'));
    throw new CommandFailure('Nothing was imported.');
  }
}

interface Published {
  readonly publications: readonly Publication[];
  /** Why the draft cannot be sold. */
  readonly faults: readonly string[];
}

type Imported = ImportResult | DocumentResult;

const NOTHING: Published = { publications: [], faults: [] };

async function publishAt(api: Comanda, locationId: string | undefined): Promise<Published> {
  try {
    if (locationId === undefined) {
      const { data } = await api.POST('/v1/catalog/publish');
      return { publications: data.publications, faults: [] };
    }
    const { data } = await api.POST('/v1/catalog/locations/{locationId}/publish', { path: { locationId } });
    return { publications: [data], faults: [] };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'draft_invalid') throw error;
    return { publications: [], faults: error.errors.map(({ detail }) => detail) };
  }
}

function show(imported: Imported, publications: readonly Publication[]): void {
  const counts = 'counts' in imported ? imported.counts : countsIn(imported);
  const rows = Object.entries(counts).map(([name, { created, changed, unchanged }]) => [
    name,
    created,
    changed,
    unchanged,
  ]);
  print(table(rows, ['lines' in imported ? `${imported.lines} lines` : '', 'new', 'changed', 'unchanged']));
  for (const { locationId, hash, changed } of publications)
    print(`${locationId}  ${changed ? `sells from ${hash.slice(0, 12)} now` : 'sold from this menu already'}`);
}

const countsIn = ({ categories, items, variations }: ImportResult) => ({ categories, items, variations });
