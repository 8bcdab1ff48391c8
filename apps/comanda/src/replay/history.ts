import type { LocalTime } from './local-time.js';
import type { BadRow, SoldItem } from './sold-item.js';

/** An order of a history, its rows joined into lines. */
export interface PastOrder extends LocalTime {
  /** The number it has in the history. */
  readonly number: string;
  /** The first of the file's lines on which one of its rows begins. */
  readonly line: number;
  readonly lines: readonly PastLine[];
}

export interface PastLine {
  readonly item: string;
  readonly variation: string;
  readonly category: string | null;
  readonly price: number;
  readonly quantity: number;
}

/**
 * Joins rows into orders, oldest first, wherever in the file they stand. An order has the time of its first row. Its rows
 * have its number and its day, or follow within hours past midnight: exports that count anew each day stay apart.
 * Rows with the same item, variation and price join into one line. As on a menu, letters' case makes no other item: each
 * has the spelling that the file has first.
 */
export function toHistory(sold: readonly SoldItem[]): PastOrder[] {
  return groupOrders(inOneSpelling(sold))
    .map(toOrder)
    .sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
}

function inOneSpelling(sold: readonly SoldItem[]): SoldItem[] {
  const first = new Map<string, SoldItem>();
  const firstOf = (row: SoldItem, key: string): SoldItem => first.get(key) ?? (first.set(key, row), row);
  return sold.map((row) => {
    const name = row.item.toLowerCase();
    const { item } = firstOf(row, name);
    const { variation } = firstOf(row, `${name}\n${row.variation.toLowerCase()}`);
    return item === row.item && variation === row.variation ? row : { ...row, item, variation };
  });
}

/** Why an order cannot be placed, for its size; `undefined` for one that can. */
export function tooLarge({ lines }: PastOrder): string | undefined {
  if (lines.length > MOST_LINES) return `has ${lines.length} lines, and an order can have ${MOST_LINES}`;
  const much = lines.find(({ quantity }) => quantity > MOST_OF_ONE);
  return much && `has ${much.quantity} of ${much.item}, and a line can have ${MOST_OF_ONE}`;
}

const MOST_LINES = 500;
const MOST_OF_ONE = 10_000;

/** How many orders have bad rows and not one good one. A row that does not say its order counts for none. */
export function lostOrders(sold: readonly SoldItem[], bad: readonly BadRow[]): number {
  const dated = bad.flatMap(({ order, when }) => (order !== undefined && when ? [{ ...when, order }] : []));
  const good = new Set<OrderRow>(sold);
  const lost = groupOrders<OrderRow>([...sold, ...dated]).filter((rows) => !rows.some((row) => good.has(row)));
  const known = new Set([...sold, ...dated].map(({ order }) => order));
  const undated = bad.flatMap(({ order }) => (order === undefined || known.has(order) ? [] : [order]));
  return lost.length + new Set(undated).size;
}

type OrderRow = LocalTime & { readonly order: string };

/** Groups rows by order, each group in the order of the file. */
function groupOrders<Row extends OrderRow>(rows: readonly Row[]): Row[][] {
  return [...Map.groupBy(rows, ({ order }) => order).values()].flatMap((sameNumber) => {
    const firstOf = new Map<Row, Row>();
    let open: { first: Row; last: Row } | undefined;
    for (const row of sameNumber.toSorted((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime())) {
      const follows = open && (row.date === open.first.date || gap(open.last, row) <= PAST_MIDNIGHT);
      open = { first: open && follows ? open.first : row, last: row };
      firstOf.set(row, open.first);
    }
    return [...Map.groupBy(sameNumber, (row) => firstOf.get(row)).values()];
  });
}

const gap = (one: LocalTime, other: LocalTime): number => other.occurredAt.getTime() - one.occurredAt.getTime();

const PAST_MIDNIGHT = 4 * 3_600_000;

function toOrder(rows: SoldItem[]): PastOrder {
  const first = rows.reduce((earliest, row) => (row.occurredAt < earliest.occurredAt ? row : earliest));
  const { order: number, occurredAt, date, time } = first;
  const lines = Map.groupBy(rows, ({ item, variation, price }) => JSON.stringify([item, variation, price]));
  const { line } = rows[0] as SoldItem;
  return { number, line, occurredAt, date, time, lines: [...lines.values()].map(toLine) };
}

function toLine(rows: SoldItem[]): PastLine {
  const { item, variation, category, price } = rows[0] as SoldItem;
  return { item, variation, category, price, quantity: rows.reduce((sum, { quantity }) => sum + quantity, 0) };
}
