import { scale } from '@comanda/money';

/** What is known of an order's points, whatever has been heard of it first: that it was paid, or that money went back. */
export interface OrderPoints {
  /** Null until it is known who it was. */
  readonly customerId: string | null;
  /** What the whole order earned when it was paid; null until it was. */
  readonly earned: number | null;
  /** What it came to, in minor units. */
  readonly total: number | null;
  /** What went back of the bill, in minor units, by refund. */
  readonly refunds: Readonly<Record<string, number>>;
  /** The points that have been booked for it so far. */
  readonly booked: number;
}

/** Points for each whole unit of currency paid: the cents are not counted. */
export function earnedBy(total: number, minorDigits: number, pointsPerUnit: number): number {
  return Math.max(0, Math.floor(total / 10 ** minorDigits)) * pointsPerUnit;
}

/**
 * The points an order should have: what it earned, less the share that went back. Of a full refund all of them; in
 * parts, the same as at once.
 */
export function deserved({ customerId, earned, total, refunds }: OrderPoints): number {
  if (customerId === null || earned === null || total === null) return 0;
  const back = Object.values(refunds).reduce((sum, amount) => sum + amount, 0);
  if (total === 0 || back >= total) return back > 0 ? 0 : earned;
  return earned - scale(earned, back, total, 'half-up');
}

/** What still has to be booked: positive to earn, negative to reverse, zero when it has been. */
export const outstanding = (order: OrderPoints): number => deserved(order) - order.booked;
