import { WHOLE } from '@comanda/money';
import type { Tax } from './cart.js';

/**
 * The exact sizes of taxes on one price: of a price that contains the inclusive ones, the bare price is
 * `price · unit ⁄ whole` and each tax is `price · factor ⁄ whole`. Numbers, or bigint once taxes build on taxes.
 */
export type TaxFactors = {
  readonly unit: number | bigint;
  readonly whole: number | bigint;
  /** One for each tax, in the same order. */
  readonly factors: readonly (number | bigint)[];
};

/** Takes the taxes in the order they apply. */
export function factorsOf(taxes: readonly Tax[]): TaxFactors {
  if (taxes.some(({ compoundsOnPrevious }) => compoundsOnPrevious)) return compoundFactors(taxes);
  const factors = taxes.map(({ rate }) => rate);
  const whole = taxes.reduce((sum, { inclusive, rate }) => (inclusive ? sum + rate : sum), WHOLE);
  return { unit: WHOLE, whole, factors };
}

function compoundFactors(taxes: readonly Tax[]): TaxFactors {
  const million = BigInt(WHOLE);
  let unit = million;
  let joined = 0n;
  let factors: bigint[] = [];
  for (const tax of taxes) {
    if (tax.compoundsOnPrevious && joined > 0n) {
      // A rate of a rate: everything moves to a unit a million times finer, in which this factor is whole too.
      unit *= million;
      joined *= million;
      factors = factors.map((factor) => factor * million);
    }
    const factor = ((tax.compoundsOnPrevious ? unit + joined : unit) * BigInt(tax.rate)) / million;
    factors.push(factor);
    if (tax.joinsBase) joined += factor;
  }
  const whole = factors.reduce((sum, factor, index) => (taxes[index]?.inclusive ? sum + factor : sum), unit);
  return { unit, whole, factors };
}
