import { PointsEarned, type PointsEntry, PointsRedeemed, PointsReversed } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { newId, type Tx } from '@comanda/platform';
import type { OrderPoints } from './order-points.js';

export type NewEntry = Omit<PointsEntry, 'id' | 'recordedAt' | 'occurredAt'> & { readonly occurredAt: Date };

/**
 * Books an entry: balance, entry and event together. Updating the customer's row locks it until the transaction ends.
 * @returns undefined when there is no such customer, or they have been erased: then nothing is booked
 */
export async function book(tx: Tx, organizationId: string, entry: NewEntry): Promise<PointsEntry | undefined> {
  const [customer] = await tx.sql<[[{ points: number; version: number }?], number]>`
    update customers set points = points + ${entry.points}, version = version + 1, updated_at = now()
    where organization_id = ${organizationId} and id = ${entry.customerId} and erased_at is null
    returning points, version`.then(([rows]) => rows);
  if (!customer) return undefined;
  const id = newId();
  const { customerId, kind, points, orderId, paymentId, reason, occurredAt } = entry;
  const [{ recorded_at: recordedAt }] = await tx.sql<[{ recorded_at: Date }]>`
    insert into points_entries (organization_id, id, customer_id, kind, points, order_id, payment_id, reason, occurred_at)
    values (${organizationId}, ${id}, ${customerId}, ${kind}, ${points}, ${orderId}, ${paymentId}, ${reason}, ${occurredAt})
    returning recorded_at`;
  const data = {
    id,
    customerId,
    points,
    balance: customer.points,
    orderId,
    paymentId,
    reason,
    occurredAt: occurredAt.toISOString(),
  };
  await publish(tx, EVENT_OF[kind](points), data, { version: customer.version, occurredAt });
  return { ...entry, id, occurredAt: occurredAt.toISOString(), recordedAt: recordedAt.toISOString() };
}

const EVENT_OF = {
  earn: () => PointsEarned,
  reverse: () => PointsReversed,
  redeem: () => PointsRedeemed,
  adjust: (points: number) => (points > 0 ? PointsEarned : PointsRedeemed),
} as const;

interface OrderPointsRecord {
  customer_id: string | null;
  earned: number | null;
  total_minor: number | null;
  refunds: Record<string, number>;
  booked: number;
}

/** Notes that an order was paid, and locks what is known of its points. What was noted first stays. */
export async function notePaid(
  tx: Tx,
  organizationId: string,
  orderId: string,
  paid: { customerId: string; earned: number; total: number },
): Promise<OrderPoints> {
  const [row] = await tx.sql<[OrderPointsRecord]>`
    insert into order_points as known (organization_id, order_id, customer_id, earned, total_minor, refunds, booked)
    values (${organizationId}, ${orderId}, ${paid.customerId}, ${paid.earned}, ${paid.total}, '{}', 0)
    on conflict (organization_id, order_id) do update
      set customer_id = coalesce(known.customer_id, excluded.customer_id), earned = coalesce(known.earned, excluded.earned),
        total_minor = coalesce(known.total_minor, excluded.total_minor)
    returning customer_id, earned, total_minor, refunds, booked`;
  return toOrderPoints(row);
}

/** Notes that money went back, and locks what is known of the order's points. */
export async function noteRefund(
  tx: Tx,
  organizationId: string,
  orderId: string,
  refundId: string,
  amount: number,
): Promise<OrderPoints> {
  const refund = JSON.stringify({ [refundId]: amount });
  const [row] = await tx.sql<[OrderPointsRecord]>`
    insert into order_points as known (organization_id, order_id, refunds, booked)
    values (${organizationId}, ${orderId}, ${refund}, 0)
    on conflict (organization_id, order_id) do update set refunds = known.refunds || excluded.refunds
    returning customer_id, earned, total_minor, refunds, booked`;
  return toOrderPoints(row);
}

export async function noteBooked(tx: Tx, organizationId: string, orderId: string, booked: number): Promise<void> {
  await tx.sql`update order_points set booked = ${booked} where organization_id = ${organizationId} and order_id = ${orderId}`;
}

/** Points for each whole unit of currency; one, unless the organization says otherwise. */
export async function pointsPerUnit(tx: Tx, organizationId: string): Promise<number> {
  const [row] = await tx.sql<
    { points: number }[]
  >`select points_per_unit as points from programs where organization_id = ${organizationId}`;
  return row?.points ?? 1;
}

const toOrderPoints = ({ customer_id, earned, total_minor, refunds, booked }: OrderPointsRecord): OrderPoints => ({
  customerId: customer_id,
  earned,
  total: total_minor,
  refunds,
  booked,
});
