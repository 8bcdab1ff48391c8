import type {
  ChargeWaiver,
  Order,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  OrderFacts,
  OrderFired,
  OrderLine,
  OrderMoved,
  OrderPaid,
  OrderReady,
  OrderReturned,
  PaymentStatus,
} from '@comanda/contracts';
import { money, sum } from '@comanda/money';
import type { Discount, OrderDiscount } from '../checks/discounts.js';
import { collected, dueOf, NOTHING_PAID, paidOf, type Settlement, settleFor } from '../checks/settlement.js';
import { divided, type Split } from '../splits/divided.js';

/** An order as this service keeps it: what everyone may know, and what pricing it again and settling it needs. */
export interface KeptOrder {
  readonly organizationId: string;
  readonly facts: OrderFacts;
  /** By check. */
  readonly terms: Readonly<Record<string, Terms>>;
  /** By check. */
  readonly settlements: Readonly<Record<string, Settlement>>;
  /** How its checks pay for it, when they are several. */
  readonly split?: Split | undefined;
}

/** What a check was priced by and its lines do not show: what was asked off, and menus other than the order's. */
export interface Terms {
  readonly discounts: readonly OrderDiscount[];
  readonly lines: Readonly<Record<string, LineTerms>>;
  /** By service charge: those that the guests were let off. */
  readonly waivers?: Readonly<Record<string, ChargeWaiver>>;
}

export interface LineTerms {
  readonly menuHash?: string;
  readonly discounts?: readonly Discount[];
}

export const NO_TERMS: Terms = { discounts: [], lines: {} };

/** What came of an intent: the order after it, and what is told of it. */
export interface Change {
  readonly order: KeptOrder;
  /** One event for each version the order went through; none when nothing that others see has changed. */
  readonly told: readonly Told[];
  /** When it happened; now, unless it says so. */
  readonly at?: Date;
}

/** An event, and the order as it then stood. */
export interface Told {
  readonly event: ChangeEvent;
  readonly facts: OrderFacts;
}
export type ChangeEvent =
  | typeof OrderChanged
  | typeof OrderFired
  | typeof OrderReady
  | typeof OrderCompleted
  | typeof OrderCancelled
  | typeof OrderPaid
  | typeof OrderMoved
  | typeof OrderReturned;

export type CheckFacts = OrderFacts['checks'][number];

/**
 * The order's next version. The version of a check grows when its total or tax changes; totals and payment status
 * follow from the checks.
 */
export function nextVersion(
  before: KeptOrder,
  change: {
    facts?: Partial<OrderFacts>;
    checks?: readonly CheckFacts[];
    terms?: KeptOrder['terms'];
    settlements?: KeptOrder['settlements'];
    split?: Split | undefined;
    /** The checks given are those of the split already. */
    divided?: true;
  },
): KeptOrder {
  const versions = new Map(before.facts.checks.map((check) => [check.id, check]));
  const split = 'split' in change ? change.split : before.split;
  const given = change.checks ?? before.facts.checks;
  const checks = (change.divided ? given : divided(before, given, split)).map((check) => {
    const known = versions.get(check.id);
    return known && !sameBill(known, check) ? { ...check, version: known.version + 1 } : check;
  });
  const facts = { ...before.facts, ...change.facts, checks, version: before.facts.version + 1 };
  const settlements = Object.entries({ ...before.settlements, ...change.settlements }).map(
    ([checkId, settlement]) => [checkId, settleFor(settlement, totalOf(checks, checkId))] as const,
  );
  return tallied({
    organizationId: before.organizationId,
    facts,
    terms: { ...before.terms, ...change.terms },
    settlements: Object.fromEntries(settlements),
    split,
  });
}

/** Brings what follows from the checks up to them: paid amounts, totals, payment status. */
export function tallied(order: KeptOrder): KeptOrder {
  const { facts, settlements } = order;
  const checks = facts.checks.map((check) => ({
    ...check,
    paid: money(paidOf(settlements[check.id] ?? NOTHING_PAID), facts.currency),
  }));
  const tallies = { ...facts, checks, totals: addUp(checks, facts.currency) };
  return { ...order, facts: { ...tallies, paymentStatus: paymentStatusOf({ ...order, facts: tallies }) } };
}

/**
 * Nothing left to pay is `paid`, also where there never was anything to pay, unless the order was called off before
 * anybody paid.
 */
function paymentStatusOf({ facts, settlements }: KeptOrder): PaymentStatus {
  const settlementOf = (checkId: string): Settlement => settlements[checkId] ?? NOTHING_PAID;
  const due = facts.checks.reduce((left, { id, totals }) => left + dueOf(settlementOf(id), totals.total.amount), 0);
  const somePaid = facts.checks.some(({ id }) => collected(settlementOf(id)) > 0);
  if (due === 0) return facts.status === 'cancelled' && !somePaid ? 'unpaid' : 'paid';
  const owed = facts.totals.total.amount;
  return due < owed ? 'partly_paid' : 'unpaid';
}

const sameBill = (one: CheckFacts, other: CheckFacts): boolean =>
  one.totals.total.amount === other.totals.total.amount && one.totals.tax.amount === other.totals.tax.amount;

const totalOf = (checks: readonly CheckFacts[], checkId: string): number =>
  checks.find(({ id }) => id === checkId)?.totals.total.amount ?? 0;

/** The totals of all checks together. */
function addUp(checks: readonly CheckFacts[], currency: string): Order['totals'] {
  const [only] = checks;
  if (only && checks.length === 1) return only.totals;
  const total = (of: keyof Order['totals']) =>
    sum(
      currency,
      checks.map(({ totals }) => totals[of]),
    );
  return {
    gross: total('gross'),
    discount: total('discount'),
    net: total('net'),
    serviceCharge: total('serviceCharge'),
    tax: total('tax'),
    total: total('total'),
  };
}

/** Every line of the order, whichever check it is on. */
export const linesOf = ({ checks }: Pick<OrderFacts, 'checks'>): OrderLine[] => checks.flatMap(({ lines }) => lines);
