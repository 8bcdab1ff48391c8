import { minorDigits } from '@comanda/money';
import { CommandFailure } from '../cli/failure.js';
import { columnAt, listed } from './columns.js';
import { isDamaged, markedEncoding, noText } from './decoding.js';
import { type LocalTime, localTimeReader } from './local-time.js';
import type { CompleteMapping } from './mapping.js';
import { parseNumber, parseQuantity } from './parse-number.js';
import { remembering } from './remembering.js';
import { type BadRow, ONLY_VARIATION, type SoldItem } from './sold-item.js';
import { rowsOf, type TableRow } from './table.js';
import { tidy } from './tidy.js';

/** Where the history happened. */
export interface Place {
  readonly timeZone: string;
  readonly currency: string;
}

/** What is sold a little after now is a clock that is not quite right. */
const AHEAD_MS = 5 * 60_000;

/**
 * Reads a history: the good rows in the file's order, and what is wrong with the others. A bad row never spoils another.
 * A title above the columns' names is passed over.
 * @param now what is sold later than that is a mistake
 * @throws CommandFailure when the file lacks a column that the mapping names, or has it twice
 */
export function readRows(
  bytes: Uint8Array,
  mapping: CompleteMapping,
  place: Place,
  file: string,
  now = new Date(),
): { sold: SoldItem[]; bad: BadRow[] } {
  const encoding = markedEncoding(bytes) ?? mapping.encoding;
  const text = new TextDecoder(encoding).decode(bytes);
  const { header, begin, missing } = findHeader([...rowsOf(text, mapping.delimiter).take(TITLE_ROWS)], mapping, file);
  if (missing !== undefined) {
    const what = noText(bytes, encoding);
    throw new CommandFailure(what === undefined ? missing : `${file} ${what}.`);
  }
  const until = now.getTime() + AHEAD_MS;
  const read = rowReader(header, mapping, { ...place, until }, isDamaged(bytes, encoding) ? encoding : undefined);
  const sold: SoldItem[] = [];
  const bad: BadRow[] = [];
  for (const row of rowsOf(text, mapping.delimiter).drop(begin)) {
    const result = read(row);
    if ('what' in result) bad.push(result);
    else sold.push(result);
  }
  return { sold, bad };
}

/** Finds the columns' names, and the row that follows them; or says which one is missing. */
function findHeader(
  rows: readonly TableRow[],
  { columns, when, assumed, delimiter }: CompleteMapping,
  file: string,
): { header: readonly string[]; begin: number; missing: string | undefined } {
  const needed = [...Object.values(columns), ...when.map(({ column }) => column)].flatMap((column) =>
    column === undefined || assumed.has(column) ? [] : [column],
  );
  const candidates = rows.map(({ cells }) => cells.map(tidy));
  const begin = candidates.findIndex((header) => needed.every((column) => columnAt(header, column) !== -1));
  const header = candidates[Math.max(begin, 0)];
  if (!header) throw new CommandFailure(`${file} is empty.`);
  const absent = needed.find((column) => columnAt(header, column) === -1);
  if (absent !== undefined) {
    const hint = header.length === 1 ? `; is ${JSON.stringify(delimiter)} what separates them?` : '';
    const missing = `${file}:${rows[0]?.line ?? 1}:${absent}: there is no such column; there are ${listed(header)}${hint}`;
    return { header, begin, missing };
  }
  const twice = needed.find((column) => columnAt(header, column) === 'several');
  if (twice !== undefined)
    throw new CommandFailure(`${file}:${rows[begin]?.line ?? 1}:${twice}: there are two columns of this name`);
  return { header, begin: begin + 1, missing: undefined };
}

const TITLE_ROWS = 20;

/** What is wrong with a row, and in which column. */
class Unreadable extends Error {
  constructor(
    readonly column: string,
    what: string,
  ) {
    super(what);
  }
}

/** @param damaged the encoding that not all bytes of the file are in */
function rowReader(
  header: readonly string[],
  { columns, when, locale, decimal }: CompleteMapping,
  { timeZone, currency, until }: Place & { readonly until: number },
  damaged: string | undefined,
): (row: TableRow) => SoldItem | BadRow {
  const named = [...Object.values(columns), ...when.map(({ column }) => column)];
  const placeOf = (column: string): number => {
    const at = columnAt(header, column);
    // Only what nobody named can be there several times: then it is not what was assumed.
    return at === 'several' ? -1 : at;
  };
  const places = new Map(named.map((column) => [column, column === undefined ? -1 : placeOf(column)]));
  const digits = minorDigits(currency);
  const amountIn = remembering((written) => parseNumber(written, { decimal, digits }));
  const quantityIn = remembering(parseQuantity);
  const timeOf = localTimeReader({ format: when.map(({ format }) => format).join(' '), locale }, timeZone);
  const partOf = new Map(when.map(({ format }) => [format, localTimeReader({ format, locale }, timeZone)]));

  const nameOf = (index: number): string => header[index] || String(index + 1);
  const cell = ({ cells }: TableRow, column: string): string => cells[places.get(column) ?? -1]?.trim() ?? '';

  function text(row: TableRow, column: string, max: number): string {
    const value = tidy(cell(row, column));
    if (value === '') throw new Unreadable(column, 'is empty');
    if (damaged !== undefined && value.includes('\ufffd')) throw new Unreadable(column, `is not in ${damaged}`);
    if (value.length > max) throw new Unreadable(column, `is longer than ${max} characters`);
    return value;
  }

  function optional(row: TableRow, column: string | undefined): string | undefined {
    return column === undefined || cell(row, column) === '' ? undefined : text(row, column, MAX_NAME);
  }

  function timeIn(row: TableRow): LocalTime | undefined {
    return timeOf(when.map(({ column }) => cell(row, column)).join(' '));
  }

  /** The day is blamed before the time of day. */
  function unreadableTime(row: TableRow): Unreadable {
    const { column, format } = when.find((part) => !partOf.get(part.format)?.(cell(row, part.column))) ?? when[0];
    return new Unreadable(column, unreadable(cell(row, column), `no time written as ${format}`));
  }

  function quantityOf(row: TableRow): number {
    const { quantity: column } = columns;
    if (column === undefined || places.get(column) === -1) return 1;
    const written = text(row, column, MAX_NUMBER);
    const quantity = quantityIn(written);
    if (quantity === undefined) throw new Unreadable(column, unreadable(written, 'no whole number'));
    if (quantity <= 0) throw new Unreadable(column, `${quantity} is not above zero`);
    if (quantity > MAX_QUANTITY) throw new Unreadable(column, `${quantity} is more than ${MAX_QUANTITY}`);
    return quantity;
  }

  function priceOf(row: TableRow): number {
    const { price: column } = columns;
    const written = text(row, column, MAX_NUMBER);
    const price = amountIn(written);
    if (price === undefined) throw new Unreadable(column, unreadable(written, `no price in ${currency}`));
    if (price < 0) throw new Unreadable(column, `${written} is below zero`);
    if (price > MAX_PRICE) throw new Unreadable(column, `${written} is too much`);
    return price;
  }

  function toSoldItem(row: TableRow): SoldItem {
    if (row.unclosed !== undefined) throw new Unreadable(nameOf(row.unclosed), 'opens a quote that is not closed');
    const beyond = row.cells.findIndex((value, index) => index >= header.length && value.trim() !== '');
    if (beyond !== -1) throw new Unreadable(nameOf(beyond), 'stands beyond the last column');
    const order = text(row, columns.order, MAX_ORDER);
    const time = timeIn(row);
    if (!time) throw unreadableTime(row);
    if (time.occurredAt.getTime() > until) throw new Unreadable(when[0].column, 'is in the future');
    return {
      line: row.line,
      order,
      ...time,
      item: text(row, columns.item, MAX_NAME),
      variation: optional(row, columns.variation) ?? ONLY_VARIATION,
      category: optional(row, columns.category) ?? null,
      quantity: quantityOf(row),
      price: priceOf(row),
    };
  }

  return (row) => {
    try {
      return toSoldItem(row);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const order = tidy(cell(row, columns.order)) || undefined;
      return { line: row.line, column: error.column, what: error.message, order, when: timeIn(row) };
    }
  };
}

const MAX_ORDER = 100;
const MAX_NAME = 500;
const MAX_NUMBER = 60;
const MAX_QUANTITY = 10_000;
/** Of one: so that no bill of many becomes more than an amount can be. */
const MAX_PRICE = 10_000_000_000;

function unreadable(written: string, what: string): string {
  if (written === '') return 'is empty';
  return `${JSON.stringify(written.length > 40 ? `${written.slice(0, 40)}…` : written)} is ${what}`;
}
