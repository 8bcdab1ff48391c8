import type { OrderFacts } from '@comanda/contracts';
import { runPrepared, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';

// ── Uses of a coupon ──

/** How many grants of a coupon are out to a customer, and for an order. The caller holds the coupon's lock. */
export async function usesOf(
  tx: Tx,
  organizationId: string,
  { couponId, customerId, orderId }: { couponId: string; customerId: string | null; orderId: string },
): Promise<{ ofCustomer: number; ofOrder: number }> {
  const [uses] = await tx.sql<{ ofCustomer: number; ofOrder: number }[]>`
    select
      (select count(*)::integer from grants where organization_id = ${organizationId} and offer_id = ${couponId}
        and customer_id = ${customerId}::uuid and state in ('reserved', 'used')) as "ofCustomer",
      (select count(*)::integer from grants where organization_id = ${organizationId} and offer_id = ${couponId}
        and order_id = ${orderId} and state in ('reserved', 'used')) as "ofOrder"`;
  return uses ?? { ofCustomer: 0, ofOrder: 0 };
}

/** When a customer ordered last, cancelled orders and the order at hand apart; null: never. */
export async function lastOrderOf(
  tx: Tx,
  organizationId: string,
  customerId: string,
  orderId: string,
): Promise<Date | null> {
  const [last] = await tx.sql<{ occurredAt: Date }[]>`
    select occurred_at as "occurredAt" from customer_orders
    where organization_id = ${organizationId} and customer_id = ${customerId} and order_id <> ${orderId}
      and status <> 'cancelled'
    order by occurred_at desc limit 1`;
  return last?.occurredAt ?? null;
}

// ── What became of grants ──

/** A grant as an order shows it, and what it took off there. */
export interface GrantUse {
  readonly grantId: string;
  readonly orderId: string;
  /** Minor units, of all checks. */
  readonly taken: number;
  readonly version: number;
  readonly at: string;
}

/** The coupons and rewards on orders; nothing of orders that have none. */
export function grantUsesIn(
  orders: readonly { readonly aggregateVersion: number; readonly time: string; readonly data: OrderFacts }[],
): GrantUse[] {
  return orders.flatMap(({ aggregateVersion: version, time: at, data: { id: orderId, checks } }) => {
    const taken = new Map<string, number>();
    for (const { discounts } of checks)
      for (const { id, amount, source } of discounts) if (source) taken.set(id, (taken.get(id) ?? 0) + amount.amount);
    return [...taken].map(([grantId, amount]) => ({ grantId, orderId, taken: amount, version, at }));
  });
}

/**
 * Notes what orders show of grants: one that takes something off is used, one that takes nothing any more is returned, and
 * a use of its coupon with it; what a reward cost is for the keeper to book. Grants are locked in the order of their ids,
 * then coupons in the order of theirs. An older version of an order changes nothing.
 * @returns whether there is something to book
 */
export async function noteGrants(tx: Tx, organizationId: string, uses: readonly GrantUse[]): Promise<boolean> {
  const noted = await runPrepared<{ kind: string }>(tx, NOTE, [JSON.stringify(uses), organizationId]);
  return noted.some(({ kind }) => kind === 'reward');
}

const NOTE = {
  name: 'grants.note',
  text: `
    with held as (
      select known.id, kind, offer_id, customer_id, points, state, given.*
      from grants known join json_to_recordset($1::json) as given ("grantId" uuid, "orderId" uuid, taken bigint,
        version integer, at timestamptz) on known.id = given."grantId"
      where organization_id = $2::uuid and (order_version is null or order_version < given.version)
      order by known.id for update of known
    ), marked as (
      update grants known set state = case when taken > 0 then 'used' else 'returned' end, order_id = held."orderId",
        order_version = held.version
      from held where organization_id = $2::uuid and known.id = held.id
    ), counted as (
      select offer_id, sum(case when taken > 0 then 1 else 0 end
        - case when state in ('reserved', 'used') then 1 else 0 end) as change
      from held where kind = 'coupon' group by offer_id order by offer_id
    ), recounted as (
      update offers set uses = uses + change from counted
      where organization_id = $2::uuid and id = offer_id and change <> 0
    ), facts as (
      insert into points_facts as fact (organization_id, fact_id, order_id, kind, customer_id, earns, amount_minor,
        occurred_at, version, holds, state)
      select $2::uuid, id, "orderId", 'reward', customer_id, points, taken, at, version,
        case when state = 'released' then 0 else points end, 'new'
      from held where kind = 'reward' order by id
      on conflict (organization_id, fact_id) do update set order_id = excluded.order_id,
        amount_minor = excluded.amount_minor, occurred_at = excluded.occurred_at, version = excluded.version, state = 'new'
    )
    select kind from held`,
};

// ── What expired ──

/** A grant that no order had before it expired. */
export interface Released {
  readonly kind: 'coupon' | 'reward';
  readonly offerId: string;
  readonly customerId: string | null;
  readonly orderId: string | null;
  readonly points: number;
}

/**
 * Releases grants that expired a while ago: the while is for orders that came in time and have not been heard of yet. Those
 * that somebody else is about are left to them.
 */
export function releaseDue(tx: Tx, organizationId: string): Promise<Released[]> {
  return runPrepared<Released>(tx, RELEASE, [organizationId]);
}

const RELEASE = {
  name: 'grants.release',
  text: `
    with due as (
      select id from grants
      where organization_id = $1::uuid and state = 'reserved' and expires_at < now() - interval '15 minutes'
      order by id limit 500 for update skip locked)
    update grants set state = 'released' from due
    where organization_id = $1::uuid and grants.id = due.id
    returning kind, offer_id as "offerId", customer_id as "customerId", order_id as "orderId", points`,
};

/** Gives uses back to coupons, locked in the order of their ids. */
export async function giveBackUses(tx: Tx, organizationId: string, couponIds: readonly string[]): Promise<void> {
  await tx.sql`
    with back as (
      select id, count(*)::integer as times from unnest(${couponIds}::uuid[]) as given (id) group by id
    ), held as (
      select offers.id, times from offers join back using (id)
      where organization_id = ${organizationId} order by offers.id for update of offers
    )
    update offers set uses = uses - times from held where organization_id = ${organizationId} and offers.id = held.id`;
}

/** The organizations that have grants to release. `worker` is the worker's data source. */
export async function organizationsDue(worker: DataSource): Promise<string[]> {
  const rows = await worker.sql<{ id: string }[]>`
    select distinct organization_id as id from grants
    where state = 'reserved' and expires_at < now() - interval '15 minutes'`;
  return rows.map(({ id }) => id);
}
