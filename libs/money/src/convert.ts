import { minorDigits } from './currency.js';
import { money } from './money.js';
import type { Money } from './money.js';
import { roundRatio } from './rounding.js';
import type { RoundingMode } from './rounding.js';

/**
 * What money is about in another currency, rounded once to its minor unit: for showing beside the amount that is owed, never
 * for adding up or settling. `rate` says how many of the other one of its own is, in major units and as decimal digits:
 * at `149.25` 10.00 USD is 1493 JPY. Throws a RangeError for a rate that is not above zero or is written otherwise, for
 * a currency that ISO 4217 does not list, and where the result is no safe integer.
 */
export function convert({ amount, currency }: Money, to: string, rate: string, mode: RoundingMode = 'half-up'): Money {
  const [, whole = '', fraction = ''] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(rate) ?? [];
  const units = BigInt(`${whole}${fraction}`);
  if (units === 0n) throw new RangeError(`"${rate}" is not a rate.`);
  const numerator = BigInt(amount) * units * tenTo(minorDigits(to));
  const denominator = tenTo(fraction.length + minorDigits(currency));
  return money(Number(roundRatio(numerator, denominator, mode)), to);
}

const tenTo = (digits: number): bigint => 10n ** BigInt(digits);
