import type { LocationPolicies, NewLine, NewOrder, OrderFacts, OrderLine, Quote } from '@comanda/contracts';
import { type Caller, newId, occurrenceOf, Refusal } from '@comanda/platform';
import { type Authority, namesOf, type Reduction, requireWithinLimits, THE_CHAIN } from '../approvals/approvals.js';
import { refuseUnavailable, type Unavailable } from '../availability/unavailable.js';
import { byHand, granted, orderDiscounts } from '../checks/discounts.js';
import { pickLines } from '../checks/pick-lines.js';
import type { AskedLine, BasisLine } from '../checks/picked-line.js';
import { priceCheck } from '../checks/price-check.js';
import { requireUsable } from '../grants/grants.js';
import type { MenuIndex } from '../menus/menu-index.js';
import { type Promised, promise } from '../schedule/promise.js';
import { type KeptOrder, type LineTerms, NO_TERMS, tallied, type Terms } from './order.js';

/** Where something is sold, as far as orders care. */
export interface Place {
  readonly id: string;
  readonly timeZone: string;
  readonly closingHour: number;
}

/** What a location sells at this moment. */
export interface OnSale {
  readonly menu: MenuIndex;
  readonly unavailable: Unavailable;
}

/** An order that has not got its number yet. */
export type NewKeptOrder = Omit<KeptOrder, 'facts'> & { readonly facts: Omit<OrderFacts, 'number'> };

type Cart = Pick<NewOrder, 'serviceType' | 'covers' | 'lines' | 'discounts'>;

/**
 * Prices a cart without placing it.
 * @throws Refusal as placing the same would be refused
 */
export function quote(cart: Cart, { menu, unavailable }: OnSale, now: Date = new Date(), orderedAt: Date = now): Quote {
  const lines = pickLines(menu, cart.lines, { orderedAt, status: 'placed' });
  refuseUnavailable(unavailable, lines, now);
  const { serviceType, covers } = cart;
  const basis = { menu, serviceType, covers, lines, discounts: orderDiscounts(cart.discounts) };
  requireUsable(basis, undefined);
  const priced = priceCheck(basis);
  return { menuHash: menu.hash, currency: menu.currency, ...priced };
}

/**
 * Accepts an order: finds its lines on the menu, prices them, and dates them by the location's own business day.
 * One that the guests already have (`completed`) is a fact: nothing in it is refused for being off sale now.
 * @throws Refusal of what cannot be sold so, `order_empty`, `time_not_allowed`, `expected_total_differs` with both totals,
 *   `approval_required`
 */
export function placeOrder(
  asked: NewOrder,
  {
    caller,
    place,
    onSale,
    authority = THE_CHAIN,
    now = new Date(),
  }: { caller: Caller; place: Place; onSale: OnSale; authority?: Authority; now?: Date },
): NewKeptOrder {
  const { menu, unavailable } = onSale;
  requireLines(asked);
  const { occurredAt, businessDate } = occurrenceOf(caller, asked.occurredAt, place, now);
  const promised = promisedFor(asked, place, authority.policies, now);
  const status = asked.completed ? 'completed' : 'placed';
  const by = namesOf(authority.hands);
  const lines = pickLines(menu, asked.lines, { orderedAt: occurredAt, servedAt: promised?.at, status, by });
  if (!asked.completed) refuseUnavailable(unavailable, lines, promised?.at ?? now);
  const { serviceType, covers } = asked;
  const discounts = orderDiscounts(asked.discounts, by);
  const basis = { menu, serviceType, covers, lines, discounts };
  requireUsable(basis, asked.customerId);
  const priced = priceCheck(basis);
  const whole = { gross: priced.totals.gross.amount, discounts: byHand(discounts) };
  requireWithinLimits([whole, ...reductionsOf(asked.lines, lines, priced.lines)], authority);
  requireExpected(asked.expectedTotal, priced.totals.total);
  const checkId = asked.checkId ?? newId();
  const check = { id: checkId, version: 1, ...priced, paid: { amount: 0, currency: menu.currency } };
  const order: KeptOrder = {
    organizationId: caller.organizationId,
    facts: {
      id: asked.id ?? newId(),
      locationId: asked.locationId,
      number: 0,
      businessDate: promised?.businessDate ?? businessDate,
      status,
      paymentStatus: 'unpaid',
      channel: asked.channel,
      serviceType,
      table: asked.table,
      covers,
      customerId: asked.customerId,
      externalId: asked.externalId,
      ...(asked.tab !== null && { tab: asked.tab }),
      note: asked.note,
      currency: menu.currency,
      menuHash: menu.hash,
      cancelled: null,
      totals: priced.totals,
      placedBy: caller.id,
      ...(authority.hands.staff && { staffId: authority.hands.staff.id }),
      ...(promised && { scheduled: promised.scheduled }),
      occurredAt: occurredAt.toISOString(),
      recordedAt: now.toISOString(),
      version: 1,
      checks: [check],
    },
    terms: termsOf(checkId, { discounts, lines: lineTerms(lines) }),
    settlements: {},
  };
  return tallied(order);
}

/** A tab may be opened before anything is ordered. @throws Refusal `order_empty` */
function requireLines({ lines, tab }: NewOrder): void {
  if (lines.length > 0 || tab !== null) return;
  const detail = 'Order something, or name the tab that is opened.';
  throw new Refusal('order_empty', detail, { errors: [{ pointer: '/lines', detail }] });
}

/** @throws Refusal `time_not_allowed` */
function promisedFor(
  { promisedAt, completed }: NewOrder,
  place: Place,
  { scheduling }: LocationPolicies,
  now: Date,
): Promised | undefined {
  if (promisedAt === undefined) return undefined;
  if (completed) throw new Refusal('time_not_allowed', 'What the guests already have is not promised.');
  return promise(promisedAt, place, scheduling, now);
}

/** Gives an order the number that the location's day has come to. */
export const numbered = (order: NewKeptOrder, number: number): KeptOrder => ({
  ...order,
  facts: { ...order.facts, number },
});

/** What is taken off each of the lines asked for, of what it comes to once priced; a combo is one. */
export function reductionsOf(
  asked: readonly NewLine[],
  picked: readonly AskedLine[],
  priced: readonly OrderLine[],
): Reduction[] {
  return asked.flatMap(({ discounts }, at) => {
    if (discounts.length === 0) return [];
    const of = new Set(picked.flatMap(({ pointer, line }) => (pointer.split('/')[2] === String(at) ? [line.id] : [])));
    const gross = priced.reduce((sum, { id, gross: { amount } }) => (of.has(id) ? sum + amount : sum), 0);
    return [{ gross, discounts: granted(discounts) }];
  });
}

/** What has to be remembered of lines: their discounts, and their menu where it is not the order's. */
export function lineTerms(lines: readonly BasisLine[], orderMenu?: string): Terms['lines'] {
  const noted = lines.flatMap(({ line, menu, discounts }): [string, LineTerms][] => {
    const terms = {
      ...(orderMenu !== undefined && menu.hash !== orderMenu && { menuHash: menu.hash }),
      ...(discounts.length > 0 && { discounts }),
    };
    return Object.keys(terms).length > 0 ? [[line.id, terms]] : [];
  });
  return Object.fromEntries(noted);
}

function termsOf(checkId: string, terms: Terms): KeptOrder['terms'] {
  const nothing = terms.discounts.length === 0 && Object.keys(terms.lines).length === 0;
  return nothing ? {} : { [checkId]: { ...NO_TERMS, ...terms } };
}

function requireExpected(expected: NewOrder['expectedTotal'], actual: { amount: number; currency: string }): void {
  if (!expected || (expected.amount === actual.amount && expected.currency === actual.currency)) return;
  throw new Refusal('expected_total_differs', 'The total is not what was expected.', { expected, actual });
}
