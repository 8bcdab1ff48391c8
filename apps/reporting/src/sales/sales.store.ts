import { createHash } from 'node:crypto';
import {
  type Envelope,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  OrderFired,
  OrderMoved,
  OrderPaid,
  OrderPlaced,
  OrderReady,
  OrderReturned,
} from '@comanda/contracts';
import { Columns, runPrepared, together, type Tx } from '@comanda/platform';
import { millisecondsBetween } from '../delay.js';
import { newestOf } from '../newest.js';
import { partsOf } from './sale-parts.js';

/** Everything that is told of orders: each says how the order stands after it. */
export const SALES_NEWS = [
  OrderPlaced,
  OrderChanged,
  OrderFired,
  OrderReady,
  OrderCompleted,
  OrderCancelled,
  OrderPaid,
  OrderMoved,
  OrderReturned,
] as const;
export type SalesNews = Envelope<(typeof SALES_NEWS)[number]>;

/**
 * Keeps orders as they stand after the newest of their events: an older one changes nothing, whenever it comes. One
 * statement for all orders, and two more for the parts of those that sell something else than before.
 */
export async function keepSales(tx: Tx, organizationId: string, news: readonly SalesNews[]): Promise<void> {
  const newest = newestOf(news).map(({ aggregateVersion: version, data }) => {
    const parts = partsOf(data);
    return { data, version, parts, digest: createHash('sha256').update(JSON.stringify(parts)).digest('base64url') };
  });
  const orders = newest.map(({ data: order, version, digest }) => ({
    orderId: order.id,
    version,
    digest,
    locationId: order.locationId,
    businessDate: order.businessDate,
    occurredAt: order.occurredAt,
    channel: order.channel,
    serviceType: order.serviceType,
    placedBy: order.placedBy,
    staffId: order.staffId ?? null,
    tableName: order.table,
    covers: order.covers,
    seatedAt: hasTurn(order) ? order.occurredAt : null,
    paid: order.paymentStatus === 'paid',
    delayMs: millisecondsBetween(order.occurredAt, order.recordedAt),
    currency: order.currency,
    total: soldIn(order),
  }));
  const kept = await runPrepared<{ orderId: string; resold: boolean }>(tx, KEEP, [
    organizationId,
    ...ORDERS.of(orders),
  ]);
  const resold = new Set(kept.filter((order) => order.resold).map(({ orderId }) => orderId));
  if (resold.size === 0) return;
  const parts = newest.flatMap(({ data, parts: ofOne }) =>
    resold.has(data.id) ? ofOne.map((part) => ({ orderId: data.id, ...part })) : [],
  );
  await together(
    runPrepared(tx, TAKE_APART, [[...resold], organizationId]),
    runPrepared(tx, PUT_TOGETHER, [organizationId, ...PARTS.of(parts)]),
  );
}

/** Whether a table was taken for it: an order for a promised time is placed before anybody sits down. */
const hasTurn = ({ table, scheduled, status }: SalesNews['data']): boolean =>
  table !== null && !scheduled && status !== 'cancelled';

/** What an order comes to, less what went back of it. */
const soldIn = ({ totals, returns = [] }: SalesNews['data']): number =>
  returns.reduce((left, { total }) => left - total.amount, totals.total.amount);

const ORDERS = new Columns(
  {
    orderId: 'uuid',
    version: 'integer',
    digest: 'text',
    locationId: 'uuid',
    businessDate: 'date',
    occurredAt: 'timestamptz',
    channel: 'text',
    serviceType: 'text',
    placedBy: 'text',
    staffId: 'text',
    tableName: 'text',
    covers: 'integer',
    seatedAt: 'timestamptz',
    paid: 'boolean',
    delayMs: 'bigint',
    currency: 'text',
    total: 'bigint',
  },
  2,
);

// Rows are locked in the order of their ids. Whether an order is resold is asked of the row as it is once locked.
const KEEP = {
  name: 'sold_orders.keep',
  text: `
    insert into sold_orders as known (organization_id, order_id, version, digest, resold, location_id, business_date,
      occurred_at, channel, service_type, placed_by, staff_id, table_name, covers, seated_at, paid, delay_ms, currency, total)
    select $1::uuid, "orderId", version, digest, true, "locationId", "businessDate", "occurredAt", channel, "serviceType",
      "placedBy", "staffId", "tableName", covers, "seatedAt", paid, "delayMs", currency, total
    from ${ORDERS.given}
    order by "orderId"
    on conflict (organization_id, order_id) do update
      set version = excluded.version, digest = excluded.digest, resold = known.digest <> excluded.digest,
        location_id = excluded.location_id, business_date = excluded.business_date, occurred_at = excluded.occurred_at,
        channel = excluded.channel, service_type = excluded.service_type, placed_by = excluded.placed_by, staff_id = excluded.staff_id,
        table_name = excluded.table_name, covers = excluded.covers, seated_at = excluded.seated_at, paid = excluded.paid,
        delay_ms = excluded.delay_ms, currency = excluded.currency, total = excluded.total
      where known.version < excluded.version
    returning order_id as "orderId", resold`,
};

const TAKE_APART = {
  name: 'sale_parts.take',
  text: 'delete from sale_parts where organization_id = $2::uuid and order_id = any($1::uuid[])',
};

const PARTS = new Columns(
  {
    orderId: 'uuid',
    position: 'integer',
    kind: 'text',
    businessDate: 'date',
    occurredAt: 'timestamptz',
    lineId: 'uuid',
    itemId: 'uuid',
    variationId: 'uuid',
    categoryId: 'uuid',
    itemName: 'jsonb',
    variationName: 'jsonb',
    quantity: 'bigint',
    gross: 'bigint',
    discount: 'bigint',
    net: 'bigint',
    charge: 'bigint',
    tax: 'bigint',
    total: 'bigint',
    taxes: 'jsonb',
    discounts: 'jsonb',
    charges: 'jsonb',
    reason: 'text',
    voidedBy: 'text',
    approvedBy: 'text',
    sent: 'boolean',
  },
  2,
);

const PUT_TOGETHER = {
  name: 'sale_parts.put',
  text: `
    insert into sale_parts (organization_id, order_id, position, kind, business_date, occurred_at, line_id, item_id,
      variation_id, category_id, item_name, variation_name, quantity, gross, discount, net, charge, tax, total, taxes,
      discounts, charges, reason, voided_by, approved_by, sent)
    select $1::uuid, "orderId", position, kind, "businessDate", "occurredAt", "lineId", "itemId", "variationId",
      "categoryId", "itemName", "variationName", quantity, gross, discount, net, charge, tax, total, taxes, discounts,
      charges, reason, "voidedBy", "approvedBy", sent
    from ${PARTS.given}`,
};
