import type { Envelope, OrderPaid, PaymentRefunded, PointsEntry, TierRules } from '@comanda/contracts';
import { minorDigits } from '@comanda/money';
import { runPrepared, together, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { paidOf, type PointsFact, wholeUnits } from './order-points.js';

// ── What was heard ──

/** Notes that orders of somebody were paid: of each the first time counts. Locks nothing that another event needs. */
export async function notePaid(
  tx: Tx,
  organizationId: string,
  events: readonly Pick<Envelope<typeof OrderPaid>, 'aggregateVersion' | 'time' | 'data'>[],
): Promise<void> {
  if (events.length === 0) return;
  const paid = events.map(
    ({ aggregateVersion: version, time: occurredAt, data: { id: orderId, customerId, currency, ...bill } }) => {
      const amount = paidOf(bill);
      return { orderId, customerId, units: wholeUnits(amount, minorDigits(currency)), amount, occurredAt, version };
    },
  );
  await runPrepared(tx, NOTE_PAID, [JSON.stringify(paid), organizationId]);
}

const NOTE_PAID = {
  name: 'points_facts.note_paid',
  text: `
    insert into points_facts (organization_id, fact_id, order_id, kind, customer_id, earns, amount_minor, occurred_at, state)
    select $2::uuid, "orderId", "orderId", 'paid', "customerId",
      coalesce((
        select floor(units::numeric * points_per_unit * coalesce((
          select (level ->> 'multiplier')::bigint from customers, jsonb_array_elements(tiers -> 'levels') level
          where customers.organization_id = $2::uuid and id = "customerId" and level ->> 'code' = tier), 1000000) / 1000000)
        from programs where organization_id = $2::uuid), units), amount, "occurredAt", 'new'
    from json_to_recordset($1::json) as given ("orderId" uuid, "customerId" uuid, units bigint, amount bigint,
      "occurredAt" timestamptz, version integer)
    order by "orderId", version
    on conflict do nothing`,
};

/**
 * Notes that money went back. Locks nothing that another event needs. A refund of an order that is not known to have been
 * paid by somebody waits for that, most of them for ever, and costs no more than its row: until this transaction ends
 * nothing is booked, so that whoever books the payment sees the refund.
 * @returns whether there is now something to book
 */
export async function noteRefunds(
  tx: Tx,
  organizationId: string,
  refunds: readonly Envelope<typeof PaymentRefunded>['data'][],
): Promise<boolean> {
  const given = refunds.map(({ id: paymentId, orderId, refund: { id: refundId, amount, occurredAt } }) => ({
    refundId,
    orderId,
    paymentId,
    amount: amount.amount,
    occurredAt,
  }));
  // Sent together; the second waits for the lock, and sees every payment that may be booked when it has it.
  const [, noted] = await together(
    runPrepared(tx, HOLD_BOOKING, [organizationId]),
    runPrepared<Pick<PointsFact, 'state'>>(tx, NOTE_REFUNDS, [JSON.stringify(given), organizationId]),
  );
  return noted.some(({ state }) => state === 'new');
}

const HOLD_BOOKING = {
  name: 'points_facts.hold_booking',
  text: `select pg_advisory_xact_lock_shared(hashtextextended('points:' || $1, 0))`,
};

const NOTE_REFUNDS = {
  name: 'points_facts.note_refunds',
  text: `
    insert into points_facts (organization_id, fact_id, order_id, kind, amount_minor, payment_id, occurred_at, state)
    select $2::uuid, "refundId", "orderId", 'refunded', amount, "paymentId", "occurredAt",
      case when exists (
        select from points_facts where organization_id = $2::uuid and fact_id = "orderId" and kind = 'paid')
      then 'new' else 'waiting' end
    from json_to_recordset($1::json) as given ("refundId" uuid, "orderId" uuid, amount bigint, "paymentId" uuid,
      "occurredAt" timestamptz)
    order by "refundId"
    on conflict do nothing
    returning state`,
};

/** Locks the booking of what was heard until the transaction ends: one at a time for each organization. */
export async function lockFacts(tx: Tx, organizationId: string): Promise<void> {
  await runPrepared(tx, LOCK_BOOKING, [organizationId]);
}

const LOCK_BOOKING = {
  name: 'points_facts.lock_booking',
  text: `select pg_advisory_xact_lock(hashtextextended('points:' || $1, 0))`,
};

/** How many new facts are booked at once. */
export const BATCH = 500;

/** Everything heard of the orders of which something new was heard, oldest first. The caller holds `lockFacts`. */
export function factsOfNews(tx: Tx, organizationId: string): Promise<PointsFact[]> {
  return runPrepared<PointsFact>(tx, NEWS, [organizationId]);
}

const NEWS = {
  name: 'points_facts.news',
  text: `
    select order_id as "orderId", kind, fact_id as "factId", customer_id as "customerId", earns, amount_minor as amount,
      payment_id as "paymentId", occurred_at as "occurredAt", state, version, holds
    from points_facts
    where organization_id = $1::uuid and order_id in (
      select order_id from points_facts where organization_id = $1::uuid and state = 'new'
      order by recorded_at limit ${BATCH})
    order by recorded_at, fact_id`,
};

/**
 * Notes how far these facts are, and what rewards hold. One that was told of anew meanwhile stays new. The caller holds
 * `lockFacts`.
 */
export async function saveStates(
  tx: Tx,
  organizationId: string,
  facts: readonly Pick<PointsFact, 'factId' | 'state' | 'version' | 'holds'>[],
): Promise<void> {
  await runPrepared(tx, SAVE_STATES, [
    organizationId,
    facts.map(({ factId }) => factId),
    facts.map(({ state }) => state),
    facts.map(({ version }) => version),
    facts.map(({ holds }) => holds),
  ]);
}

const SAVE_STATES = {
  name: 'points_facts.save_states',
  text: `
    update points_facts fact set holds = given.holds,
      state = case when fact.version is not distinct from given.version then given.state else fact.state end
    from unnest($2::uuid[], $3::text[], $4::integer[], $5::bigint[]) as given (fact_id, state, version, holds)
    where fact.organization_id = $1::uuid and fact.fact_id = given.fact_id`,
};

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
  readonly tier: string | null;
}

/** A balance as it is locked, with what the organization's program says of tiers. */
interface LockedBalance extends Balance {
  readonly tiers: TierRules | null;
}

/** The balances of those customers that there are, erased ones left out. Locks them, in one order, until the transaction ends. */
export function lockBalances(tx: Tx, organizationId: string, customerIds: readonly string[]): Promise<LockedBalance[]> {
  return runPrepared<LockedBalance>(tx, LOCK_BALANCES, [organizationId, customerIds]);
}

const LOCK_BALANCES = {
  name: 'customers.lock_balances',
  text: `
    select id, points, customers.version, tier, tiers
    from customers left join programs on programs.organization_id = $1::uuid
    where customers.organization_id = $1::uuid and id = any($2::uuid[]) and erased_at is null
    order by id for update of customers`,
};

/** Writes balances that are locked. */
export async function saveBalances(tx: Tx, organizationId: string, balances: readonly Balance[]): Promise<void> {
  await runPrepared(tx, SAVE_BALANCES, [
    organizationId,
    balances.map(({ id }) => id),
    balances.map(({ points }) => points),
    balances.map(({ version }) => version),
    balances.map(({ tier }) => tier),
  ]);
}

const SAVE_BALANCES = {
  name: 'customers.save_balances',
  text: `
    -- Nobody looks at the tier again of one who has none: written only where it is looked for, no index is.
    update customers customer set points = given.points, version = given.version, tier = given.tier,
      tier_checked_at = case when given.tier is null then tier_checked_at else now() end, updated_at = now()
    from unnest($2::uuid[], $3::bigint[], $4::integer[], $5::text[]) as given (id, points, version, tier)
    where customer.organization_id = $1::uuid and customer.id = given.id`,
};

/** What counts towards the tiers of customers since a moment, as far as it is booked. The caller has locked them. */
export async function countedSince(
  tx: Tx,
  organizationId: string,
  customerIds: readonly string[],
  { counts }: Pick<TierRules, 'counts'>,
  since: Date,
): Promise<Map<string, number>> {
  const rows =
    counts.kind === 'points'
      ? await runPrepared<{ id: string; counted: number }>(tx, COUNT_POINTS, [organizationId, customerIds, since])
      : await runPrepared<{ id: string; counted: number }>(tx, COUNT_SPEND, [
          organizationId,
          customerIds,
          since,
          counts.currency,
        ]);
  return new Map(rows.map(({ id, counted }) => [id, counted]));
}

const COUNT_POINTS = {
  name: 'points_entries.count',
  text: `
    select customer_id as id, sum(points)::bigint as counted from points_entries
    where organization_id = $1::uuid and customer_id = any($2::uuid[]) and occurred_at >= $3::timestamptz
      and (kind = 'earn' or (kind = 'reverse' and points < 0))
    group by customer_id`,
};

const COUNT_SPEND = {
  name: 'customer_orders.count_spend',
  text: `
    select customer_id as id, sum(greatest(paid - back, 0))::bigint as counted
    from customer_orders left join lateral (
      -- An order that fell below what had been paid was paid with that; one that grew since, with what it comes to.
      select greatest(total_minor, max(amount_minor) filter (where kind = 'paid')) as paid,
        coalesce(sum(amount_minor) filter (where kind = 'refunded'), 0) as back
      from points_facts
      where points_facts.organization_id = $1::uuid and points_facts.order_id = customer_orders.order_id) heard on true
    where organization_id = $1::uuid and customer_id = any($2::uuid[]) and occurred_at >= $3::timestamptz
      and currency = $4 and payment_status = 'paid'
    group by customer_id`,
};

export async function insertEntries(tx: Tx, organizationId: string, entries: readonly PointsEntry[]): Promise<void> {
  await runPrepared(tx, INSERT_ENTRIES, [JSON.stringify(entries), organizationId]);
}

const INSERT_ENTRIES = {
  name: 'points_entries.insert',
  text: `
    insert into points_entries (organization_id, id, customer_id, kind, points, order_id, payment_id, reason, occurred_at,
      recorded_at)
    select $2::uuid, id, "customerId", kind, points, "orderId", "paymentId", reason, "occurredAt", "recordedAt"
    from json_to_recordset($1::json) as given (id uuid, "customerId" uuid, kind text, points bigint, "orderId" uuid,
      "paymentId" uuid, reason text, "occurredAt" timestamptz, "recordedAt" timestamptz)`,
};

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
      coalesce(sum(points) filter (where kind = 'reverse' and points < 0), 0)::bigint as reversed
    from points_entries where organization_id = ${organizationId} and order_id = any(${orderIds}::uuid[])`;
  return summary ?? { orders: 0, earned: 0, reversed: 0 };
}
