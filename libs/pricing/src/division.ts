import { allocate } from '@comanda/money';
import type { Columns, Divisible } from './columns.js';
import { columnsByLine, columnsOf, divide, sumColumns, toColumns, weightsOrEqual } from './columns.js';
import { shareOf } from './share.js';
import type { Share } from './share.js';

/**
 * How a cart is divided over checks, which go by their place: the plan's own come first, and any more pay nothing by it.
 *
 * - `evenly`: in so many ways.
 * - `items`: each line over the checks in proportion to its `parts`; one that is not named is the first check's.
 * - `seats`: each line to the check that its seat belongs to; what belongs to none is shared, `pro_rata` to what the checks
 *   have of their own, or `evenly`. A line that has `parts` goes by them.
 * - `amounts`: so much for each, and one more check that takes the rest.
 */
export type SplitPlan =
  | { readonly by: 'evenly'; readonly ways: number }
  | { readonly by: 'items'; readonly ways: number; readonly parts: Parts }
  | {
      readonly by: 'seats';
      readonly seats: readonly (readonly number[])[];
      readonly shared: 'pro_rata' | 'evenly';
      readonly parts: Parts;
    }
  | { readonly by: 'amounts'; readonly amounts: readonly number[] };

/** By line, how many parts of it each check takes. */
export type Parts = Readonly<Record<string, readonly number[]>>;

/** What a check pays, and of what: `parts` out of `of` of a line, or of everything (`lineId` null). The amounts sum to its total. */
export type Division = Share & { readonly of: readonly DividedPart[] };
export type DividedPart = {
  readonly lineId: string | null;
  readonly parts: number;
  readonly of: number;
  readonly amount: number;
};

/** How many checks a plan divides over. */
export function waysOf(plan: SplitPlan): number {
  switch (plan.by) {
    case 'evenly':
    case 'items':
      return plan.ways;
    case 'seats':
      return plan.seats.length;
    case 'amounts':
      return plan.amounts.length + 1;
  }
}

/**
 * Divides a cart over checks, of which some have been paid, wholly or in part: `kept` is what those came to, null for
 * the others. They stay at it, and the others carry what the cart came to since (`before`, as it then was): only a line
 * that is all new, or gone, counts for the checks that it belongs to, paid or not. When all are paid, what is new goes over
 * all of the plan; when the others cannot carry a fall, the paid ones fall in proportion, amount by amount.
 *
 * The shares sum to the cart in every amount, and nothing that is owed is below zero. Gross and discount may be: where a
 * discount was taken away after somebody had paid with it.
 */
export function divideOver(
  given: Divisible,
  plan: SplitPlan,
  kept: readonly (Share | null)[],
  before: Divisible = given,
): Division[] {
  const cart = withTaxesOf(given, [before, ...kept.flatMap((share) => share ?? [])]);
  const then = { ...before, taxes: cart.taxes };
  const [now, past] = [new Attribution(cart, plan, kept.length), new Attribution(then, plan, kept.length)];
  const own = kept.map((share, at) => {
    const columns = share && toColumns(share, share.taxes, cart.taxes);
    return columns && notBelowZero(plus(columns, now.of(at, notIn(then)), past.of(at, notIn(cart))));
  });
  const shares = dividing(cart, plan, own, now).map((columns) => shareOf(columns, cart));
  return shares.map((share, at) => ({ ...share, of: now.parts(at, share.total) }));
}

/**
 * What a share comes to when only an amount of it is left: what has been paid of it, with its part of the tax.
 */
export function partOfShare(share: Share, amount: number): Share {
  const paid = Math.min(amount, share.total);
  if (paid === share.total) return share;
  const [tax, rest] = halfUp(share.tax, paid, share.total);
  const taxes = allocate(tax, weightsOrEqual(share.taxes.map((each) => each.amount)));
  const [net = 0, serviceCharge = 0] = allocate(rest, weightsOrEqual([share.net, share.serviceCharge]));
  const [gross = 0] = allocate(share.gross, [paid, share.total - paid]);
  const [discount = 0] = allocate(share.discount, [paid, share.total - paid]);
  const own = share.taxes.map(({ id }, at) => ({ id, base: 0, amount: taxes[at] ?? 0 }));
  return { gross, discount, net, serviceCharge, tax, total: paid, taxes: own };
}

/** The tax in a part of a total, half up, as it is booked when the part is paid; and what is not tax. */
function halfUp(tax: number, part: number, total: number): [tax: number, rest: number] {
  const own = Number((2n * BigInt(tax) * BigInt(part) + BigInt(total)) / (2n * BigInt(total)));
  return [own, part - own];
}

/** Which check pays what of each line, by a plan. */
class Attribution {
  readonly #lines: readonly { readonly id: string; readonly weights: readonly number[]; readonly cells: Columns[] }[];

  constructor(
    private readonly cart: Divisible,
    private readonly plan: SplitPlan,
    private readonly checks: number,
  ) {
    const byLine = columnsByLine(cart);
    const weights = weightsByLine(cart, byLine, plan, checks);
    this.#lines = weights.map((own, at) => ({
      id: cart.lines[at]?.id ?? '',
      weights: own,
      cells: divide(byLine[at] ?? columnsOf(cart), own),
    }));
  }

  /** What a check has of the lines asked for. */
  of(check: number, wanted: (lineId: string) => boolean = () => true): Columns {
    const own = this.#lines.filter(({ id }) => wanted(id)).flatMap(({ cells }) => cells[check] ?? []);
    return sumColumns(own, columnsOf(this.cart));
  }

  parts(check: number, total: number): DividedPart[] {
    const own = this.#lines.filter(({ weights }) => (weights[check] ?? 0) > 0);
    if (own.length === 0) return this.#ofEverything(check, total);
    const amounts = allocate(total, weightsOrEqual(own.map(({ cells }) => sum(cells[check]?.owed ?? []))));
    return own.map(({ id, weights }, at) => ({
      lineId: id,
      parts: weights[check] ?? 0,
      of: sum(weights),
      amount: amounts[at] ?? 0,
    }));
  }

  #ofEverything(check: number, amount: number): DividedPart[] {
    if (amount === 0) return [];
    const everything = { lineId: null, parts: amount, of: this.cart.totals.total, amount };
    if (this.plan.by !== 'evenly' || check >= this.plan.ways || this.plan.ways < this.checks) return [everything];
    return [{ ...everything, parts: 1, of: this.plan.ways }];
  }
}

/** The weight of each check in each line; none where the plan does not go by lines. */
function weightsByLine(cart: Divisible, byLine: readonly Columns[], plan: SplitPlan, checks: number): number[][] {
  const filled = (weights: readonly number[]): number[] => Array.from({ length: checks }, (_, at) => weights[at] ?? 0);
  switch (plan.by) {
    case 'evenly':
    case 'amounts':
      return [];
    case 'items':
      return cart.lines.map(({ id }) => filled(plan.parts[id] ?? [1]));
    case 'seats': {
      const taken = cart.lines.map(({ id, seat }) => plan.parts[id] ?? seatOf(seat, plan.seats));
      const own = plan.seats.map((_, check) =>
        sum(taken.map((w, at) => (w?.[check] ? sum(byLine[at]?.owed ?? []) : 0))),
      );
      const common = plan.shared === 'evenly' ? plan.seats.map(() => 1) : weightsOrEqual(own);
      return taken.map((weights) => filled(weights ?? common));
    }
  }
}

function seatOf(seat: number | null, seats: readonly (readonly number[])[]): number[] | undefined {
  if (seat === null || !seats.some((own) => own.includes(seat))) return undefined;
  return seats.map((own) => (own.includes(seat) ? 1 : 0));
}

/** What each check owes: those that are paid what they kept, the others the rest. */
function dividing(
  cart: Divisible,
  plan: SplitPlan,
  own: readonly (Columns | null)[],
  now: Attribution,
): readonly Columns[] {
  const whole = columnsOf(cart);
  const paid = fitted(own, whole);
  const none = sumColumns([], whole);
  const rest = minus(
    whole,
    sumColumns(
      paid.flatMap((columns) => columns ?? []),
      whole,
    ),
  );
  const ways = waysOf(plan);
  const places = own.map((_, at) => at);
  const open = places.filter((at) => at < ways && own[at] === null);
  const takers = open.length > 0 ? open : places.filter((at) => at < ways);
  const taken = restOver(takers, rest, plan, now);
  return own.map((_, at) => sumColumns([paid[at] ?? none, taken[takers.indexOf(at)] ?? none], whole));
}

/** Divides what is left over some of the checks, as the plan says. */
function restOver(takers: readonly number[], rest: Columns, plan: SplitPlan, now: Attribution): Columns[] {
  switch (plan.by) {
    case 'evenly':
      return divide(
        rest,
        takers.map(() => 1),
      );
    case 'amounts':
      return inAmounts(
        rest,
        takers.slice(0, -1).map((check) => plan.amounts[check] ?? 0),
      );
    case 'items':
    case 'seats':
      return inProportion(
        rest,
        takers.map((check) => now.of(check)),
      );
  }
}

/** Takes amounts out of columns one after the other, each over all of them in proportion; the rest comes last. */
function inAmounts(whole: Columns, amounts: readonly number[]): Columns[] {
  let left = whole;
  const taken = amounts.map((amount) => {
    const due = sum(left.owed);
    const taking = Math.min(amount, due);
    const part = {
      owed: allocate(taking, weightsOrEqual(left.owed)),
      noted: left.noted.map((column) => allocate(column, due > taking ? [taking, due - taking] : [1, 0])[0] ?? 0),
    };
    left = minus(left, part);
    return part;
  });
  return [...taken, left];
}

/** Divides each column in proportion to what the takers have in it, or else to what they have in all. */
function inProportion(whole: Columns, shares: readonly Columns[]): Columns[] {
  const all = weightsOrEqual(shares.map(({ owed }) => sum(owed)));
  const divided = (key: keyof Columns): number[][] =>
    whole[key].map((column, at) => {
      const own = shares.map((share) => share[key][at] ?? 0);
      return allocate(column, own.some((each) => each > 0) ? own : all);
    });
  const [owed, noted] = [divided('owed'), divided('noted')];
  return shares.map((_, taker) => ({
    owed: owed.map((cells) => cells[taker] ?? 0),
    noted: noted.map((cells) => cells[taker] ?? 0),
  }));
}

/** What the paid checks keep: where that is more than there is of a column now, they share what there is. */
function fitted(own: readonly (Columns | null)[], whole: Columns): (Columns | null)[] {
  const fit = whole.owed.map((column, at) => {
    const cells = own.map((columns) => columns?.owed[at] ?? 0);
    return sum(cells) > column ? allocate(column, cells) : cells;
  });
  return own.map((columns, check) => columns && { ...columns, owed: fit.map((cells) => cells[check] ?? 0) });
}

/** The cart with a column for every tax of the others, too. */
function withTaxesOf(cart: Divisible, others: readonly Pick<Divisible, 'taxes'>[]): Divisible {
  const known = new Set(cart.taxes.map(({ id }) => id));
  const more = others.flatMap(({ taxes }) => taxes.filter(({ id }) => known.size !== known.add(id).size));
  return { ...cart, taxes: [...cart.taxes, ...more.map(({ id }) => ({ id, base: 0, amount: 0 }))] };
}

const notIn = (cart: Divisible) => {
  const known = new Set(cart.lines.map(({ id }) => id));
  return (lineId: string): boolean => !known.has(lineId);
};

const plus = (columns: Columns, added: Columns, gone: Columns): Columns =>
  minus(sumColumns([columns, added], columns), gone);

const minus = (columns: Columns, taken: Columns): Columns => ({
  owed: columns.owed.map((each, at) => each - (taken.owed[at] ?? 0)),
  noted: columns.noted.map((each, at) => each - (taken.noted[at] ?? 0)),
});

const notBelowZero = ({ owed, noted }: Columns): Columns => ({ owed: owed.map((each) => Math.max(0, each)), noted });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
