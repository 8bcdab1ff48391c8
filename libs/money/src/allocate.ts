import { wholeUnits } from './money.js';
import { scale } from './rounding.js';
import type { RoundingMode } from './rounding.js';

/**
 * Divides `amount` in proportion to `weights` by largest remainder: every share is its exact part rounded down, and the
 * units left over go one each to the largest remainders, the earliest first among equals. The shares sum to the amount,
 * a weight of zero gets nothing, no share has the other sign, and a negative amount is divided as its positive mirror.
 *
 * Weights are whole and not negative (bigint where they may pass the safe integers). Throws a RangeError for other
 * weights, and when there is something to divide and no weight to take it.
 */
export function allocate(amount: number, weights: readonly (number | bigint)[]): number[] {
  wholeUnits(amount);
  if (amount < 0) return allocate(-amount, weights).map((part) => 0 - part);
  return withinSafeIntegers(amount, weights) ?? withBigInts(amount, weights);
}

/** Divides `amount` into `ways` shares that differ by one unit at most, the larger first: 100.00 in 3 is 33.34, 33.33, 33.33. */
export function splitEvenly(amount: number, ways: number): number[] {
  if (!Number.isSafeInteger(ways) || ways < 1) throw new RangeError('A split needs at least one way.');
  return allocate(amount, Array<number>(ways).fill(1));
}

/**
 * What of `amount` belongs to `part` of `whole` when `already` of the whole was handled before: the rounded amount up to
 * and with this part, less the rounded amount before it. Parts that add up to the whole therefore get amounts that add
 * up to the amount. Of a fee of 2.00 on 20.00, a refund of 15.00 returns 1.50 and a later one of 5.00 the other 0.50.
 *
 * Throws a RangeError unless 0 ≤ already ≤ already + part ≤ whole. Of a whole of zero every part gets zero.
 */
export function proportionOf(
  amount: number,
  part: number,
  whole: number,
  already = 0,
  mode: RoundingMode = 'half-up',
): number {
  if (!(part >= 0 && already >= 0 && already + part <= whole)) {
    throw new RangeError('A part lies within its whole, and parts within it do not overlap.');
  }
  if (whole === 0) return 0;
  return scale(amount, already + part, whole, mode) - scale(amount, already, whole, mode);
}

/** The fast way, or null when a product would leave the safe integers. */
function withinSafeIntegers(amount: number, weights: readonly (number | bigint)[]): number[] | null {
  let whole = 0;
  let largest = 0;
  for (const weight of weights) {
    if (typeof weight === 'bigint') return null;
    if (!Number.isSafeInteger(weight) || weight < 0) refuseWeight();
    whole += weight;
    if (weight > largest) largest = weight;
  }
  if (whole === 0) return nothingToDivide(amount, weights);
  if (!Number.isSafeInteger(whole) || !Number.isSafeInteger(amount * largest)) return null;
  const shares: number[] = [];
  const remainders: number[] = [];
  let left = amount;
  for (const weight of weights) {
    const product = amount * Number(weight);
    const remainder = product % whole;
    const part = (product - remainder) / whole;
    shares.push(part);
    remainders.push(remainder);
    left -= part;
  }
  return left === 0 ? shares : giveOut(left, shares, remainders);
}

function withBigInts(amount: number, weights: readonly (number | bigint)[]): number[] {
  const exact = weights.map((weight) => BigInt(weight));
  if (exact.some((weight) => weight < 0n)) refuseWeight();
  const whole = exact.reduce((total, weight) => total + weight, 0n);
  if (whole === 0n) return nothingToDivide(amount, weights);
  const shares = exact.map((weight) => Number((BigInt(amount) * weight) / whole));
  const remainders = exact.map((weight) => (BigInt(amount) * weight) % whole);
  return giveOut(
    shares.reduce((left, part) => left - part, amount),
    shares,
    remainders,
  );
}

/** Gives the `left` units one each to the largest remainders. There are always fewer of them than remainders above zero. */
function giveOut(left: number, shares: number[], remainders: readonly (number | bigint)[]): number[] {
  const byRemainder = shares.map((_, index) => index);
  byRemainder.sort((a, b) => {
    const first = remainders[a] ?? 0;
    const second = remainders[b] ?? 0;
    return first > second ? -1 : first < second ? 1 : a - b;
  });
  for (const index of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

function nothingToDivide(amount: number, weights: readonly unknown[]): number[] {
  if (amount !== 0) throw new RangeError('There is an amount to divide and nobody to take it.');
  return weights.map(() => 0);
}

function refuseWeight(): never {
  throw new RangeError('A weight is whole and not negative.');
}
