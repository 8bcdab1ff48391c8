import type { PointsEntry } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { PointsFact } from './order-points.js';

// ── What was heard ──

/** Notes that an order was paid: the first time counts. Locks nothing that another event needs. */
export async function notePaid(
  tx: Tx,
  organizationId: string,
  paid: { orderId: string; customerId: string; units: number; amount: number; occurredAt: string },
): Promise<void> {
  await tx.sql`
    insert into points_facts (organization_id, fact_id, order_id, kind, customer_id, earns, amount_minor, occurred_at, state)
    select ${organizationId}, ${paid.orderId}, ${paid.orderId}, 'paid', ${paid.customerId},
      ${paid.units}::bigint * coalesce((select points_per_unit from programs where organization_id = ${organizationId}), 1),
      ${paid.amount}, ${paid.occurredAt}, 'new'
    on conflict do nothing`;
}

/** Notes that money went back. Locks nothing that another event needs. */
export async function noteRefund(
  tx: Tx,
  organizationId: string,
  refund: { refundId: string; orderId: string; paymentId: string; amount: number; occurredAt: string },
): Promise<void> {
  await tx.sql`
    insert into points_facts (organization_id, fact_id, order_id, kind, amount_minor, payment_id, occurred_at, state)
    values (${organizationId}, ${refund.refundId}, ${refund.orderId}, 'refunded', ${refund.amount}, ${refund.paymentId},
      ${refund.occurredAt}, 'new')
    on conflict do nothing`;
}

/** Locks the booking of what was heard until the transaction ends: one at a time for each organization. */
export async function lockFacts(tx: Tx, organizationId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`points:${organizationId}`}, 0))`;
}

/** Everything heard of the orders of which something new was heard, oldest first. The caller holds `lockFacts`. */
export function factsOfNews(tx: Tx, organizationId: string, limit: number): Promise<PointsFact[]> {
  return tx.sql<PointsFact[]>`
    select order_id as "orderId", kind, fact_id as "factId", customer_id as "customerId", earns, amount_minor as amount,
      payment_id as "paymentId", occurred_at as "occurredAt", state
    from points_facts
    where organization_id = ${organizationId} and order_id in (
      select order_id from points_facts where organization_id = ${organizationId} and state = 'new'
      order by recorded_at limit ${limit})
    order by recorded_at, fact_id`;
}

/** Notes how far these facts are. The caller holds `lockFacts`. */
export async function saveStates(
  tx: Tx,
  organizationId: string,
  facts: readonly { factId: string; state: PointsFact['state'] }[],
): Promise<void> {
  await tx.sql`
    update points_facts fact set state = given.state
    from jsonb_to_recordset(${JSON.stringify(facts)}::jsonb) as given ("factId" uuid, state text)
    where fact.organization_id = ${organizationId} and fact.fact_id = given."factId" and fact.state <> given.state`;
}

/** The organizations of which something was heard and not booked. `worker` is the worker's data source. */
export async function organizationsWithNews(worker: DataSource): Promise<string[]> {
  const rows = await worker.sql<{ id: string }[]>`
    select distinct organization_id as id from points_facts where state = 'new'`;
  return rows.map(({ id }) => id);
}

// ── What is booked ──

export interface Balance {
  readonly id: string;
  readonly points: number;
  readonly version: number;
}

/** The balances of those customers that there are, erased ones left out. Locks them, in one order, until the transaction ends. */
export function lockBalances(tx: Tx, organizationId: string, customerIds: readonly string[]): Promise<Balance[]> {
  return tx.sql<Balance[]>`
    select id, points, version from customers
    where organization_id = ${organizationId} and id = any(${customerIds}::uuid[]) and erased_at is null
    order by id for update`;
}

export async function saveBalances(tx: Tx, organizationId: string, balances: readonly Balance[]): Promise<void> {
  await tx.sql`
    update customers customer set points = given.points, version = given.version, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(balances)}::jsonb) as given (id uuid, points bigint, version integer)
    where customer.organization_id = ${organizationId} and customer.id = given.id`;
}

export async function insertEntries(tx: Tx, organizationId: string, entries: readonly PointsEntry[]): Promise<void> {
  await tx.sql`
    insert into points_entries (organization_id, id, customer_id, kind, points, order_id, payment_id, reason, occurred_at,
      recorded_at)
    select ${organizationId}, id, "customerId", kind, points, "orderId", "paymentId", reason, "occurredAt", "recordedAt"
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as given (id uuid, "customerId" uuid, kind text,
      points bigint, "orderId" uuid, "paymentId" uuid, reason text, "occurredAt" timestamptz, "recordedAt" timestamptz)`;
}

/** How many of these orders are paid and booked, and what they came to in points. */
export async function summaryOf(
  tx: Tx,
  organizationId: string,
  orderIds: readonly string[],
): Promise<{ orders: number; earned: number; reversed: number }> {
  const [summary] = await tx.sql<{ orders: number; earned: number; reversed: number }[]>`
    select
      (select count(*)::integer from points_facts where organization_id = ${organizationId}
        and fact_id = any(${orderIds}::uuid[]) and kind = 'paid' and state = 'booked') as orders,
      coalesce(sum(points) filter (where kind = 'earn'), 0)::bigint as earned,
      coalesce(sum(points) filter (where kind = 'reverse'), 0)::bigint as reversed
    from points_entries where organization_id = ${organizationId} and order_id = any(${orderIds}::uuid[])`;
  return summary ?? { orders: 0, earned: 0, reversed: 0 };
}
