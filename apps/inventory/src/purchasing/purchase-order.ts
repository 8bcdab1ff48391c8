import type { PurchaseOrder, PurchaseOrderStatus } from '@comanda/contracts';
import { allocate, proportionOf } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import type { OwnAmount } from '../stock-items/measured.js';

type Line = PurchaseOrder['lines'][number];

/** What a purchase order may become next. */
const NEXT: Readonly<Record<PurchaseOrderStatus, readonly PurchaseOrderStatus[]>> = {
  draft: ['sent', 'cancelled'],
  sent: ['partly_received', 'received', 'cancelled'],
  partly_received: ['partly_received', 'received', 'cancelled'],
  received: [],
  cancelled: [],
};

/** @throws Refusal `purchase_order_state` when the table has no such step */
export function become(from: PurchaseOrderStatus, to: PurchaseOrderStatus): PurchaseOrderStatus {
  if (NEXT[from].includes(to)) return to;
  throw new Refusal('purchase_order_state', `The purchase order is ${from.replace('_', ' ')}.`, { status: from });
}

/** What came of one line, in the stock item's own unit; `cost` where the invoice says another one than the order. */
export interface Delivered {
  readonly lineId: string;
  readonly quantity: number;
  readonly cost?: number | undefined;
}

/** An amount that came, and what it cost with its share of freight, in minor units. */
export type Bought = OwnAmount & { readonly cost: number };

/**
 * Receives what came of a purchase order. A part of a line costs its part of the line, such that the parts of a line add up to it;
 * freight is shared out by cost, by largest remainder, or by nothing but the lines where all of them were free.
 * @throws Refusal `purchase_order_state`, `reference_unknown`, `exceeds_ordered`
 */
export function receive(
  status: PurchaseOrderStatus,
  lines: readonly Line[],
  delivered: readonly Delivered[],
  freight: number,
): { status: PurchaseOrderStatus; lines: Line[]; bought: Bought[] } {
  become(status, 'partly_received');
  const known = new Map(lines.map((line) => [line.id, line]));
  const came = delivered.map(({ lineId, quantity, cost }, i) => {
    const line = known.get(lineId);
    if (!line) throw unknownLine(i);
    const received = line.received + quantity;
    if (received > line.quantity) throw tooMuch(line, i);
    const bought = cost ?? proportionOf(line.cost, quantity, line.quantity, line.received);
    known.set(lineId, { ...line, received, receivedCost: line.receivedCost + bought });
    return { lineId, stockItemId: line.stockItemId, unit: line.unit, quantity, cost: bought };
  });
  const costs = came.map(({ cost }) => cost);
  const shares = allocate(freight, costs.some(Boolean) ? costs : costs.map(() => 1));
  const bought = came.map(({ lineId, ...amount }, i): Bought => {
    const share = shares[i] ?? 0;
    const line = known.get(lineId) as Line;
    known.set(lineId, { ...line, receivedCost: line.receivedCost + share });
    return { ...amount, cost: amount.cost + share };
  });
  const after = [...known.values()];
  const all = after.every(({ received, quantity }) => received === quantity);
  return { status: become(status, all ? 'received' : 'partly_received'), lines: after, bought };
}

/** A line that the purchase order does not have. */
export const unknownLine = (i: number): Refusal =>
  new Refusal('reference_unknown', 'The purchase order has no such line.', {
    errors: [{ pointer: `/lines/${i}/lineId`, detail: 'The purchase order has no such line.' }],
  });

function tooMuch({ quantity, received, unit }: Line, i: number): Refusal {
  const sentence = `Only ${quantity - received} ${unit} are still to come.`;
  return new Refusal('exceeds_ordered', sentence, { errors: [{ pointer: `/lines/${i}/quantity`, detail: sentence }] });
}
