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

function percentsFirst(discounts: readonly Discount[]): readonly Discount[] {
  if (discounts.length < 2) return discounts;
  return [...discounts.filter(({ kind }) => kind === 'percent'), ...discounts.filter(({ kind }) => kind === 'fixed')];
}
