import { basename } from 'node:path';
import { ApiProblem, type Comanda, type Location } from '@comanda/client';
import { bundled } from '../demo/bundled.js';
import { type Descriptions, readItems } from '../demo/items.js';
import { lostOrders, type PastOrder, toHistory, tooLarge } from '../replay/history.js';
import { type CompleteMapping, mappingIn, readMapping } from '../replay/mapping.js';
import { onePriceEach } from '../replay/menu-plan.js';
import { readRows } from '../replay/read-rows.js';
import { replay, type ReplayTotals, shown } from '../replay/replay.js';
import { concluded, settled, type Settled } from '../replay/settled.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { CommandFailure } from './failure.js';
import { complain, printJson, Progress } from './output.js';
import { readInput } from './read-input.js';

export interface ReplayOptions extends ConnectOptions {
  readonly items?: string;
  readonly map?: string;
  readonly location?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly concurrency: number;
  readonly from?: string;
  readonly to?: string;
}

/** Places a history on the running platform, shows how far it is, and prints what came of it. */
export async function replayFile(file: string | undefined, options: ReplayOptions): Promise<void> {
  const { concurrency } = options;
  const sources = await readSources(file, options);
  const { api, demo } = await connectToPlatform(options, concurrency);
  try {
    const location = await locationOf(api, options.location ?? demo?.locations[0]?.id);
    const progress = new Progress(process.stderr, options.json === true);
    progress.step(`reading ${sources.file}`);
    const { history, skipped, nothing } = readHistory(sources, location, options);
    progress.step(`${history.length} orders at ${location.name}`);
    const began = performance.now();
    const totals = await replay({
      api,
      location,
      history,
      items: sources.items,
      concurrency,
      progress: (done, placed) => progress.update(rate(done, history.length, placed, began)),
    });
    const seconds = (performance.now() - began) / 1000;
    progress.done();
    progress.step('waiting until stock and points have followed');
    await concluded(api, totals);
    const effects = await settled(api, totals);
    reportTrouble(totals, (order, what) => complain(`${sources.file}:${order.line}: order ${order.number}: ${what}`));
    skipped.orders += totals.refused.length;
    if (!options.json) complain(sentenceOn(totals, location.currency));
    printJson(summaryOf(totals, effects, location.currency, skipped, seconds));
    if (totals.placed === 0 && totals.orders > 0)
      progress.step('every order of this history was there already: nothing was changed');
    if (totals.orders === 0) throw new CommandFailure(nothing ?? 'Nothing could be placed.');
    if (options.strict && skipped.rows + skipped.orders + totals.unpaid.length > 0)
      throw new CommandFailure('Some of it was left out.');
  } finally {
    await api.close();
  }
}

/** What the user gave, as far as it can be read without knowing where it happened. */
interface Sources {
  /** The name of the file of orders. */
  readonly file: string;
  readonly orders: Uint8Array;
  readonly mapping: CompleteMapping;
  readonly items: Descriptions;
}

async function readSources(file: string | undefined, options: ReplayOptions): Promise<Sources> {
  const path = file ?? bundled.orders;
  const itemsPath = options.items ?? (file === undefined ? bundled.items : undefined);
  const mapping = options.map ? mappingIn(await readInput(options.map), basename(options.map)) : readMapping(undefined);
  const orders = await readInput(path);
  if (itemsPath === undefined) return { file: basename(path), orders, mapping, items: new Map() };
  const { items, bad } = readItems(await readInput(itemsPath), basename(itemsPath));
  for (const { line, column, what } of bad) complain(`${basename(itemsPath)}:${line}:${column}: ${what}`);
  return { file: basename(path), orders, mapping, items };
}

async function locationOf(api: Comanda, id: string | undefined): Promise<Location> {
  if (id !== undefined) {
    try {
      return (await api.GET('/v1/identity/locations/{locationId}', { path: { locationId: id } })).data;
    } catch (error) {
      if (error instanceof ApiProblem && [400, 404].includes(error.status))
        throw new CommandFailure(`There is no location ${id}.`);
      throw error;
    }
  }
  const [first] = (await api.GET('/v1/identity/locations')).data.data;
  if (!first) throw new CommandFailure('The organization has no location.');
  return first;
}

/** Reads the orders of some days, and reports what is left out; with a sentence that says why there is nothing. */
function readHistory(
  { file, orders: bytes, mapping }: Sources,
  location: Location,
  { from = '', to = '9999' }: ReplayOptions,
) {
  const { sold, bad } = readRows(bytes, mapping, location, file);
  for (const { line, column, what } of bad) complain(`${file}:${line}:${column}: ${what}`);
  // Orders, not rows: one that runs past midnight stays whole.
  const within = toHistory(sold).filter(({ date }) => date >= from && date <= to);
  let nothing: string | undefined;
  if (sold.length + bad.length === 0) nothing = `${file} has no rows below its header.`;
  else if (sold.length === 0)
    nothing = `Nothing could be placed: not one row of ${file} can be read as the mapping says.`;
  else if (within.length === 0) nothing = `${file} has no orders on these days.`;
  const history: PastOrder[] = [];
  let orders = lostOrders(sold, bad);
  for (const order of onePriceEach(within)) {
    const what = tooLarge(order);
    if (what === undefined) {
      history.push(order);
      continue;
    }
    orders += 1;
    complain(`${file}:${order.line}:${mapping.columns.order}: order ${order.number} ${what}`);
  }
  return { history, skipped: { orders, rows: bad.length }, nothing };
}

function rate(done: number, all: number, placed: number, began: number): string {
  const seconds = (performance.now() - began) / 1000;
  const percent = Math.floor((done * 100) / all);
  const left = Math.ceil(((all - done) * seconds) / done);
  return `${done} of ${all} orders (${percent} %), ${placed} new, ${Math.round(done / seconds)}/s, ${duration(left)} left`;
}

const duration = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;

function reportTrouble({ refused, unpaid }: ReplayTotals, report: (order: PastOrder, what: string) => void): void {
  for (const { order, why } of refused) report(order, why);
  for (const { order, why } of unpaid) report(order, `its payment: ${why}`);
}

function sentenceOn({ orders, lines, items, gross }: ReplayTotals, currency: string): string {
  return `${orders} orders, ${lines} lines, ${items} items, ${shown(gross, currency)}`;
}

function summaryOf(
  { orders, lines, items, gross, paid, refunded, placed }: ReplayTotals,
  { stockMovements, pointsEarned }: Settled,
  currency: string,
  skipped: { orders: number; rows: number },
  seconds: number,
): object {
  const money = (amount: number) => ({ amount, currency });
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
