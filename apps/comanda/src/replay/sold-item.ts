/** One row of a history: one item sold. */
export interface SoldItem {
  readonly order: string;
  /** When, at the location's clock and as a moment. */
  readonly occurredAt: Date;
  /** The local day, `yyyy-MM-dd`. */
  readonly date: string;
  /** The local time of day, `HH:mm:ss`. */
  readonly time: string;
  readonly item: string;
  readonly variation: string;
  readonly category: string | null;
  readonly quantity: number;
  /** Of one, in minor units. */
  readonly price: number;
}

/** What keeps a row out: where in the file and what it is. */
export interface BadRow {
  readonly line: number;
  readonly column: string;
  readonly what: string;
  /** The order that the row belongs to, if it says so. */
  readonly order: string | undefined;
}

/** The name of an item that comes in one variation only. */
export const ONLY_VARIATION = 'Regular';
