import type { OrderFacts } from '@comanda/contracts';
import { scale } from '@comanda/money';

/** Something that was heard of an order: that it was paid, that money went back, or that a reward is on it; in any order. */
export interface PointsFact {
  readonly orderId: string;
  readonly kind: 'paid' | 'refunded' | 'reward';
  /** The order's own id, the refund's, or that of the reward's grant. */
  readonly factId: string;
  /** Who it was; null of a refund. */
  readonly customerId: string | null;
  /** The points that all of it earned when it was paid, or that the reward cost; null of a refund. */
  readonly earns: number | null;
  /** Minor units: what was paid of the order (`paidOf`), what went back of the bill, or what the reward takes off. */
  readonly amount: number;
  readonly paymentId: string | null;
  readonly occurredAt: Date;
  readonly state: 'new' | 'waiting' | 'booked';
  /** Of the order, when it told of a reward; null of what never changes. */
  readonly version: number | null;
  /** The points of a reward that stay spent, as they are booked; null of anything else. */
  readonly holds: number | null;
}

/** Points to be booked. */
export interface PointsMove {
  readonly customerId: string;
  readonly kind: 'earn' | 'reverse' | 'redeem' | 'adjust';
  readonly points: number;
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly reason: string | null;
  readonly occurredAt: Date;
}

/** Whole units of the currency: what is left when the cents are not counted. */
export const wholeUnits = (amount: number, minorDigits: number): number =>
  Math.max(0, Math.floor(amount / 10 ** minorDigits));

/**
 * What was paid of an order that nothing is left to pay of, in minor units: more than it comes to where something of it was
 * voided meanwhile. What is too much goes back as a refund, and takes points back like any other: whether the void was
 * before the payment or after, the guest has the points of what they paid in the end.
 */
export const paidOf = ({ totals, checks }: Pick<OrderFacts, 'totals' | 'checks'>): number =>
  Math.max(
    totals.total.amount,
    checks.reduce((sum, { paid }) => sum + paid.amount, 0),
  );

/**
 * What is to be booked for one order, given all that was heard of it: what it earned, and for each refund the share that
 * goes back with it. In parts the same goes back as at once, and of everything all. Until it is known that the order was
 * paid, and by whom, its refunds wait.
 * @param facts those of one order; the ones already booked among them, new ones oldest first
 */
export function movesOf(facts: readonly PointsFact[]): { state: PointsFact['state']; moves: PointsMove[] } {
  const paid = facts.find(({ kind }) => kind === 'paid');
  if (!paid?.customerId) return { state: 'waiting', moves: [] };
  const { customerId, earns, amount: whole } = paid;
  const moves: PointsMove[] = [];
  const move = (kind: 'earn' | 'reverse', points: number, { orderId, paymentId, occurredAt }: PointsFact): void => {
    if (points !== 0) moves.push({ customerId, kind, points, orderId, paymentId, reason: null, occurredAt });
  };
  if (paid.state !== 'booked') move('earn', earns ?? 0, paid);
  const refunds = facts.filter(({ kind }) => kind === 'refunded');
  let back = refunds.reduce((sum, { state, amount }) => (state === 'booked' ? sum + amount : sum), 0);
  for (const refund of refunds.filter(({ state }) => state !== 'booked')) {
    const before = reversed(earns ?? 0, back, whole);
    back += refund.amount;
    move('reverse', before - reversed(earns ?? 0, back, whole), refund);
  }
  return { state: 'booked', moves };
}

/** The points that went back when so much of all that was paid did. */
function reversed(earned: number, back: number, paid: number): number {
  if (back <= 0) return 0;
  return back >= paid ? earned : scale(earned, back, paid, 'half-up');
}
