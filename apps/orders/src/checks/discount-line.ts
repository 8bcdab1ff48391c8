import type { DiscountInput } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import { type Authority, namesOf, requireWithinLimits } from '../approvals/approvals.js';
import { changed } from '../orders/change-order.js';
import { type Change, type KeptOrder, nextVersion } from '../orders/order.js';
import { type MenusByHash, reprice, termsOf } from '../orders/reprice.js';
import { lineAfter, orderAfter } from '../orders/transitions.js';
import { granted, isUnapproved } from './discounts.js';

/**
 * Takes something off a line, beside what is taken off it already.
 * @throws Refusal `order_state`; `not_found`; `line_state` for a voided line; `approval_required` beyond the limits
 */
export function discountLine(
  order: KeptOrder,
  lineId: string,
  asked: DiscountInput,
  { authority, menus }: { authority: Authority; menus: MenusByHash },
): Change {
  const status = orderAfter(order.facts.status, 'amend');
  const check = order.facts.checks.find(({ lines }) => lines.some(({ id }) => id === lineId));
  const line = check?.lines.find(({ id }) => id === lineId);
  if (!check || !line) throw new Refusal('not_found', 'The order has no such line.');
  lineAfter(line.status, 'voidLine');
  const terms = termsOf(order, check.id);
  const ofLine = terms.lines[lineId];
  const given = granted([asked], namesOf(authority.hands));
  const before = ofLine?.discounts ?? [];
  requireWithinLimits([{ gross: line.gross.amount, discounts: [...before.filter(isUnapproved), ...given] }], authority);
  const after = { ...terms, lines: { ...terms.lines, [lineId]: { ...ofLine, discounts: [...before, ...given] } } };
  const checks = order.facts.checks.map((each) => reprice(order, each, menus, each === check ? { terms: after } : {}));
  return changed(order, nextVersion(order, { facts: { status }, checks, terms: { [check.id]: after } }));
}
