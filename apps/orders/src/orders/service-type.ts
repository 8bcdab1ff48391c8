import { collected, NOTHING_PAID } from '../checks/settlement.js';
import type { CheckFacts, KeptOrder } from './order.js';

/** Whether everything on an order that cost something has been paid. */
export const isPaid = ({ facts }: KeptOrder): boolean =>
  facts.paymentStatus === 'paid' && facts.totals.total.amount > 0;

/**
 * The checks of an order that is served otherwise from now on: what has been paid keeps its taxes. That is all of an order
 * that is paid; of one that is split, every line that somebody who paid had a part of.
 */
export function keepPaid(order: KeptOrder): readonly CheckFacts[] {
  const { checks, serviceType } = order.facts;
  const paid = paidLines(order);
  if (paid.size === 0) return checks;
  return checks.map((check) => ({
    ...check,
    lines: check.lines.map((line) =>
      paid.has(line.id) ? { ...line, serviceType: line.serviceType ?? serviceType } : line,
    ),
  }));
}

function paidLines(order: KeptOrder): Set<string> {
  const { checks } = order.facts;
  const all = new Set(checks.flatMap(({ lines }) => lines.map(({ id }) => id)));
  if (isPaid(order)) return all;
  const settled = checks.filter(({ id }) => collected(order.settlements[id] ?? NOTHING_PAID) > 0);
  const shares = settled.flatMap((check) => (check.shares ?? []).filter(({ parts }) => parts > 0));
  // A share of no line is one of everything.
  return shares.some(({ lineId }) => lineId === null) ? all : new Set(shares.flatMap(({ lineId }) => lineId ?? []));
}
