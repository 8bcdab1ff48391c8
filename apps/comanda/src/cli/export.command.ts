import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { type ConnectOptions, withPlatform } from './connect.js';
import { given, print, printJson } from './output.js';

interface ExportOptions extends ConnectOptions {
  readonly encoding: 'utf-8' | 'windows-1252';
  readonly delimiter: ',' | ';' | '|' | '\t';
  readonly decimal: ',' | '.';
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
  await withPlatform(options, async (api) => {
    if (file.endsWith('.csv')) {
      const { encoding, delimiter, decimal, language } = options;
      const query = { encoding, delimiter, decimal, ...given({ language }) };
      await writeFile(file, (await api.GET('/v1/catalog/export/sheet', { query, readAs: 'bytes' })).data);
    } else {
      const { data } = await api.GET('/v1/catalog/export/document');
      if (file === '-') return printJson(data);
      await writeFile(file, `${JSON.stringify(data, null, 2)}\n`);
    }
    print(file);
  });
}
