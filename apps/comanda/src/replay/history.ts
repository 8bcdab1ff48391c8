import type { SoldItem } from './sold-item.js';

/** An order of a history, its rows joined into lines. */
export interface PastOrder {
  /** The number it has in the history. */
  readonly number: string;
  readonly occurredAt: Date;
  readonly date: string;
  readonly time: string;
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
 * Joins rows into orders, oldest first. The rows of an order have its number and its day: exports that count anew each
 * day stay apart. Rows with the same item, variation and price join into one line.
 */
export function toHistory(sold: readonly SoldItem[]): PastOrder[] {
  const orders = Map.groupBy(sold, ({ order, date }) => `${date} ${order}`);
  return [...orders.values()].map(toOrder).sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
}

function toOrder(rows: SoldItem[]): PastOrder {
  const first = rows.reduce((earliest, row) => (row.occurredAt < earliest.occurredAt ? row : earliest));
  const lines = Map.groupBy(rows, ({ item, variation, price }) => JSON.stringify([item, variation, price]));
  return {
    number: first.order,
    occurredAt: first.occurredAt,
    date: first.date,
    time: first.time,
    lines: [...lines.values()].map(([row, ...others]) => {
      const { item, variation, category, price, quantity } = row as SoldItem;
      return {
        item,
        variation,
        category,
        price,
        quantity: others.reduce((sum, other) => sum + other.quantity, quantity),
      };
    }),
  };
}
