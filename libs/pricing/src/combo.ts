import { allocate } from '@comanda/money';

/** One of what is chosen for a combo. */
export type ComboPart = {
  /** What one of it costs by itself. */
  readonly listPrice: number;
  /** What choosing it adds to the price of the combo. */
  readonly surcharge: number;
};

/**
 * What each part of one combo costs: the combo's price shared out in proportion to list prices, by largest remainder, and
 * its own surcharge on top. The parts sum to the price and the surcharges. Where nothing has a list price, all have equal
 * shares, the first of them the spare cents.
 *
 * Throws a RangeError for amounts that are below zero or no whole minor units, and for a price without parts.
 */
export function comboPrices(price: number, parts: readonly ComboPart[]): number[] {
  for (const amount of [price, ...parts.map(({ surcharge }) => surcharge)])
    if (amount < 0) throw new RangeError('Neither a combo nor a choice of it costs less than nothing.');
  const listed = parts.map(({ listPrice }) => listPrice);
  const weights = listed.some((listPrice) => listPrice > 0) ? listed : listed.map(() => 1);
  const shares = allocate(price, weights);
  return parts.map(({ surcharge }, at) => (shares[at] ?? 0) + surcharge);
}
