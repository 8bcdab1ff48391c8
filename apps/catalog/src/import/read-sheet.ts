import { type ImportCatalog, Line, MAX_AMOUNT } from '@comanda/contracts';
import { isCurrency, parseDecimal } from '@comanda/money';
import { type CallOf, type Fault, fromCell } from '@comanda/platform';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';

/** How a spreadsheet is written: the parameters of the import. */
export type SheetFormat = CallOf<typeof ImportCatalog>['query'];

/** A line of a spreadsheet: a price of a variation. */
export interface SheetRow {
  readonly line: number;
  /** Of the variation. */
  readonly id: string | null;
  readonly sku: string | null;
  readonly item: string;
  readonly category: string | null;
  readonly variation: string | null;
  /** Whole minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
}

/** Reads a spreadsheet; with faults, which name line and column, its rows are not whole. */
export function readSheet(bytes: Uint8Array, format: SheetFormat): { rows: SheetRow[]; faults: Fault[] } {
  try {
    const [headings, ...lines] = split(decode(bytes, format.encoding), format.delimiter);
    if (lines.length > MOST_LINES) throw new SheetError(MOST_LINES + 2, `More than ${MOST_LINES} lines at once.`);
    const columns = columnsOf(headings, format);
    const faults: Fault[] = [];
    const rows = lines.flatMap((line) => readLine(line, columns, format, faults) ?? []);
    return { rows, faults };
  } catch (error) {
    if (error instanceof SheetError) return { rows: [], faults: error.faults };
    throw error;
  }
}

/** Enough for the largest chain; a spreadsheet with more is something else. */
const MOST_LINES = 50_000;

const COLUMNS = ['id', 'sku', 'item', 'category', 'variation', 'price', 'currency'] as const;
type Column = (typeof COLUMNS)[number];

/** The file as a whole cannot be read. */
class SheetError extends Error {
  readonly faults: Fault[];

  constructor(line: number, detail: string, column?: Column) {
    super(detail);
    this.faults = [faultAt(line, detail, column)];
  }
}

const faultAt = (line: number, detail: string, column?: Column): Fault => ({
  pointer: column ? `line/${line}/${column}` : `line/${line}`,
  detail,
});

function decode(bytes: Uint8Array, encoding: SheetFormat['encoding']): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new SheetError(firstUnreadable(bytes, encoding), `Is not ${encoding}; another encoding may be.`);
  }
}

/** The number of the first line that is not in the encoding. */
function firstUnreadable(bytes: Uint8Array, encoding: string): number {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end === -1 ? undefined : end));
    } catch {
      return line;
    }
    if (end === -1) return line;
    start = end + 1;
  }
}

interface SheetLine {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The lines with anything in them (RFC 4180, with any line ending). */
function split(text: string, delimiter: string): SheetLine[] {
  const lines: SheetLine[] = [];
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_records_with_empty_values: true,
      on_record: (cells: string[], { lines: line }) => {
        lines.push({ line, cells: cells.map(tidy) });
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) throw new SheetError(Number(error['lines'] ?? 1), error.message);
    throw error;
  }
  return lines;
}

/** Spreadsheets know many kinds of space, and two ways to write é. */
const tidy = (cell: string): string => cell.normalize('NFC').replaceAll(/\s+/g, ' ').trim();

/** Where each column stands; -1 for one that the file does without. */
function columnsOf(headings: SheetLine | undefined, format: SheetFormat): Record<Column, number> {
  if (!headings) throw new SheetError(1, 'The file is empty.');
  const names = headings.cells.map((cell) => cell.toLowerCase());
  const find = (column: Column, needed: boolean): number => {
    const name = tidy(format[`${column}Column`]);
    const at = names.indexOf(name.toLowerCase());
    if (at === -1 && needed)
      throw new SheetError(headings.line, `There is no column ${name} among ${headings.cells.join(', ')}.`, column);
    if (at !== names.lastIndexOf(name.toLowerCase()))
      throw new SheetError(headings.line, `There is more than one column ${name}.`, column);
    return at;
  };
  return {
    id: find('id', false),
    sku: find('sku', false),
    item: find('item', true),
    category: find('category', false),
    variation: find('variation', false),
    price: find('price', true),
    currency: find('currency', format.currency === undefined),
  };
}

/** A line with something wrong in it is left out, and each of its faults is told. */
function readLine(
  { line, cells }: SheetLine,
  columns: Record<Column, number>,
  format: SheetFormat,
  faults: Fault[],
): SheetRow | undefined {
  const before = faults.length;
  const read = <T>(column: Column, reader: (cell: string) => T): T | undefined => {
    try {
      return reader(cells[columns[column]] ?? '');
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      faults.push(faultAt(line, error.message, column));
      return undefined;
    }
  };
  const id = read('id', idIn) ?? null;
  const sku = read('sku', (cell) => textIn(cell, 100)) ?? null;
  const item = read('item', (cell) => required(textIn(cell, 500)));
  const category = read('category', (cell) => textIn(cell, 500)) ?? null;
  const variation = read('variation', (cell) => textIn(cell, 500)) ?? null;
  const currency = read('currency', (cell) => currencyIn(cell === '' ? (format.currency ?? '') : cell));
  const amount = read('price', (cell) => currency && amountIn(required(cell), currency, format.decimal));
  if (faults.length > before || item === undefined || typeof amount !== 'number' || currency === undefined)
    return undefined;
  return { line, id, sku, item, category, variation, amount, currency };
}

/** Something is wrong with what a cell holds. */
class CellError extends Error {}

function required(cell: string | null): string {
  if (cell === null || cell === '') throw new CellError('Is missing.');
  return cell;
}

function idIn(cell: string): string | null {
  if (cell === '') return null;
  if (!z.guid().safeParse(cell).success) throw new CellError(`${cell} is not an id.`);
  return cell.toLowerCase();
}

function textIn(written: string, max: number): string | null {
  const cell = fromCell(written);
  if (cell === '') return null;
  if (cell.length > max) throw new CellError(`Is longer than ${max} characters.`);
  if (!Line(max).safeParse(cell).success) throw new CellError('Holds signs that cannot be printed.');
  return cell;
}

function currencyIn(cell: string): string {
  const code = required(cell);
  if (!isCurrency(code)) throw new CellError(`${code} is not a currency of ISO 4217.`);
  return code;
}

/** An amount in major units, with or without a currency sign. */
function amountIn(cell: string, currency: string, decimal: '.' | ','): number {
  const bare = cell.replaceAll(/^[\p{Sc} ]+|[\p{Sc} ]+$/gu, '');
  try {
    if (decimal === ',' && bare.includes('.')) throw new RangeError('It has both signs.');
    const amount = parseDecimal(bare.replace(decimal, '.'), currency);
    if (amount >= 0 && amount <= MAX_AMOUNT) return amount;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CellError(`${cell} is not an amount of ${currency}.`, { cause: error });
  }
  throw new CellError(`${cell} is less than nothing, or too much.`);
}
