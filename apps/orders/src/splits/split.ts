import { OrderChanged, type OrderFacts, type OrderSplit } from '@comanda/contracts';
import { money } from '@comanda/money';
import { newId, Refusal } from '@comanda/platform';
import { partOfShare, type Share, type SplitPlan, waysOf } from '@comanda/pricing';
import { collected, dueOf, NOTHING_PAID } from '../checks/settlement.js';
import { type Change, type CheckFacts, type KeptOrder, linesOf, nextVersion } from '../orders/order.js';
import { orderAfter } from '../orders/transitions.js';
import { cartOf, divideChecks, shareOf, type Split } from './divided.js';

/**
 * Divides what is left to pay of an order over checks. Those on which something was paid keep what was paid; the others are
 * used again, the first one first, and where more are needed, new ones are opened.
 * @throws Refusal `order_state`, `nothing_due`, `split_invalid`
 */
export function split(order: KeptOrder, asked: OrderSplit): Change {
  const status = orderAfter(order.facts.status, 'split');
  const { checks } = order.facts;
  const parts = paidParts(order);
  const left = checks.reduce((due, check) => due + dueOn(order, check), 0);
  if (left === 0) throw new Refusal('nothing_due', 'Nothing is left to pay: there is nothing to divide.');
  const plan = planOf(asked, order, left);
  const ways = waysOf(plan);
  const unpaid = checks.filter(({ id }) => !parts.has(id));
  const opened = Array.from({ length: Math.max(0, ways - unpaid.length) }, () => newCheck(order.facts));
  const paying = [...unpaid, ...opened].slice(0, ways).map(({ id }) => id);
  const all = [...checks, ...opened].map((check) =>
    paying.includes(check.id) || parts.has(check.id) ? check : emptied(check),
  );
  const after: Split = { checks: [...paying, ...parts.keys()], plan };
  return told(
    nextVersion(order, { facts: { status }, checks: divideChecks(all, after, parts), split: after, divided: true }),
  );
}

/**
 * Undoes a split: the first check pays everything again. The others stay with nothing to pay, so that nobody pays their
 * old bills. Of an order that is not split nothing changes.
 * @throws Refusal `order_state`, `check_paid`
 */
export function unsplit(order: KeptOrder): Change | undefined {
  const status = orderAfter(order.facts.status, 'split');
  if (!order.split) return undefined;
  const [first, ...others] = order.facts.checks;
  if (!first || others.some((check) => paidOn(order, check) > 0))
    throw new Refusal('check_paid', 'Something has been paid on one of the checks: it cannot be undone.');
  const { shares: _, taxes: __, ...plain } = first;
  const { totals } = cartOf([first]);
  const of = (amount: number) => money(amount, order.facts.currency);
  const whole = {
    gross: of(totals.gross),
    discount: of(totals.discount),
    net: of(totals.net),
    serviceCharge: of(totals.serviceCharge),
    tax: of(totals.tax),
    total: of(totals.total),
  };
  const checks = [{ ...plain, totals: whole }, ...others.map(emptied)];
  return told(nextVersion(order, { facts: { status }, checks, split: undefined, divided: true }));
}

/**
 * The split after lines were added to a check of it. By item, what is added to none is the first's that is not paid.
 * @throws Refusal `not_found` for another order's check; `check_closed` for one that pays nothing any more
 */
export function takenBy(order: KeptOrder, checkId: string | undefined, lineIds: readonly string[]): Split | undefined {
  const { checks } = order.facts;
  if (checkId !== undefined && !checks.some(({ id }) => id === checkId))
    throw new Refusal('not_found', 'The order has no such check.');
  if (!order.split) {
    if (checkId !== undefined && checkId !== checks[0]?.id) throw closed();
    return undefined;
  }
  const { plan, checks: places } = order.split;
  if (checkId !== undefined && !places.includes(checkId)) throw closed();
  if (plan.by === 'evenly' || plan.by === 'amounts') return order.split;
  const isPaid = (id: string): boolean => collected(order.settlements[id] ?? NOTHING_PAID) > 0;
  const unpaid = plan.by === 'items' ? places.slice(0, waysOf(plan)).find((id) => !isPaid(id)) : undefined;
  const taker = checkId ?? unpaid;
  if (taker === undefined) return order.split;
  const weights = places.map((id) => (id === taker ? 1 : 0));
  const parts = { ...plan.parts, ...Object.fromEntries(lineIds.map((id) => [id, weights])) };
  return { checks: places, plan: { ...plan, parts } };
}

const closed = (): Refusal => new Refusal('check_closed', 'This check pays nothing any more: name another.');

/** What was paid before, on checks that keep it. */
function paidParts(order: KeptOrder): Map<string, Share> {
  const parts = new Map<string, Share>();
  for (const check of order.facts.checks) {
    const credited = check.totals.total.amount - dueOn(order, check);
    if (paidOn(order, check) > 0 && credited > 0) parts.set(check.id, partOfShare(wholeShare(check), credited));
  }
  return parts;
}

/** A check that was never divided has the taxes of its lines. */
const wholeShare = (check: CheckFacts): Share =>
  check.taxes ? shareOf(check) : { ...shareOf(check), taxes: cartOf([check]).taxes };

const settlementOf = ({ settlements }: KeptOrder, { id }: CheckFacts) => settlements[id] ?? NOTHING_PAID;
const paidOn = (order: KeptOrder, check: CheckFacts): number => collected(settlementOf(order, check));
const dueOn = (order: KeptOrder, check: CheckFacts): number =>
  dueOf(settlementOf(order, check), check.totals.total.amount);

/** @throws Refusal `split_invalid` for lines, seats and amounts that the order does not have */
function planOf(asked: OrderSplit, order: KeptOrder, left: number): SplitPlan {
  switch (asked.by) {
    case 'evenly':
      return { by: 'evenly', ways: asked.ways };
    case 'items':
      return { by: 'items', ways: asked.checks.length, parts: partsOf(asked.checks, order) };
    case 'seats':
      return { by: 'seats', seats: seatsOf(asked.checks, order), shared: asked.shared, parts: {} };
    case 'amounts': {
      const { amounts } = asked;
      if (amounts.reduce((sum, each) => sum + each, 0) > left)
        throw invalid('The amounts are more than what is left to pay.', '/amounts');
      return { by: 'amounts', amounts };
    }
  }
}

/** Parts of every line by check. Pieces that nobody takes are the first's. */
function partsOf(checks: Extract<OrderSplit, { by: 'items' }>['checks'], order: KeptOrder): Record<string, number[]> {
  const taken = new Map<string, number[]>();
  const lines = new Map(linesOf(order.facts).map((line) => [line.id, line]));
  for (const [at, check] of checks.entries()) {
    for (const [position, { lineId, parts }] of check.lines.entries()) {
      const line = lines.get(lineId);
      if (!line || line.status === 'voided')
        throw invalid('The order has no such line.', `/checks/${at}/lines/${position}/lineId`);
      const weights = taken.get(lineId) ?? checks.map(() => 0);
      weights[at] = (weights[at] ?? 0) + parts;
      taken.set(lineId, weights);
    }
  }
  for (const [lineId, weights] of taken) {
    const spare = (lines.get(lineId)?.quantity ?? 0) - weights.reduce((sum, each) => sum + each, 0);
    weights[0] = (weights[0] ?? 0) + Math.max(0, spare);
  }
  return Object.fromEntries(taken);
}

function seatsOf(asked: Extract<OrderSplit, { by: 'seats' }>['checks'], order: KeptOrder): number[][] {
  const there = new Set(
    linesOf(order.facts)
      .filter(({ status }) => status !== 'voided')
      .flatMap(({ seat }) => (seat === null ? [] : seat)),
  );
  if (there.size === 0) throw invalid('No line of the order belongs to a seat.', '/by');
  const seats = asked?.map((check) => check.seats) ?? [...there].toSorted((a, b) => a - b).map((seat) => [seat]);
  const named = seats.flat();
  if (new Set(named).size < named.length) throw invalid('A seat pays on one check only.', '/checks');
  const forgotten = [...there].filter((seat) => !named.includes(seat));
  if (forgotten.length > 0) throw invalid(`Nobody pays for seat ${forgotten.join(', ')}.`, '/checks');
  return seats;
}

const invalid = (detail: string, pointer: string): Refusal =>
  new Refusal('split_invalid', detail, { errors: [{ pointer, detail }] });

function newCheck({ currency }: OrderFacts): CheckFacts {
  return {
    id: newId(),
    version: 1,
    lines: [],
    discounts: [],
    charges: [],
    totals: nothing(currency),
    paid: money(0, currency),
  };
}

/** A check that has nothing to pay any more. */
const emptied = (check: CheckFacts): CheckFacts => ({
  ...check,
  totals: nothing(check.totals.total.currency),
  shares: [],
  taxes: [],
});

function nothing(currency: string): CheckFacts['totals'] {
  const zero = money(0, currency);
  return { gross: zero, discount: zero, net: zero, serviceCharge: zero, tax: zero, total: zero };
}

const told = (order: KeptOrder): Change => ({ order, told: [{ event: OrderChanged, facts: order.facts }] });
