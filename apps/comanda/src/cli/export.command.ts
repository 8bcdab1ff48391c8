import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { print, printJson } from './output.js';

interface ExportOptions extends ConnectOptions {
  readonly encoding: string;
  readonly delimiter: string;
  readonly decimal: string;
  readonly language?: string;
}

/** What is drafted, as a file that `import` reads. */
export function exportCommand(program: Command): void {
  program
    .command('export')
    .description(
      'write what is drafted to a file that "comanda import" reads: a spreadsheet, or all of it as a document',
    )
    .argument('<menu>', 'menu.csv: items, variations and prices; menu.json: everything; "-": the document to stdout')
    .addOption(new Option('--encoding <name>', 'of a spreadsheet').choices(['utf-8', 'windows-1252']).default('utf-8'))
    .option('--delimiter <sign>', 'what separates columns', ',')
    .option('--decimal <sign>', 'what separates the minor units in prices', '.')
    .option('--language <tag>', 'of the names in a spreadsheet; the first of the organization, unless given')
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--key <key>', 'an API key with catalog:read (COMANDA_API_KEY)')
    .action(exportMenu);
}

async function exportMenu(file: string, options: ExportOptions): Promise<void> {
  const { api } = await connectToPlatform(options);
  try {
    if (file.endsWith('.csv')) {
      const { encoding, delimiter, decimal, language } = options;
      const query = new URLSearchParams({ encoding, delimiter, decimal, ...(language !== undefined && { language }) });
      await writeFile(file, (await api.get<Buffer>(`/v1/catalog/export/sheet?${query.toString()}`)).body);
    } else {
      const { body } = await api.get('/v1/catalog/export/document');
      if (file === '-') return printJson(body);
      await writeFile(file, `${JSON.stringify(body, null, 2)}\n`);
    }
    print(file);
  } finally {
    await api.close();
  }
}
