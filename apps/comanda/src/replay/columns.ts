import { tidy } from './tidy.js';

/**
 * Where a column stands in a header: the one called exactly so, else the one that differs in its letters' case.
 * @returns its index; -1 when there is none; 'several' when more than one could be meant
 */
export function columnAt(header: readonly string[], name: string): number | 'several' {
  const wanted = tidy(name);
  const exactly = indexes(header, (column) => column === wanted);
  const found = exactly.length > 0 ? exactly : indexes(header, (column) => fold(column) === fold(wanted));
  return found.length > 1 ? 'several' : (found[0] ?? -1);
}

/** The columns that there are, in so few words that one sees what is wrong. */
export function listed(header: readonly string[]): string {
  const shown = header.slice(0, 30).map((column) => (column.length > 40 ? `${column.slice(0, 40)}…` : column));
  return `${shown.join(', ')}${header.length > shown.length ? ' …' : ''}`;
}

const fold = (column: string): string => column.toLowerCase();

const indexes = (header: readonly string[], matches: (column: string) => boolean): number[] =>
  header.flatMap((column, at) => (matches(column) ? [at] : []));
