import type { PricedCart } from './priced-cart.js';
import { PricingError } from './pricing-error.js';
import { columnsByLine, columnsOf, divide, sumColumns, weightsOrEqual } from './columns.js';
import type { Columns } from './columns.js';
import { shareOf } from './share.js';
import type { Share } from './share.js';

/** Splits a cart into shares whose totals differ by one minor unit at most, the larger first. They sum to the cart. */
export function splitEvenly(priced: PricedCart, ways: number): Share[] {
  if (!Number.isSafeInteger(ways) || ways < 1)
    throw new PricingError('split_invalid', 'A split needs at least one guest.');
  const equal = Array<number>(ways).fill(1);
  return divide(columnsOf(priced), equal).map((columns) => shareOf(columns, priced));
}

/** `parts` of a line, out of all parts of it that guests take: 2 and 1 of three beers, or 1 and 1 of one shared pizza. */
export type LinePart = { readonly lineId: string; readonly parts: number };

/**
 * Splits a cart by who takes which lines, or which parts of them: one share for each guest, in the same order. Service
 * charges follow the lines in proportion to what they come to. The shares sum to the cart.
 *
 * Throws a PricingError when a line is unknown, taken by nobody, or taken in parts that are not whole.
 */
export function splitByItem(priced: PricedCart, guests: readonly (readonly LinePart[])[]): Share[] {
  checkParts(priced, guests);
  const shares = columnsByLine(priced).map((columns, at) => {
    const lineId = priced.lines[at]?.id;
    const weights = guests.map((taken) =>
      sumOf(taken.filter((part) => part.lineId === lineId).map(({ parts }) => parts)),
    );
    if (sumOf(weights) === 0) throw new PricingError('split_invalid', `Nobody takes line ${lineId}.`);
    return divide(columns, weights);
  });
  return guests.map((_, at) => {
    const taken = shares.flatMap((each) => each[at] ?? []);
    return shareOf(sumColumns(taken, columnsOf(priced)), priced);
  });
}

/** The share of the guest at a seat. */
export type SeatShare = Share & { readonly seat: number };

/**
 * Splits a cart by seat, lowest first. Each seat pays its own lines; what the table shares (seat null) is divided
 * `pro_rata` to them, or `evenly` over the seats, as it also is when no seat has anything to pay. The shares sum to the cart.
 *
 * Throws a PricingError when no line has a seat.
 */
export function splitBySeat(priced: PricedCart, shared: 'pro_rata' | 'evenly' = 'pro_rata'): SeatShare[] {
  const byLine = columnsByLine(priced);
  const shape = columnsOf(priced);
  const linesOf = (seat: number | null): Columns =>
    sumColumns(
      byLine.filter((_, at) => priced.lines[at]?.seat === seat),
      shape,
    );
  const seats = [...new Set(priced.lines.map(({ seat }) => seat))]
    .filter((seat) => seat !== null)
    .sort((a, b) => a - b);
  if (seats.length === 0) throw new PricingError('split_invalid', 'No line belongs to a seat.');
  const own = seats.map(linesOf);
  const weights = shared === 'pro_rata' ? weightsOrEqual(own.map(({ owed }) => sumOf(owed))) : seats.map(() => 1);
  const common = divide(linesOf(null), weights);
  return seats.map((seat, at) => {
    const columns = [own[at], common[at]].filter((each) => each !== undefined);
    return { seat, ...shareOf(sumColumns(columns, shape), priced) };
  });
}

function checkParts(priced: PricedCart, guests: readonly (readonly LinePart[])[]): void {
  const known = new Set(priced.lines.map(({ id }) => id));
  for (const { lineId, parts } of guests.flat()) {
    if (!known.has(lineId)) throw new PricingError('line_unknown', `There is no line ${lineId}.`);
    if (!Number.isSafeInteger(parts) || parts < 1) {
      throw new PricingError('split_invalid', `Line ${lineId} is taken in whole parts, not in ${parts}.`);
    }
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
