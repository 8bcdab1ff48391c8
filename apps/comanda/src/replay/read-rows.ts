import { parse } from 'csv-parse/sync';
import { DateTime } from 'luxon';
import { CommandFailure } from '../cli/failure.js';
import type { CompleteMapping } from './mapping.js';
import { parseNumber } from './parse-number.js';
import { type BadRow, ONLY_VARIATION, type SoldItem } from './sold-item.js';

/** Where the history happened. */
export interface Place {
  readonly timeZone: string;
  readonly currency: string;
}

/**
 * Reads a history: the good rows in the file's order, and what is wrong with the others. A bad row never spoils another.
 * @throws CommandFailure when the file is no table, or lacks a column that the mapping names
 */
export function readRows(
  bytes: Uint8Array,
  mapping: CompleteMapping,
  place: Place,
  file: string,
): { sold: SoldItem[]; bad: BadRow[] } {
  const { records, columns } = recordsOf(bytes, mapping, file);
  const { columns: named } = mapping;
  const wanted = [
    named.order,
    named.item,
    named.price,
    ...('dateTime' in named.when ? [named.when.dateTime] : [named.when.date, named.when.time]),
    named.variation,
    named.category,
    ...(mapping.quantityAssumed ? [] : [named.quantity]),
  ];
  for (const column of wanted) {
    if (column !== undefined && !columns.has(column))
      throw new CommandFailure(`${file}:1:${column}: there is no such column; there are ${[...columns].join(', ')}`);
  }
  const sold: SoldItem[] = [];
  const bad: BadRow[] = [];
  const whenOf = momentReader(mapping, place);
  for (const { line, fields } of records) {
    try {
      sold.push(toSoldItem(fields, mapping, place, whenOf));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      bad.push({ line, column: error.column, what: error.message, order: fields[named.order]?.trim() || undefined });
    }
  }
  return { sold, bad };
}

class Unreadable extends Error {
  constructor(
    readonly column: string,
    what: string,
  ) {
    super(what);
  }
}

type Fields = Readonly<Record<string, string>>;

function recordsOf(
  bytes: Uint8Array,
  { encoding, delimiter }: CompleteMapping,
  file: string,
): { records: { line: number; fields: Fields }[]; columns: Set<string> } {
  const text = new TextDecoder(encoding).decode(bytes);
  let columns: string[] = [];
  try {
    const rows = parse(text, {
      delimiter,
      columns: (header: string[]) => (columns = header.map((name) => name.trim())),
      info: true,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    return {
      records: rows.map(({ record, info }) => ({ line: info.lines, fields: record })),
      columns: new Set(columns),
    };
  } catch (error) {
    throw new CommandFailure(`${file} is no table of values: ${(error as Error).message}`);
  }
}

function toSoldItem(
  fields: Fields,
  { columns, decimal }: CompleteMapping,
  { currency }: Place,
  whenOf: (fields: Fields) => When,
): SoldItem {
  const text = (column: string, max: number): string => {
    const value = (fields[column] ?? '').trim().replaceAll(/\s+/g, ' ');
    if (value === '') throw new Unreadable(column, 'is empty');
    if (value.includes('\uFFFD')) throw new Unreadable(column, 'is not in the encoding that the mapping names');
    if (CONTROL.test(value)) throw new Unreadable(column, 'holds control characters');
    if (value.length > max) throw new Unreadable(column, `is longer than ${max} characters`);
    return value;
  };
  const optional = (column: string | undefined, max: number): string | undefined =>
    column === undefined || !fields[column]?.trim() ? undefined : text(column, max);
  return {
    order: text(columns.order, 100),
    ...whenOf(fields),
    item: text(columns.item, 200),
    variation: optional(columns.variation, 100) ?? ONLY_VARIATION,
    category: optional(columns.category, 100) ?? null,
    quantity: quantityOf(fields, columns.quantity, decimal),
    price: priceOf(text(columns.price, 40), columns.price, currency, decimal),
  };
}

const CONTROL = /[\u0000-\u001f\u007f]/;

function quantityOf(fields: Fields, column: string | undefined, decimal: '.' | ','): number {
  const written = column === undefined ? undefined : fields[column]?.trim();
  if (written === undefined && column !== undefined && !(column in fields)) return 1;
  if (column === undefined) return 1;
  const quantity = parseNumber(written ?? '', { decimal, digits: 0 });
  if (quantity === undefined) throw new Unreadable(column, `"${written ?? ''}" is no whole number`);
  if (quantity <= 0) throw new Unreadable(column, `${quantity} is not above zero`);
  if (quantity > MAX_QUANTITY) throw new Unreadable(column, `${quantity} is more than ${MAX_QUANTITY}`);
  return quantity;
}

const MAX_QUANTITY = 10_000;

function priceOf(written: string, column: string, currency: string, decimal: '.' | ','): number {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const price = parseNumber(written, { decimal, digits });
  if (price === undefined) throw new Unreadable(column, `"${written}" is no price in ${currency}`);
  if (price < 0) throw new Unreadable(column, `${written} is below zero`);
  if (price > MAX_PRICE) throw new Unreadable(column, `${written} is too much`);
  return price;
}

const MAX_PRICE = 100_000_000;

type When = Pick<SoldItem, 'occurredAt' | 'date' | 'time'>;

/** Reads the moment of a row: local to the location, also across clock changes. */
function momentReader(
  { columns: { when }, dateTimeFormat = '', dateFormat, timeFormat, locale }: CompleteMapping,
  { timeZone }: Place,
): (fields: Fields) => When {
  const [format, pick] =
    'dateTime' in when
      ? [dateTimeFormat, (fields: Fields) => fields[when.dateTime] ?? '']
      : [
          `${dateFormat} ${timeFormat}`,
          (fields: Fields) => `${fields[when.date]?.trim() ?? ''} ${fields[when.time]?.trim() ?? ''}`,
        ];
  const column = 'dateTime' in when ? when.dateTime : when.date;
  const parser = DateTime.buildFormatParser(format, { locale });
  return (fields) => {
    const written = pick(fields).trim();
    const moment = DateTime.fromFormatParser(written, parser, { zone: timeZone, locale });
    if (!moment.isValid) throw new Unreadable(column, `"${written}" is no time written as ${format}`);
    return { occurredAt: moment.toJSDate(), date: moment.toISODate(), time: moment.toFormat('HH:mm:ss') };
  };
}
