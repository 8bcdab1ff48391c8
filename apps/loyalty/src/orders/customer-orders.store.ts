import type { Envelope, OrderPlaced } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';

/**
 * Keeps what a known guest ordered, as it stands after an event. An older event never overwrites a newer one. Of an order
 * of nobody, or of somebody who is not there, nothing is kept.
 */
export async function keepOrder(
  tx: Tx,
  {
    organizationId,
    aggregateVersion,
    data: order,
  }: Pick<Envelope<typeof OrderPlaced>, 'organizationId' | 'aggregateVersion' | 'data'>,
): Promise<void> {
  if (order.customerId === null) return;
  const { amount, currency } = order.totals.total;
  await tx.sql`
    insert into customer_orders as known (organization_id, order_id, customer_id, location_id, number, business_date, status,
      payment_status, currency, total_minor, occurred_at, version)
    select organization_id, ${order.id}, id, ${order.locationId}, ${order.number}, ${order.businessDate},
      ${order.status}, ${order.paymentStatus}, ${currency}, ${amount}, ${order.occurredAt}, ${aggregateVersion}
    from customers where organization_id = ${organizationId} and id = ${order.customerId}
    on conflict (organization_id, order_id) do update
      set customer_id = excluded.customer_id, status = excluded.status, payment_status = excluded.payment_status,
        total_minor = excluded.total_minor, version = excluded.version
      where known.version < excluded.version`;
}

/** An order that was somebody's turned out to be nobody's. */
export async function leaveOrder(
  tx: Tx,
  organizationId: string,
  { orderId, version }: { orderId: string; version: number },
): Promise<void> {
  await tx.sql`
    update customer_orders set customer_id = null, version = ${version}
    where organization_id = ${organizationId} and order_id = ${orderId} and version < ${version}`;
}
