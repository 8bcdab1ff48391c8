import type { Envelope, OrderPlaced } from '@comanda/contracts';
import { runPrepared, type Tx } from '@comanda/platform';

/**
 * Keeps what known guests ordered, as each order stands after an event; at most one for each order. An older event never
 * overwrites a newer one. Of an order of nobody, or of somebody who is not there, nothing is kept; one that was somebody's
 * leaves their history. Rows are locked in the order of their ids.
 */
export async function keepOrders(
  tx: Tx,
  organizationId: string,
  events: readonly Pick<Envelope<typeof OrderPlaced>, 'aggregateVersion' | 'data'>[],
): Promise<void> {
  const orders = events.map(({ aggregateVersion: version, data: { totals, ...order } }) => ({
    orderId: order.id,
    customerId: order.customerId,
    locationId: order.locationId,
    number: order.number,
    businessDate: order.businessDate,
    status: order.status,
    paymentStatus: order.paymentStatus,
    currency: totals.total.currency,
    total: totals.total.amount,
    occurredAt: order.occurredAt,
    version,
  }));
  await runPrepared(tx, KEEP, [JSON.stringify(orders), organizationId]);
}

const KEEP = {
  name: 'customer_orders.keep',
  text: `
    insert into customer_orders as known (organization_id, order_id, customer_id, location_id, number, business_date, status,
      payment_status, currency, total_minor, occurred_at, version)
    select $2::uuid, "orderId", customer.id, "locationId", number, "businessDate", status, "paymentStatus", currency, total,
      "occurredAt", given.version
    from json_to_recordset($1::json) as given ("orderId" uuid, "customerId" uuid, "locationId" uuid, number integer,
      "businessDate" date, status text, "paymentStatus" text, currency text, total bigint, "occurredAt" timestamptz,
      version integer)
    left join lateral (
      -- Looked up one by one: there are many more customers than have ordered.
      select id from customers where organization_id = $2::uuid and id = "customerId" limit 1) customer on true
    where customer.id is not null
      or exists (select from customer_orders where organization_id = $2::uuid and order_id = "orderId")
    order by "orderId"
    on conflict (organization_id, order_id) do update
      set customer_id = excluded.customer_id, status = excluded.status, payment_status = excluded.payment_status,
        total_minor = excluded.total_minor, version = excluded.version
      where known.version < excluded.version`,
};
