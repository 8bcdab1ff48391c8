import { allocate, share } from '@comanda/money';
import type { Discount } from './cart.js';
import type { PricedDiscount } from './priced-cart.js';

/**
 * What each discount takes off `amount`: percents before fixed, each from what is left, in the listed order otherwise.
 * Together they never take more than the amount. Percents are rounded half-up.
 */
export function takeOff(amount: number, discounts: readonly Discount[]): PricedDiscount[] {
  let left = amount;
  return percentsFirst(discounts).map((discount) => {
    const wanted = discount.kind === 'percent' ? share(left, discount.rate, 'half-up') : discount.amount;
    const taken = Math.min(wanted, left);
    left -= taken;
    return { id: discount.id, amount: taken };
  });
}

/** Divides a discount over what is left of each part, by largest remainder: no part is asked for more than it has. */
export function takeFromEach(amount: number, left: readonly number[]): number[] {
  return left.length === 1 ? [amount] : allocate(amount, left);
}

/**
 * Takes discounts off several things together: what each of them takes in all, and what of that each thing gives, by
 * largest remainder and never more than it has left. So a tenth off a combo is a tenth of the combo.
 * @param amounts what the things come to, not below zero
 */
export function shareDiscounts(
  amounts: readonly number[],
  discounts: readonly Discount[],
): { taken: PricedDiscount[]; shares: PricedDiscount[][] } {
  let left = amounts;
  const shares: PricedDiscount[][] = amounts.map(() => []);
  const taken = takeOff(
    amounts.reduce((sum, amount) => sum + amount, 0),
    discounts,
  );
  for (const { id, amount } of taken) {
    const given = takeFromEach(amount, left);
    given.forEach((each, at) => shares[at]?.push({ id, amount: each }));
    left = left.map((each, at) => each - (given[at] ?? 0));
  }
  return { taken, shares };
}

function percentsFirst(discounts: readonly Discount[]): readonly Discount[] {
  if (discounts.length < 2) return discounts;
  return [...discounts.filter(({ kind }) => kind === 'percent'), ...discounts.filter(({ kind }) => kind === 'fixed')];
}
