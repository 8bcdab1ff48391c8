import { formatDecimal, isCurrency } from '@comanda/money';
import { csvOf, toCell } from '@comanda/platform';
import type { Report } from './reports.js';
import type { Figures } from './reports.store.js';

/**
 * Writes a report as CSV: a column for the key of each group and one for
 * its name where it has any, then the currency or unit, then the figures, amounts in major units.
 */
export function toCsv(
  { dimensions, apart, counts, sums }: Report,
  groupBy: readonly string[],
  rows: readonly Figures[],
): string {
  const header = [
    ...groupBy.flatMap((name) => (dimensions[name]?.name ? [name, `${name}Name`] : [name])),
    apart,
    ...Object.keys(counts),
    ...Object.keys(sums),
  ];
  const lines = rows.map((row) => [
    ...groupBy.flatMap((name) => {
      const { key, name: called } = row.group[name] ?? { key: null, name: null };
      return dimensions[name]?.name ? [text(key), text(called)] : [text(key)];
    }),
    text(row.apart),
    ...Object.keys(counts).map((name) => String(row.counts[name])),
    ...Object.keys(sums).map((name) => amount(row.sums[name] ?? 0, row.apart)),
  ]);
  return csvOf([header, ...lines]);
}

const amount = (minor: number, currency: string): string =>
  isCurrency(currency) ? formatDecimal({ amount: minor, currency }) : String(minor);

const text = (cell: string | null): string => toCell(cell ?? '');
