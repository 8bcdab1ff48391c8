import { allocate } from '@comanda/money';
import type { Discount, Line, ServiceType } from './cart.js';
import { openLine } from './open-line.js';
import { isTime, type TimeWindow, type WallClock } from './schedule.js';

/** The right to a discount on one order, by a coupon or a reward: what it gives, on what, and beside what. */
export type Grant = {
  readonly id: string;
  /** Those of a lower number are taken first; among equals the order they are given in. */
  readonly priority: number;
  /** The group within which it may be combined; null when it stands alone. */
  readonly group: string | null;
  readonly gives: Benefit;
  readonly conditions: Conditions;
};

/** What a grant takes off. Where the conditions name items or categories, off those alone. */
export type Benefit =
  | { readonly kind: 'percent'; readonly rate: number }
  | { readonly kind: 'fixed'; readonly amount: { readonly amount: number; readonly currency: string } }
  /** So many of the cheapest cost nothing; what was chosen with them is paid for. */
  | { readonly kind: 'free_item'; readonly quantity: number }
  /** Of each `buy` + `free`, dearest first, the cheapest `free` cost nothing: 1 and 1 is two for the price of one. */
  | { readonly kind: 'bundle'; readonly buy: number; readonly free: number };

/** When a grant takes anything, and off what. An empty list is no condition. */
export type Conditions = {
  /** What is ordered must come to at least this at menu prices, before discounts. */
  readonly minimumSpend: { readonly amount: number; readonly currency: string } | null;
  readonly itemIds: readonly string[];
  readonly categoryIds: readonly string[];
  readonly serviceTypes: readonly ServiceType[];
  readonly locationIds: readonly string[];
  /** A line counts when it was ordered within one of them. */
  readonly windows: readonly TimeWindow[];
};

/** A line as grants see it: with what it is of, and what the clock showed when it was ordered. */
export type GrantedLine = {
  readonly line: Line;
  readonly itemId: string;
  readonly categoryId: string | null;
  readonly clock: WallClock;
};

/** The order that grants are to be taken off. */
export type GrantedOrder = {
  readonly currency: string;
  readonly locationId: string;
  readonly serviceType: ServiceType;
  readonly lines: readonly GrantedLine[];
};

/** Why a grant takes nothing off an order. */
export type Obstacle = 'currency' | 'location' | 'service_type' | 'minimum_spend' | 'nothing_eligible';

/** What grants come to, as discounts with the grants' ids that a cart is priced with. */
export type GrantedDiscounts = {
  /** By the line's id: those of grants that are for certain things. */
  readonly ofLines: ReadonlyMap<string, readonly Discount[]>;
  readonly ofOrder: readonly Discount[];
  /** By the grant's id: why it takes nothing. */
  readonly obstacles: ReadonlyMap<string, Obstacle>;
};

/**
 * Turns grants into discounts of an order. What is for certain things (items, categories, free ones, bundles) is taken off
 * those lines, before what is taken off the whole order; percents before fixed amounts, then by priority. Pricing never
 * takes more than there is, so no total falls below zero.
 */
export function discountsOf(grants: readonly Grant[], order: GrantedOrder): GrantedDiscounts {
  const ofLines = new Map<string, Discount[]>();
  const ofOrder: Discount[] = [];
  const obstacles = new Map<string, Obstacle>();
  const spent = order.lines.reduce((sum, { line }) => sum + grossOf(line, order), 0);
  for (const grant of grants.toSorted((one, other) => one.priority - other.priority)) {
    const inScope = order.lines.filter((line) => isEligible(line, grant.conditions));
    const byThePiece = grant.gives.kind === 'free_item' || grant.gives.kind === 'bundle';
    const eligible = byThePiece ? counted(inScope) : inScope;
    const obstacle = obstacleOf(grant, order, spent, eligible);
    if (obstacle) obstacles.set(grant.id, obstacle);
    else if (isForAll(grant, eligible, order)) ofOrder.push(ofWhole(grant));
    else
      for (const [lineId, discount] of ofEach(grant, eligible, order))
        ofLines.set(lineId, [...(ofLines.get(lineId) ?? []), discount]);
  }
  return { ofLines, ofOrder, obstacles };
}

/**
 * The first two grants that may not be taken together, if any: one that stands alone goes with no other, one of a group
 * with those of its group.
 */
export function conflictOf<G extends Pick<Grant, 'group'>>(grants: readonly G[]): readonly [G, G] | undefined {
  const [first, ...others] = grants;
  const against = others.find(({ group }) => group === null || group !== first?.group);
  return first && against && [first, against];
}

function obstacleOf(
  { gives, conditions }: Grant,
  { currency, locationId, serviceType }: GrantedOrder,
  spent: number,
  eligible: readonly GrantedLine[],
): Obstacle | undefined {
  const { minimumSpend, locationIds, serviceTypes } = conditions;
  if (locationIds.length > 0 && !locationIds.includes(locationId)) return 'location';
  if (serviceTypes.length > 0 && !serviceTypes.includes(serviceType)) return 'service_type';
  if (gives.kind === 'fixed' && gives.amount.currency !== currency) return 'currency';
  if (minimumSpend && minimumSpend.currency !== currency) return 'currency';
  if (minimumSpend && spent < minimumSpend.amount) return 'minimum_spend';
  if (eligible.length === 0 || (gives.kind === 'bundle' && unitsIn(eligible) < gives.buy + gives.free))
    return 'nothing_eligible';
  return undefined;
}

function isEligible({ itemId, categoryId, clock }: GrantedLine, conditions: Conditions): boolean {
  const { itemIds, categoryIds, windows } = conditions;
  const named = itemIds.length > 0 || categoryIds.length > 0;
  if (named && !itemIds.includes(itemId) && !(categoryId !== null && categoryIds.includes(categoryId))) return false;
  return windows.length === 0 || isTime(windows, clock);
}

/** Whether it is taken off the whole order: off everything, by a rate or an amount. */
function isForAll({ gives, conditions }: Grant, eligible: readonly GrantedLine[], { lines }: GrantedOrder): boolean {
  const named = conditions.itemIds.length > 0 || conditions.categoryIds.length > 0;
  return !named && eligible.length === lines.length && (gives.kind === 'percent' || gives.kind === 'fixed');
}

function ofWhole({ id, gives }: Grant): Discount {
  return gives.kind === 'percent'
    ? { id, kind: 'percent', rate: gives.rate }
    : { id, kind: 'fixed', amount: gives.kind === 'fixed' ? gives.amount.amount : 0 };
}

/** What a grant takes off each line it is for. */
function ofEach({ id, gives }: Grant, eligible: readonly GrantedLine[], order: GrantedOrder): [string, Discount][] {
  switch (gives.kind) {
    case 'percent':
      return eligible.map(({ line }) => [line.id, { id, kind: 'percent', rate: gives.rate }]);
    case 'fixed': {
      const prices = eligible.map(({ line }) => grossOf(line, order));
      const all = prices.reduce((sum, price) => sum + price, 0);
      const amounts = all === 0 ? [] : allocate(Math.min(gives.amount.amount, all), prices);
      return fixed(
        id,
        eligible.map(({ line }, at) => [line.id, amounts[at] ?? 0]),
      );
    }
    case 'free_item':
      return fixed(
        id,
        freeOf(eligible.toReversed(), gives.quantity, (units) => units),
      );
    case 'bundle': {
      const { buy, free } = gives;
      const inBundles = unitsIn(eligible) - (unitsIn(eligible) % (buy + free));
      const freeAmong = (units: number): number =>
        Math.floor(units / (buy + free)) * free + Math.max(0, (units % (buy + free)) - buy);
      return fixed(id, freeOf(eligible, inBundles, freeAmong));
    }
  }
}

const fixed = (id: string, amounts: Iterable<readonly [string, number]>): [string, Discount][] =>
  [...amounts].flatMap(([lineId, amount]): [string, Discount][] =>
    amount > 0 ? [[lineId, { id, kind: 'fixed', amount }]] : [],
  );

/**
 * What the free ones of each line cost, when the lines' single things are counted one by one.
 * @param lines in the order of counting
 * @param upTo how many things are counted
 * @param freeAmong how many of the first so many are free
 */
function freeOf(
  lines: readonly GrantedLine[],
  upTo: number,
  freeAmong: (units: number) => number,
): Map<string, number> {
  const amounts = new Map<string, number>();
  let counted = 0;
  for (const { line } of lines) {
    const next = Math.min(upTo, counted + line.quantity);
    amounts.set(line.id, line.unitPrice * (freeAmong(next) - freeAmong(counted)));
    counted = next;
  }
  return amounts;
}

const unitsIn = (lines: readonly GrantedLine[]): number => lines.reduce((sum, { line }) => sum + line.quantity, 0);

/** Lines of things that can be counted, the dearest first: what is sold by weight is never free by the piece. */
const counted = (lines: readonly GrantedLine[]): GrantedLine[] =>
  lines
    .filter(({ line: { per = 1 } }) => per === 1)
    .toSorted(({ line: one }, { line: other }) => other.unitPrice - one.unitPrice);

/** What a line costs with its modifiers, before discounts. */
const grossOf = (line: Line, { serviceType }: GrantedOrder): number =>
  openLine({ ...line, discounts: [] }, serviceType).components.reduce((sum, { gross }) => sum + gross, 0);
