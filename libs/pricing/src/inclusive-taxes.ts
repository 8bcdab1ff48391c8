import { allocate, scale } from '@comanda/money';
import type { RoundingMode } from '@comanda/money';
import type { Tax, TaxPolicy } from './cart.js';
import { factorsOf } from './tax-factors.js';
import { inclusiveOf } from './taxable.js';
import type { Taxable } from './taxable.js';

/**
 * The amount of each inclusive tax in a price, rounded. By the policy either every tax is rounded and the bare price is
 * the rest, or the bare price is rounded (in the mode of the first tax) and the rest is divided over the taxes by largest
 * remainder. However it is rounded, there is never more tax than price.
 */
export function inclusiveTaxes({ amount, taxes }: Taxable, policy: TaxPolicy): number[] {
  const inclusive = inclusiveOf(taxes);
  const [first] = inclusive;
  if (!first) return [];
  const { unit, whole, factors } = factorsOf(inclusive);
  if (whole === unit) return inclusive.map(() => 0);
  if (policy.inclusiveTarget === 'net') {
    const net = scale(amount, unit, whole, roundingOf(first, policy), policy.step);
    return allocate(Math.max(0, amount - net), factors);
  }
  let left = amount;
  return inclusive.map((tax, index) => {
    const rounded = scale(amount, factors[index] ?? 0, whole, roundingOf(tax, policy), policy.step);
    const taken = Math.min(rounded, left);
    left -= taken;
    return taken;
  });
}

/** A tax may round otherwise than its jurisdiction. */
export function roundingOf(tax: Tax, policy: TaxPolicy): RoundingMode {
  return tax.roundingMode ?? policy.roundingMode;
}
