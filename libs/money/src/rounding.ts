import { wholeUnits } from './money.js';

/**
 * How a value between two whole units is rounded. All four mirror the sign, so that a refund undoes its sale:
 * `half-up` rounds a tie away from zero, `half-even` to the even neighbour, `up` is always away from zero and `down`
 * always towards it.
 */
export type RoundingMode = (typeof ROUNDING_MODES)[number];

export const ROUNDING_MODES = ['half-up', 'half-even', 'up', 'down'] as const;

/** Rates are parts per million: 8.875 % is 88_750, 100 % is this. */
export const WHOLE = 1_000_000;

/** `numerator / denominator`, rounded once. Throws a RangeError unless the denominator is above zero. */
export function roundRatio(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (denominator <= 0n) throw new RangeError('A ratio needs a denominator above zero.');
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const past = remainder < 0n ? -remainder : remainder;
  const short = denominator - past;
  const half = past < short ? -1 : past > short ? 1 : 0;
  if (!ROUNDS_AWAY[mode](half, quotient % 2n !== 0n)) return quotient;
  return numerator < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * `amount · numerator / denominator`, exact until it is rounded once to a multiple of `step` minor units. Arguments are
 * whole numbers, bigint where they may pass the safe integers; so may their products. Throws a RangeError when an
 * argument or the result is no safe integer, or when denominator or step are not above zero.
 */
export function scale(
  amount: number | bigint,
  numerator: number | bigint,
  denominator: number | bigint,
  mode: RoundingMode,
  step = 1,
): number {
  if (denominator <= 0 || step <= 0) throw new RangeError('Denominator and step are above zero.');
  if (typeof amount === 'number' && typeof numerator === 'number' && typeof denominator === 'number') {
    const product = wholeUnits(amount) * wholeUnits(numerator);
    const divisor = wholeUnits(denominator) * wholeUnits(step);
    if (Number.isSafeInteger(product) && Number.isSafeInteger(divisor)) {
      return wholeUnits(roundQuotient(product, divisor, mode) * step);
    }
  }
  const steps = roundRatio(BigInt(amount) * BigInt(numerator), BigInt(denominator) * BigInt(step), mode);
  return wholeUnits(Number(steps) * step);
}

/** The multiple of `step` minor units nearest to `amount` in this mode: 15.72 in steps of 0.05 is 15.70, half-up. */
export function roundToStep(amount: number, step: number, mode: RoundingMode): number {
  return scale(amount, 1, 1, mode, step);
}

/** `ppm` parts per million of `amount`, rounded once to a minor unit: the share of 10.00 at 88_750 (8.875 %) is 0.89. */
export function share(amount: number, ppm: number, mode: RoundingMode): number {
  return scale(amount, ppm, WHOLE, mode);
}

/** As roundRatio, for safe integers. `%` is exact on them and what is left divides evenly, so no digit is lost. */
function roundQuotient(numerator: number, denominator: number, mode: RoundingMode): number {
  const remainder = numerator % denominator;
  const quotient = (numerator - remainder) / denominator;
  if (remainder === 0) return quotient;
  const past = Math.abs(remainder);
  const half = Math.sign(past - (denominator - past));
  return ROUNDS_AWAY[mode](half, quotient % 2 !== 0) ? quotient + Math.sign(numerator) : quotient;
}

/** Whether a value off the grid goes away from zero. `half` is below, at or above zero as the value is short of, at or past the middle. */
const ROUNDS_AWAY: Readonly<Record<RoundingMode, (half: number, odd: boolean) => boolean>> = {
  'half-up': (half) => half >= 0,
  'half-even': (half, odd) => half > 0 || (half === 0 && odd),
  up: () => true,
  down: () => false,
};
