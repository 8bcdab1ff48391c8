import type { ChargeWaiver } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import { namesOf, requireMayWaive } from '../approvals/approvals.js';
import { changed, type Reason } from '../orders/change-order.js';
import { type Change, type KeptOrder, nextVersion } from '../orders/order.js';
import { type MenusByHash, reprice, termsOf } from '../orders/reprice.js';
import { orderAfter } from '../orders/transitions.js';

/**
 * Lets the guests off a service charge: it stays on the check with who did it and why, and comes to nothing, also when more is
 * ordered. Once more changes nothing.
 * @throws Refusal `order_state`; `not_found` for a charge that the order does not have; `approval_required`
 */
export function waiveCharge(
  order: KeptOrder,
  chargeId: string,
  { reason, by, when, authority }: Reason,
  menus: MenusByHash,
): Change | undefined {
  const status = orderAfter(order.facts.status, 'amend');
  const check = order.facts.checks.find(({ charges }) => charges.some(({ id }) => id === chargeId));
  const charge = check?.charges.find(({ id }) => id === chargeId);
  if (!check || !charge) throw new Refusal('not_found', 'The order has no such service charge.');
  if (charge.waived) return undefined;
  requireMayWaive(authority);
  const { occurredAt, businessDate } = when;
  const waiver: ChargeWaiver = {
    reason,
    by,
    at: occurredAt.toISOString(),
    businessDate,
    amount: charge.amount,
    ...namesOf(authority.hands),
  };
  const before = termsOf(order, check.id);
  const terms = { ...before, waivers: { ...before.waivers, [chargeId]: waiver } };
  const checks = order.facts.checks.map((each) => reprice(order, each, menus, each === check ? { terms } : {}));
  const after = nextVersion(order, { facts: { status }, checks, terms: { [check.id]: terms } });
  return { ...changed(order, after), at: occurredAt };
}
