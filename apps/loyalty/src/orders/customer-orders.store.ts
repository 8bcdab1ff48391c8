import type { Envelope, OrderPlaced } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';

/** Keeps what a known guest ordered, as it stands after an event. An older event never overwrites a newer one. */
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
    values (${organizationId}, ${order.id}, ${order.customerId}, ${order.locationId}, ${order.number}, ${order.businessDate},
      ${order.status}, ${order.paymentStatus}, ${currency}, ${amount}, ${order.occurredAt}, ${aggregateVersion})
    on conflict (organization_id, order_id) do update
      set customer_id = excluded.customer_id, status = excluded.status, payment_status = excluded.payment_status,
        total_minor = excluded.total_minor, version = excluded.version
      where known.version < excluded.version`;
}
