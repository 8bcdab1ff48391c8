// The season's arithmetic: whole numbers alone.

/** How often `bottom` goes into `top` in full. */
export const whole = (top: number, bottom: number): number => (top - (top % bottom)) / bottom;

/** `top` by `bottom`, half a unit rounded up. */
export const halfUp = (top: number, bottom: number): number => whole(2 * top + bottom, 2 * bottom);

/** Largest remainder: everyone has the whole part, what is left goes to those who are owed most, the first among equals. */
export function handOut(amount: number, weights: readonly number[]): number[] {
  const all = sum(weights, (weight) => weight);
  if (all === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => whole(amount * weight, all));
  const spare = amount - sum(shares, (share) => share);
  const byRemainder = [...weights.keys()].toSorted(
    (one, other) => ((amount * (weights[other] ?? 0)) % all) - ((amount * (weights[one] ?? 0)) % all),
  );
  for (const at of byRemainder.slice(0, spare)) shares[at] = (shares[at] ?? 0) + 1;
  return shares;
}

/** What is paid in coins for an amount. */
export const inCoins = (amount: number, coin: number): number => halfUp(amount, coin) * coin;

export const sum = <T>(things: readonly T[], of: (thing: T) => number): number =>
  things.reduce((total, thing) => total + of(thing), 0);
