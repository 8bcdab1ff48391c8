import { minorDigits } from './currency.js';
import type { Money } from './money.js';
import { wholeUnits } from './money.js';

/**
 * Reads an amount written in major units, `12.5` or `-12.50`, into minor units of the currency: 1250 for USD. Digits past
 * the minor unit may only be zeros. Throws a RangeError for any other text, for an unknown currency and for an amount
 * that is no safe integer of minor units.
 */
export function parseDecimal(text: string, currency: string): number {
  const digits = minorDigits(currency);
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? refuse(text, currency);
  if (/[^0]/.test(fraction.slice(digits))) refuse(text, currency);
  const amount = wholeUnits(Number(`${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`));
  return sign === '-' ? 0 - amount : amount;
}

/** Writes money in major units with every digit of its currency and no grouping: `12.50`, `-0.05`, `1275` for JPY. */
export function formatDecimal({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  const units = String(Math.abs(wholeUnits(amount))).padStart(digits + 1, '0');
  const sign = amount < 0 ? '-' : '';
  if (digits === 0) return `${sign}${units}`;
  return `${sign}${units.slice(0, -digits)}.${units.slice(-digits)}`;
}

function refuse(text: string, currency: string): never {
  throw new RangeError(`"${text}" is not an amount of ${currency}.`);
}
