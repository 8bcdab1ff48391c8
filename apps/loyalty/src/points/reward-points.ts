import { scale } from '@comanda/money';
import type { PointsFact, PointsMove } from './order-points.js';

/** What the points of a reward have come to. */
export interface Holding {
  readonly factId: string;
  /** Of the order that told of it, so that what was told since is not taken for booked. */
  readonly version: number | null;
  /** The points that stay spent. */
  readonly holds: number;
}

/**
 * What is to be booked for the rewards on one order, given all that was heard of it. A reward that takes something off
 * holds what it cost, less the share of it that went back with refunds: in parts the same as at once, and of everything
 * all. One that takes nothing any more, as on a cancelled order, holds nothing.
 * @param facts those of one order
 */
export function spendingOf(facts: readonly PointsFact[]): { moves: PointsMove[]; holdings: Holding[] } {
  const paid = facts.find(({ kind }) => kind === 'paid');
  const back = facts.reduce((sum, { kind, amount }) => (kind === 'refunded' ? sum + amount : sum), 0);
  const moves: PointsMove[] = [];
  const holdings: Holding[] = [];
  for (const { kind, factId, customerId, earns, amount, holds, version, orderId, occurredAt } of facts) {
    if (kind !== 'reward' || !customerId) continue;
    const cost = earns ?? 0;
    const held = amount > 0 ? cost - returned(cost, back, paid?.amount ?? 0) : 0;
    const points = (holds ?? 0) - held;
    if (points !== 0) {
      const move = { customerId, points, orderId, paymentId: null, reason: null, occurredAt };
      moves.push({ ...move, kind: points > 0 ? 'reverse' : 'redeem' });
    }
    holdings.push({ factId, version, holds: held });
  }
  return { moves, holdings };
}

/** The points that go back when so much of the total did. */
function returned(cost: number, back: number, total: number): number {
  if (back <= 0 || total <= 0) return 0;
  return back >= total ? cost : scale(cost, back, total, 'half-up');
}
