import type { FloorPlan, OrderFacts, OrderLine, TableState, TableStatus } from '@comanda/contracts';
import { money, sum } from '@comanda/money';
import { dueOf, NOTHING_PAID } from '../checks/settlement.js';
import { type KeptOrder, linesOf } from '../orders/order.js';

/**
 * How the tables of a location stand, by its open orders and nothing else: those on the plan in its order, then those that
 * only orders name, by their first order.
 */
export function tableStates({ areas }: Pick<FloorPlan, 'areas'>, open: readonly KeptOrder[]): TableState[] {
  const at = Map.groupBy(open, ({ facts }) => facts.table);
  const planned = areas.flatMap((area) =>
    area.tables.map(({ name, seats }) => ({ name, area: area.name, seats, orders: at.get(name) ?? [] })),
  );
  const known = new Set<string | null>([null, ...planned.map(({ name }) => name)]);
  const others = [...at].flatMap(([name, orders]) =>
    name === null || known.has(name) ? [] : { name, area: null, seats: null, orders },
  );
  return [...planned, ...others].map(({ orders, ...table }) => ({ ...table, ...stateOf(orders) }));
}

/** What of an order the status of its table follows from. */
type Seen = Pick<OrderFacts, 'paymentStatus' | 'totals'> & { readonly lines: readonly Pick<OrderLine, 'status'>[] };

/** The status of a table. What is to be paid comes last at a table, so it says more than what is still to be cooked. */
export function statusOf(orders: readonly Seen[]): TableStatus {
  if (orders.length === 0) return 'free';
  const lines = new Set(
    orders.flatMap((order) => order.lines.map(({ status }) => status)).filter((status) => status !== 'voided'),
  );
  if (lines.size === 0) return 'seated';
  const charged = orders.filter(({ totals }) => totals.total.amount > 0);
  if (charged.length > 0 && charged.every(({ paymentStatus }) => paymentStatus === 'paid')) return 'paid';
  if (charged.some(({ paymentStatus }) => paymentStatus !== 'unpaid')) return 'paying';
  if (lines.has('placed')) return 'ordered';
  return lines.has('fired') ? 'sent' : 'ready';
}

function stateOf(orders: readonly KeptOrder[]): Pick<TableState, 'status' | 'covers' | 'since' | 'due' | 'orders'> {
  const covers = orders.flatMap(({ facts }) => facts.covers ?? []);
  const [first] = orders;
  return {
    status: statusOf(orders.map(({ facts }) => ({ ...facts, lines: linesOf(facts) }))),
    covers: covers.length > 0 ? covers.reduce((all, each) => all + each, 0) : null,
    since: first?.facts.occurredAt ?? null,
    due: first ? sum(first.facts.currency, orders.map(dueOn)) : null,
    orders: orders.map(({ facts: { id, number, status, paymentStatus, covers: guests, checks, party, version } }) => ({
      id,
      number,
      status,
      paymentStatus,
      covers: guests,
      checkIds: checks.map((check) => check.id),
      ...(party && { party }),
      version,
    })),
  };
}

function dueOn({ facts, settlements }: KeptOrder) {
  const due = facts.checks.map(({ id, totals }) => dueOf(settlements[id] ?? NOTHING_PAID, totals.total.amount));
  return money(
    due.reduce((all, each) => all + each, 0),
    facts.currency,
  );
}
