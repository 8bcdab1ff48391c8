import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Location } from '@comanda/contracts';
import type { Command } from 'commander';
import { readItems } from '../demo/items.js';
import { bundled } from '../demo/bundled.js';
import { lostOrders, toHistory } from '../replay/history.js';
import { readMapping } from '../replay/mapping.js';
import { onePriceEach } from '../replay/menu-plan.js';
import { readRows } from '../replay/read-rows.js';
import { replay, type ReplayTotals, shown } from '../replay/replay.js';
import { concluded, settled, type Settled } from '../replay/settled.js';
import type { ApiClient } from './api-client.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { CommandFailure } from './failure.js';
import { wholeNumber } from './options.js';
import { complain, printJson, Progress } from './output.js';

interface ReplayCommandOptions extends ConnectOptions {
  readonly items?: string;
  readonly map?: string;
  readonly location?: string;
  readonly strict?: boolean;
  readonly concurrency: number;
  readonly from?: string;
  readonly to?: string;
}

export function replayCommand(program: Command): void {
  program
    .command('replay')
    .description('place a real history of orders through the public API of the running platform')
    .argument('[orders.csv]', 'one row is one item sold; without it, the bundled year of a pizza place')
    .option('--items <items.csv>', 'titles and ingredients of what is sold: name,title,ingredients')
    .option('--map <mapping.json>', "how to read another till's export: columns, formats, encoding")
    .option('--location <id>', 'where it happened; by default the demo location without tax')
    .option('--from <date>', 'leave out what is older (yyyy-mm-dd, local)')
    .option('--to <date>', 'leave out what is newer (yyyy-mm-dd, local)')
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--key <key>', 'an API key (COMANDA_API_KEY)')
    .option('--concurrency <n>', 'how many orders at once', wholeNumber(1, 256), 16)
    .option('--strict', 'end with 1 when anything was left out')
    .addHelpText('after', HELP)
    .action(replayFile);
}

const HELP = `
Rows: id,date,time,name,size,type,price and optionally quantity. Any other export is read through a mapping:

  { "columns": { "order": "invoice", "dateTime": "Order Date", "item": "description", "quantity": "Quantity",
                 "price": "Product Price" },
    "dateTimeFormat": "dd/MM/yy HH:mm", "delimiter": ",", "decimal": ".", "encoding": "utf-8" }

Progress and bad rows (file:line:column: what) go to stderr; stdout ends with one JSON summary. A second run changes
nothing. Exit code 0 when all that could be placed was placed, 1 when nothing could be.`;

async function replayFile(file: string | undefined, options: ReplayCommandOptions): Promise<void> {
  const { concurrency } = options;
  const { api, demo } = await connectToPlatform(options, concurrency);
  try {
    const location = await locationOf(api, options.location ?? demo?.locations[0]?.id);
    const { history, bad, lost } = await readHistory(file, location, options);
    const items = options.items
      ? readItems(await readFile(options.items), basename(options.items))
      : file
        ? new Map()
        : readItems(await readFile(bundled.items), 'items.csv');
    const progress = new Progress();
    progress.step(`${history.length} orders at ${location.name}`);
    const began = performance.now();
    const totals = await replay({
      api,
      location,
      history,
      items,
      concurrency,
      progress: (done, placed) => progress.update(rate(done, history.length, placed, began)),
    });
    const seconds = (performance.now() - began) / 1000;
    progress.done();
    progress.step('waiting until stock and points have followed');
    await concluded(api, totals);
    const effects = await settled(api, totals);
    for (const { order, why } of totals.refused) complain(`order ${order.number}: ${why}`);
    for (const { order, why } of totals.unpaid) complain(`order ${order.number}, its payment: ${why}`);
    printJson(
      summaryOf(
        totals,
        effects,
        location.currency,
        { orders: lost + totals.refused.length, rows: bad.length },
        seconds,
      ),
    );
    if (totals.placed === 0 && totals.orders > 0)
      progress.step('every order of this history was there already: nothing was changed');
    if (totals.orders === 0) throw new CommandFailure('Nothing could be placed.');
    if (options.strict && bad.length + totals.refused.length + totals.unpaid.length > 0)
      throw new CommandFailure('Some of it was left out.');
  } finally {
    await api.close();
  }
}

async function locationOf(api: ApiClient, id: string | undefined): Promise<Location> {
  if (id !== undefined) return (await api.get<Location>(`/v1/identity/locations/${id}`)).body;
  const { body } = await api.get<{ data: Location[] }>('/v1/identity/locations');
  const [first] = body.data;
  if (!first) throw new CommandFailure('The organization has no location.');
  return first;
}

async function readHistory(
  file: string | undefined,
  location: Location,
  { map, from = '', to = '9999' }: ReplayCommandOptions,
) {
  const path = file ?? bundled.orders;
  const mapping = readMapping(map === undefined ? undefined : await readFile(map, 'utf8'), map && basename(map));
  const { sold, bad } = readRows(await readFile(path), mapping, location, basename(path));
  for (const { line, column, what } of bad) complain(`${basename(path)}:${line}:${column}: ${what}`);
  // Orders, not rows: one that runs past midnight stays whole.
  const history = toHistory(sold).filter(({ date }) => date >= from && date <= to);
  return { history: onePriceEach(history), bad, lost: lostOrders(sold, bad) };
}

function rate(done: number, all: number, placed: number, began: number): string {
  const perSecond = Math.round(done / ((performance.now() - began) / 1000));
  return `${done} of ${all} orders (${Math.floor((done * 100) / all)} %), ${placed} new, ${perSecond}/s`;
}

function summaryOf(
  totals: ReplayTotals,
  { stockMovements, pointsEarned }: Settled,
  currency: string,
  skipped: { orders: number; rows: number },
  seconds: number,
): object {
  const money = (amount: number) => ({ amount, currency });
  const { orders, lines, items, gross, paid, refunded, placed } = totals;
  complain(`${orders} orders, ${lines} lines, ${items} items, ${shown(gross, currency)}`);
  return {
    orders,
    lines,
    items,
    gross: money(gross),
    paid: money(paid),
    refunded: money(refunded),
    stockMovements,
    pointsEarned,
    placed,
    skipped,
    seconds: Math.round(seconds * 10) / 10,
    ordersPerSecond: Math.round(orders / seconds),
  };
}
