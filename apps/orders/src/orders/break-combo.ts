import type { OrderLine } from '@comanda/contracts';
import { newId, Refusal } from '@comanda/platform';
import { priceAt, wallClock } from '@comanda/pricing';
import type { MenuIndex } from '../menus/menu-index.js';
import { changed } from './change-order.js';
import { type Change, type KeptOrder, linesOf, nextVersion, type Terms } from './order.js';
import { menuIn, type MenusByHash, reprice, termsOf } from './reprice.js';
import { orderAfter } from './transitions.js';

/**
 * Breaks a combo: its components become lines of their own and cost what they would have cost alone when they were ordered.
 * What was taken off the combo stays off them.
 * @throws Refusal `order_state`; `not_found` for a combo that the order does not have, or no longer
 */
export function breakCombo(order: KeptOrder, comboId: string, menus: MenusByHash): Change {
  const status = orderAfter(order.facts.status, 'amend');
  const isOfIt = ({ combo, voided }: OrderLine): boolean => combo?.id === comboId && !voided;
  if (!linesOf(order.facts).some(isOfIt)) throw new Refusal('not_found', 'The order has no such combo.');
  const changes = order.facts.checks.map((check) => {
    if (!check.lines.some(isOfIt)) return { check, terms: undefined };
    const before = termsOf(order, check.id);
    const terms = {
      ...before,
      lines: withOwnDiscounts(before.lines, new Set(check.lines.filter(isOfIt).map(({ id }) => id))),
    };
    const lines = check.lines.map((line) => {
      const hash = before.lines[line.id]?.menuHash ?? order.facts.menuHash;
      return isOfIt(line) ? alone(line, menuIn(menus, hash)) : line;
    });
    return { check: reprice(order, check, menus, { lines, terms }), terms };
  });
  const checks = changes.map(({ check }) => check);
  const terms = Object.fromEntries(changes.flatMap((each) => (each.terms ? [[each.check.id, each.terms]] : [])));
  return changed(order, nextVersion(order, { facts: { status }, checks, terms }));
}

/** A component as a line of its own. */
function alone({ combo: _, ...line }: OrderLine, menu: MenuIndex): OrderLine {
  const offer = menu.offers.get(line.variationId);
  if (!offer) throw new Error(`Line ${line.id} is of a menu that does not have it.`);
  const clock = wallClock(new Date(line.orderedAt), menu.timeZone);
  return {
    ...line,
    unitPrice: { ...line.unitPrice, amount: priceAt(offer.variation.price, offer.timedPrices, clock) },
  };
}

/** The lines of a combo share its discounts; on their own each has its own. */
const withOwnDiscounts = (terms: Terms['lines'], of: ReadonlySet<string>): Terms['lines'] =>
  Object.fromEntries(
    Object.entries(terms).map(([id, { discounts, ...more }]) => [
      id,
      {
        ...more,
        ...(discounts && { discounts: of.has(id) ? discounts.map((each) => ({ ...each, id: newId() })) : discounts }),
      },
    ]),
  );
