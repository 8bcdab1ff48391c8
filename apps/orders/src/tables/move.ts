import { OrderMoved, type TableMove } from '@comanda/contracts';
import { type Change, type KeptOrder, nextVersion } from '../orders/order.js';
import { orderAfter } from '../orders/transitions.js';

/**
 * Moves an order to another table. Nothing of what it comes to, or of what is paid, changes; where it was stays written on it.
 * @throws Refusal `order_state`
 */
export function move(order: KeptOrder, to: TableMove): Change | undefined {
  const status = orderAfter(order.facts.status, 'move');
  if (order.facts.table === to.to) return undefined;
  const moves = [...(order.facts.moves ?? []), to];
  const after = nextVersion(order, { facts: { status, table: to.to, moves } });
  return { order: after, told: [{ event: OrderMoved, facts: after.facts }] };
}
