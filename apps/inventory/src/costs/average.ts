import type { StockCost } from '@comanda/contracts';

/**
 * What a stock item costs at a location, on average: `value` millionths of a minor unit for `quantity` of its unit. A
 * fraction, so that no average is ever rounded.
 */
export interface Average {
  readonly value: number;
  readonly quantity: number;
  readonly currency: string;
}

/** The averages of a location, by stock item. */
export type Averages = ReadonlyMap<string, Average>;

/** Millionths of a minor unit in one. */
export const MICROS = 1_000_000;

/**
 * What an amount costs at an average, with the amount's sign, rounded towards nothing to a millionth of a minor unit: what
 * rounding leaves over stays in the value of the stock, and goes into its next average.
 * @returns null for an average that is not known, and for more than can be counted exactly
 */
export function costOf(average: Average | undefined, amount: number): StockCost | null {
  if (!average) return null;
  const micros = Number((BigInt(amount) * BigInt(average.value)) / BigInt(average.quantity));
  return Number.isSafeInteger(micros) ? { micros, currency: average.currency } : null;
}
