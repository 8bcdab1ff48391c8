import {
  type AddLines,
  type AmendOrder,
  type InputOf,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  type OrderFacts,
  type OrderLine,
  OrderPaid,
  OrderReady,
  type Ticket,
} from '@comanda/contracts';
import { given, type Occurrence, Refusal } from '@comanda/platform';
import {
  type Authority,
  namesOf,
  type Reduction,
  requireVoidAllowed,
  requireWithinLimits,
  THE_CHAIN,
} from '../approvals/approvals.js';
import { refuseUnavailable } from '../availability/unavailable.js';
import { byHand, isUnapproved, type OrderDiscount, orderDiscounts, replaced } from '../checks/discounts.js';
import { pickLines } from '../checks/pick-lines.js';
import type { AskedLine } from '../checks/picked-line.js';
import { note, NOTHING_PAID, type PaymentNews } from '../checks/settlement.js';
import { requireUsable } from '../grants/grants.js';
import { ticketsOf } from '../kitchen/tickets.js';
import { takenBy } from '../splits/split.js';
import { move } from '../tables/move.js';
import { type Change, type ChangeEvent, type KeptOrder, linesOf, nextVersion } from './order.js';
import { lineTerms, type OnSale, reductionsOf } from './place-order.js';
import { basisOf, type MenusByHash, reprice, termsOf } from './reprice.js';
import { isPaid, keepPaid } from './service-type.js';
import { lineAfter, orderAfter, SENT } from './transitions.js';

// Every decision takes an order and gives what becomes of it: the order after it and the event that tells of it, or
// undefined when nothing changes. All of them throw `order_state` where the table of transitions says so.

/** What somebody asks to change. */
type Amendment = InputOf<typeof AmendOrder>['body'];

/**
 * Changes what is not a line. Another service type, number of covers or discount prices the order again. Another table is a
 * move, told of as one, before whatever else changes.
 * @throws Refusal `discounts_not_combinable`, `grant_not_applicable`
 */
export function amend(
  order: KeptOrder,
  { table, ...amendment }: Amendment,
  menus: MenusByHash,
  { authority = THE_CHAIN, by = '', at = new Date() }: { authority?: Authority; by?: string; at?: Date } = {},
): Change | undefined {
  const from = order.facts.table;
  const gone = from !== null && table !== null && table !== undefined;
  const moved = gone ? move(order, { from, to: table, by, at: at.toISOString() }) : undefined;
  const rest = gone || table === undefined ? amendment : { ...amendment, table };
  const changes = amendOthers(moved?.order ?? order, rest, menus, authority);
  return changes && moved ? { ...changes, told: [...moved.told, ...changes.told] } : (changes ?? moved);
}

function amendOthers(
  order: KeptOrder,
  amendment: Amendment,
  menus: MenusByHash,
  authority: Authority,
): Change | undefined {
  const status = orderAfter(order.facts.status, 'amend');
  const { version: _, staffId: _staff, approverId: _approver, ...asked } = given(amendment);
  if (Object.keys(asked).length === 0) return undefined;
  const { discounts: askedDiscounts, tab, ...untold } = asked;
  // An order without a tab does not speak of one.
  const particulars = { ...untold, ...(tab !== undefined && { tab: tab ?? undefined }) };
  const [first] = order.facts.checks;
  const before = first ? termsOf(order, first.id).discounts : [];
  const asGranted = askedDiscounts && orderDiscounts(askedDiscounts, namesOf(authority.hands), before);
  const discounts = asGranted && replaced(before, asGranted);
  const reserved = 'serviceType' in particulars && !isPaid(order);
  const prices = discounts !== undefined || reserved || 'covers' in particulars;
  if (first && (discounts || 'customerId' in particulars)) {
    const { customerId = order.facts.customerId } = particulars;
    requireUsable(
      basisOf(order, first, menus, { ...particulars, ...(discounts && { discounts }) }),
      customerId,
      before,
    );
  }
  if (first && discounts) requireWithinLimits(givenNow(first.totals.gross.amount, discounts, before), authority);
  const served = particulars.serviceType === undefined ? order.facts.checks : keepPaid(order);
  const checks = served.map((check, at) => {
    // The discounts of an order are those of its first check.
    const own = at === 0 && discounts ? { discounts } : {};
    return prices ? reprice(order, check, menus, { ...particulars, ...own }) : check;
  });
  const terms = first && discounts ? { [first.id]: { ...termsOf(order, first.id), discounts } } : {};
  return changed(order, nextVersion(order, { facts: { ...particulars, status }, checks, terms }));
}

/** What is taken off a check now, beside what was taken off it without approval; nothing when that is as it was. */
function givenNow(gross: number, after: readonly OrderDiscount[], before: readonly OrderDiscount[]): Reduction[] {
  const isNew = (discount: OrderDiscount): boolean => !before.includes(discount);
  const discounts = byHand(after);
  return discounts.some(isNew)
    ? [{ gross, discounts: discounts.filter((each) => isNew(each) || isUnapproved(each)) }]
    : [];
}

/**
 * Adds lines to a check, its first unless another is named. Commutes with every other addition, so it needs no version.
 * The lines are priced by what is on sale, which need not be the menu that the order was placed by.
 * @throws Refusal of what cannot be sold so; `not_found` for another order's check, `check_closed` for one that pays nothing
 */
export function addLines(
  order: KeptOrder,
  { checkId, lines }: Pick<InputOf<typeof AddLines>['body'], 'checkId' | 'lines'>,
  {
    onSale,
    menus,
    when,
    now,
    authority = THE_CHAIN,
  }: { onSale: OnSale; menus: MenusByHash; when: Occurrence; now: Date; authority?: Authority },
): Change {
  const status = orderAfter(order.facts.status, 'addLines');
  const [target] = order.facts.checks;
  if (!target) throw new Error(`Order ${order.facts.id} has no check.`);
  const by = namesOf(authority.hands);
  const { occurredAt: orderedAt } = when;
  const servedAt = order.facts.scheduled && new Date(order.facts.scheduled.promisedAt);
  const added = pickLines(onSale.menu, lines, { orderedAt, servedAt, status: 'placed', by });
  refuseUnavailable(onSale.unavailable, added, servedAt ?? now);
  refuseSameCombo(order.facts, added);
  const before = termsOf(order, target.id);
  const terms = { ...before, lines: { ...before.lines, ...lineTerms(added, order.facts.menuHash) } };
  const checks = order.facts.checks.map((check) =>
    check === target ? reprice(order, check, menus, { added }) : check,
  );
  requireWithinLimits(reductionsOf(lines, added, linesOf({ checks })), authority);
  const split = takenBy(
    order,
    checkId,
    added.map(({ line }) => line.id),
  );
  const after = nextVersion(order, { facts: { status }, checks, terms: { [target.id]: terms }, split });
  return { ...changed(order, after), at: when.occurredAt };
}

/** @throws Refusal `id_taken` for a combo with the id of one that the order has */
function refuseSameCombo(facts: OrderFacts, added: readonly AskedLine[]): void {
  const known = new Set(linesOf(facts).map(({ combo }) => combo?.id));
  const again = added.find(({ line }) => line.combo && known.has(line.combo.id));
  if (again) throw new Refusal('id_taken', `The order has a combo with the id ${again.line.combo?.id}.`);
}

/** Who did something that cannot be undone, why and when. */
export interface Reason {
  readonly authority: Authority;
  readonly reason: string;
  readonly by: string;
  readonly when: Occurrence;
}

/**
 * Voids a line: it stays visible and comes to nothing. `voided.sent` says whether the kitchen had it already: then its
 * stock stays consumed. A component of a combo goes with its combo, which has one price.
 * @throws Refusal `line_state`; `not_found` for a line that the order does not have; `approval_required`
 */
export function voidLine(order: KeptOrder, lineId: string, reason: Reason, menus: MenusByHash): Change {
  const status = orderAfter(order.facts.status, 'voidLine');
  const line = linesOf(order.facts).find(({ id }) => id === lineId);
  if (!line) throw new Refusal('not_found', 'The order has no such line.');
  lineAfter(line.status, 'voidLine');
  const goesWith = (each: OrderLine): boolean => each === line || (!!line.combo && each.combo?.id === line.combo.id);
  const sent = linesOf(order.facts).filter((each) => goesWith(each) && isSent(each));
  requireVoidAllowed(sent.length > 0, reason.authority);
  const checks = order.facts.checks.map((check) =>
    check.lines.includes(line)
      ? reprice(order, check, menus, {
          lines: check.lines.map((each) => (goesWith(each) ? voided(each, reason) : each)),
        })
      : check,
  );
  const after = nextVersion(order, { facts: { status }, checks });
  return { ...changed(order, after, ticketsOf('void', sent)), at: reason.when.occurredAt };
}

/** Whether the kitchen has a line, and would go on making it. */
const isSent = ({ status }: OrderLine): boolean => status !== 'voided' && SENT[status];

/** The kitchen has finished what was sent. Once more changes nothing. */
export function ready(order: KeptOrder): Change | undefined {
  const status = orderAfter(order.facts.status, 'ready');
  const cooks = linesOf(order.facts).some((line) => line.status !== lineAfter(line.status, 'ready'));
  return cooks || status !== order.facts.status ? moved(order, 'ready', status, OrderReady) : undefined;
}

/** The guests have everything, whether or not a kitchen was told of it. */
export function complete(order: KeptOrder): Change {
  return moved(order, 'complete', orderAfter(order.facts.status, 'complete'), OrderCompleted);
}

/**
 * Cancels an order: every line is voided, its total is zero, and what was paid becomes a refund due.
 * @throws Refusal `order_state`, `approval_required`
 */
export function cancel(order: KeptOrder, reason: Reason, menus: MenusByHash): Change {
  const status = orderAfter(order.facts.status, 'cancel');
  const sent = linesOf(order.facts).filter(isSent);
  requireVoidAllowed(sent.length > 0, reason.authority);
  const checks = order.facts.checks.map((check) =>
    reprice(order, check, menus, {
      lines: check.lines.map((line) =>
        lineAfter(line.status, 'cancel') === line.status ? line : voided(line, reason),
      ),
    }),
  );
  const { occurredAt, businessDate } = reason.when;
  const { reason: why, by, authority } = reason;
  const cancelled = { reason: why, by, at: occurredAt.toISOString(), businessDate, ...namesOf(authority.hands) };
  const after = nextVersion(order, { facts: { status, cancelled }, checks });
  return { ...as(OrderCancelled, after, ticketsOf('void', sent)), at: occurredAt };
}

/** Takes note of what payments tells of a check. What it knew already changes nothing. */
export function pay(order: KeptOrder, checkId: string, news: PaymentNews): Change | undefined {
  const status = orderAfter(order.facts.status, 'pay');
  const before = order.settlements[checkId] ?? NOTHING_PAID;
  const settlement = note(before, news);
  if (settlement === before) return undefined;
  const after = nextVersion(order, { facts: { status }, settlements: { [checkId]: settlement } });
  if (sameMoney(order.facts, after.facts)) return { order: { ...after, facts: order.facts }, told: [] };
  return as(isSettledBy(order, after) ? OrderPaid : OrderChanged, after);
}

const sameMoney = (one: OrderFacts, other: OrderFacts): boolean =>
  one.paymentStatus === other.paymentStatus &&
  one.checks.every((check, at) => check.paid.amount === other.checks[at]?.paid.amount);

/** Moves every line to where the intent takes it. What they come to stays as it is. */
function moved(
  order: KeptOrder,
  intent: 'ready' | 'complete',
  status: OrderFacts['status'],
  event: ChangeEvent,
): Change {
  const checks = order.facts.checks.map((check) => ({
    ...check,
    lines: check.lines.map((line) => ({ ...line, status: lineAfter(line.status, intent) })),
  }));
  return as(event, nextVersion(order, { facts: { status }, checks }));
}

function voided(line: OrderLine, { reason, by, when, authority }: Reason): OrderLine {
  if (line.status === 'voided') return line;
  const { occurredAt, businessDate } = when;
  const sent = SENT[line.status];
  const at = occurredAt.toISOString();
  return { ...line, status: 'voided', voided: { reason, by, at, businessDate, sent, ...namesOf(authority.hands) } };
}

/**
 * A change of lines, amounts or particulars. One that leaves nothing to pay is told of twice: as changed to those who
 * follow what was ordered, then as paid to those who wait for that. The kitchen hears of it once.
 */
export function changed(before: KeptOrder, after: KeptOrder, tickets: readonly Ticket[] = []): Change {
  const change = as(OrderChanged, after, tickets);
  if (!isSettledBy(before, after)) return change;
  const paid = as(OrderPaid, nextVersion(after, {}));
  return { ...paid, told: [...change.told, ...paid.told] };
}

/** Whether an order that had something to pay has nothing left now. */
const isSettledBy = ({ facts: before }: KeptOrder, { facts: after }: KeptOrder): boolean =>
  after.paymentStatus === 'paid' && before.paymentStatus !== 'paid' && after.totals.total.amount > 0;

const as = (event: ChangeEvent, order: KeptOrder, tickets: readonly Ticket[] = []): Change => ({
  order,
  told: [{ event, facts: tickets.length > 0 ? { ...order.facts, tickets: [...tickets] } : order.facts }],
});
