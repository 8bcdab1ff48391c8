import { money } from '@comanda/money';
import type { Money } from '@comanda/money';
import { Refusal } from '@comanda/platform';

/**
 * The minor units of an amount that a request gives, or nothing where it gives none.
 * @throws Refusal `currency_mismatch` unless it is in the bill's currency
 */
export function minorUnits(given: Money | undefined, currency: string): number | undefined {
  if (given === undefined) return undefined;
  if (given.currency !== currency)
    throw new Refusal('currency_mismatch', `The bill is in ${currency}, not in ${given.currency}.`, { currency });
  return given.amount;
}

/** Writes minor units of one currency as money. */
export const inCurrency =
  (currency: string) =>
  (amount: number): Money =>
    money(amount, currency);
