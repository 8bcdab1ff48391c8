/**
 * An amount of money: `{ amount: 1275, currency: 'USD' }` is 12.75 US dollars. `amount` counts whole minor units of the
 * currency (cents, fils, yen) and is a safe integer; it may be negative. `currency` is an ISO 4217 code.
 */
export type Money = { readonly amount: number; readonly currency: string };

/** Money of `amount` minor units. Throws a RangeError unless the amount is a safe integer. */
export function money(amount: number, currency: string): Money {
  return { amount: wholeUnits(amount), currency };
}

/** Nothing, in the given currency. */
export function zero(currency: string): Money {
  return { amount: 0, currency };
}

/** `a + b`. Throws a RangeError when the currencies differ or the result is no safe integer. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.amount + b.amount, a.currency);
}

/** `a − b`. Throws a RangeError when the currencies differ or the result is no safe integer. */
export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.amount - b.amount, a.currency);
}

/** The same amount with the other sign: what a sale takes, its refund gives. */
export function negate(a: Money): Money {
  return money(-a.amount, a.currency);
}

/** The sum of `monies`, zero when there are none. Throws a RangeError when one of them is in another currency. */
export function sum(currency: string, monies: Iterable<Money>): Money {
  let total = zero(currency);
  for (const each of monies) total = add(total, each);
  return total;
}

export function isZero(a: Money): boolean {
  return a.amount === 0;
}

/** Below zero when `a` is less than `b`, zero when they are equal, above zero when `a` is more. Sorts ascending. */
export function compare(a: Money, b: Money): number {
  sameCurrency(a, b);
  return Math.sign(a.amount - b.amount);
}

/** Gives a safe integer back as it is (and −0 as 0); throws a RangeError for anything else, however it came here. */
export function wholeUnits(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`An amount is a safe integer of minor units, not ${amount}.`);
  return amount + 0;
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} cannot be mixed.`);
}
