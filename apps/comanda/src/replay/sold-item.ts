import type { LocalTime } from './local-time.js';

/** One row of a history: one item sold. */
export interface SoldItem extends LocalTime {
  /** Of the file, on which the row begins. */
  readonly line: number;
  readonly order: string;
  readonly item: string;
  readonly variation: string;
  readonly category: string | null;
  readonly quantity: number;
  /** Of one, in minor units. */
  readonly price: number;
}

/** What keeps a row out: where in the file and what it is. */
export interface BadRow {
  /** On which the row begins. */
  readonly line: number;
  /** The column's name; its number where it has none. */
  readonly column: string;
  readonly what: string;
  /** The order that the row belongs to, if it says so. */
  readonly order: string | undefined;
  /** When it was sold, if it says so. */
  readonly when: LocalTime | undefined;
}

/** The name of an item that comes in one variation only. */
export const ONLY_VARIATION = 'Regular';
