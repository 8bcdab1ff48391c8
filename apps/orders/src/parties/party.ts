import { OrderChanged, type Order, type Party } from '@comanda/contracts';
import { money, sum } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import { dueOf, NOTHING_PAID } from '../checks/settlement.js';
import { type Change, type KeptOrder, linesOf, nextVersion } from '../orders/order.js';
import { orderAfter } from '../orders/transitions.js';

/** How many orders pay together at most. */
const LARGEST = 50;

/** An order and all that pay with it. */
export const partyOf = ({ facts }: KeptOrder): readonly string[] => facts.party ?? [facts.id];

/**
 * Makes a party of orders, the earliest first. Each stays what it is, so that separating them has nothing to restore.
 * @throws Refusal `order_state`; `merge_invalid` for orders of several locations, or for too many
 */
export function merge(orders: readonly KeptOrder[]): (order: KeptOrder) => Change | undefined {
  const [first] = orders;
  const elsewhere = orders.some(({ facts }) => facts.locationId !== first?.facts.locationId);
  if (elsewhere) throw new Refusal('merge_invalid', 'Orders of two locations do not pay together.');
  if (orders.length > LARGEST) throw new Refusal('merge_invalid', `At most ${LARGEST} orders pay together.`);
  const party = orders.toSorted(byTime).map(({ facts }) => facts.id);
  return (order) => {
    const status = orderAfter(order.facts.status, 'merge');
    if (order.facts.party?.join() === party.join()) return undefined;
    return told(nextVersion(order, { facts: { status, party } }));
  };
}

/** Takes an order out of its party. What happened to it meanwhile is its own. */
export function unmerge(order: KeptOrder): Change | undefined {
  const status = orderAfter(order.facts.status, 'unmerge');
  return order.facts.party ? told(nextVersion(order, { facts: { status, party: undefined } })) : undefined;
}

/** What a party comes to, and what it has to pay. */
export function combined(orders: readonly KeptOrder[], answers: readonly Order[]): Party {
  const currency = orders[0]?.facts.currency ?? '';
  const checks = orders.flatMap(({ facts, settlements }) =>
    facts.checks.map((check) => ({
      check,
      due: money(dueOf(settlements[check.id] ?? NOTHING_PAID, check.totals.total.amount), currency),
    })),
  );
  const owing = new Set(checks.filter(({ due }) => due.amount > 0).map(({ check }) => check.id));
  const total = (of: keyof Order['totals']) =>
    sum(
      currency,
      orders.map(({ facts }) => facts.totals[of]),
    );
  return {
    orders: [...answers],
    check: {
      lines: orders.flatMap(({ facts }) => linesOf(facts)),
      totals: {
        gross: total('gross'),
        discount: total('discount'),
        net: total('net'),
        serviceCharge: total('serviceCharge'),
        tax: total('tax'),
        total: total('total'),
      },
      paid: sum(
        currency,
        checks.map(({ check }) => check.paid),
      ),
      due: sum(
        currency,
        checks.map(({ due }) => due),
      ),
      bills: answers.flatMap((order) => order.checks.filter(({ id }) => owing.has(id)).map(({ bill }) => bill)),
    },
  };
}

const byTime = ({ facts: one }: KeptOrder, { facts: other }: KeptOrder): number =>
  `${one.occurredAt} ${one.id}` < `${other.occurredAt} ${other.id}` ? -1 : 1;

const told = (order: KeptOrder): Change => ({ order, told: [{ event: OrderChanged, facts: order.facts }] });
