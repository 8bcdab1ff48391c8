import type { OrderFacts, OrderLine } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import type { OrderDiscount } from '../checks/discounts.js';
import type { BasisLine, PickedLine } from '../checks/picked-line.js';
import { type Basis, priceCheck } from '../checks/price-check.js';
import type { MenuIndex } from '../menus/menu-index.js';
import { type KeptOrder, NO_TERMS, type Terms } from './order.js';

/** Menus by their hash: all that an order was priced from. */
export type MenusByHash = ReadonlyMap<string, MenuIndex>;

/** The menus that an order was priced from: its own first. */
export function menuHashesOf({ facts, terms }: KeptOrder): string[] {
  const others = Object.values(terms).flatMap(({ lines }) => Object.values(lines).map(({ menuHash }) => menuHash));
  return [...new Set([facts.menuHash, ...others.filter((hash) => hash !== undefined)])];
}

/** What may differ from how the check was priced last. */
export interface Repricing {
  readonly serviceType?: OrderFacts['serviceType'];
  readonly covers?: number | null;
  readonly discounts?: readonly OrderDiscount[];
  /** The check's lines with other states; a voided one comes to nothing. */
  readonly lines?: readonly OrderLine[];
  readonly added?: readonly BasisLine[];
  /** What is remembered of the check's lines and service charges, where that differs. */
  readonly terms?: Omit<Terms, 'discounts'>;
}

type CheckFacts = OrderFacts['checks'][number];

/**
 * Prices a check again. Each line keeps the menu it was ordered from; the order's decides on tax rules and service charges.
 * @throws Refusal as `priceCheck`; `order_returned` once the shares of what went back are told
 */
export function reprice(order: KeptOrder, check: CheckFacts, menus: MenusByHash, change: Repricing): CheckFacts {
  if (order.facts.returns)
    throw new Refusal('order_returned', 'Something of the order went back: order what else is wanted anew.');
  // All lines are on the first check; the others of a split pay shares of it.
  if (check.id !== order.facts.checks[0]?.id) return check;
  return { ...check, ...priceCheck(basisOf(order, check, menus, change)) };
}

/** Everything that what a check comes to depends on, after a change. */
export function basisOf(order: KeptOrder, check: CheckFacts, menus: MenusByHash, change: Repricing): Basis {
  const { facts } = order;
  const terms = { ...termsOf(order, check.id), ...change.terms };
  const lines = (change.lines ?? check.lines).map((line): BasisLine => {
    const { menuHash = facts.menuHash, discounts = [] } = terms.lines[line.id] ?? {};
    return { line: withoutAmounts(line), menu: menuIn(menus, menuHash), discounts };
  });
  const { serviceType = facts.serviceType, covers = facts.covers, discounts = terms.discounts } = change;
  return {
    menu: menuIn(menus, facts.menuHash),
    serviceType,
    covers,
    discounts,
    waivers: terms.waivers,
    lines: [...lines, ...(change.added ?? [])],
  };
}

/** One of the menus that an order was priced from. */
export function menuIn(menus: MenusByHash, hash: string): MenuIndex {
  const menu = menus.get(hash);
  if (!menu) throw new Error(`The menu ${hash} of an order was not at hand.`);
  return menu;
}

export const termsOf = ({ terms }: KeptOrder, checkId: string): Terms => terms[checkId] ?? NO_TERMS;

function withoutAmounts(line: OrderLine): PickedLine {
  const { gross: _gross, discounts: _discounts, net: _net, taxes: _taxes, total: _total, ...picked } = line;
  return picked;
}
