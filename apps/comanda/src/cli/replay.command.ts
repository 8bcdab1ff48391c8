import type { Command } from 'commander';
import { day, wholeNumber } from './options.js';
import type { ReplayOptions } from './replay.js';

export function replayCommand(program: Command): void {
  program
    .command('replay')
    .description('place a real history of orders through the public API of the running platform')
    .argument('[orders.csv]', 'one row is one item sold; without it, the bundled year of a pizza place')
    .option('--items <items.csv>', 'titles and ingredients of what is sold: name,title,ingredients')
    .option('--map <mapping.json>', "how to read another till's export: columns, formats, encoding")
    .option('--location <id>', 'where it happened; by default the demo location without tax')
    .option('--from <date>', 'leave out what is older (yyyy-mm-dd, local)', day)
    .option('--to <date>', 'leave out what is newer (yyyy-mm-dd, local)', day)
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--key <key>', 'an API key (COMANDA_API_KEY)')
    .option('--concurrency <n>', 'how many orders at once', wholeNumber(1, 256), 192)
    .option('--strict', 'end with 1 when anything was left out')
    .option('--json', 'print no progress: the summary, and on stderr what was left out')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: ReplayOptions) =>
      (await import('./replay.js')).replayFile(file, options),
    );
}

const HELP = `
Rows: id,date,time,name,size,type,price and optionally quantity. Any other export is read through a mapping:

  { "columns": { "order": "invoice", "dateTime": "Order Date", "item": "description", "quantity": "Quantity",
                 "price": "Product Price" },
    "dateTimeFormat": "dd/MM/yy HH:mm", "delimiter": ",", "decimal": ".", "encoding": "utf-8" }

Progress and bad rows (file:line:column: what) go to stderr; stdout ends with one JSON summary. A second run changes
nothing. Exit code 0 when all that could be placed was placed, 1 when nothing could be.`;
