import { runPrepared, type Tx } from '@comanda/platform';
import { WANTED } from '../events/events.store.js';
import type { Outcome } from '../sending/sender.js';
import type { NextStep } from './retry.js';

/** A delivery that is to be made now, and all that it takes. */
export interface Errand {
  readonly organizationId: string;
  readonly id: string;
  readonly endpointId: string;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly eventId: string;
  readonly body: string;
  readonly url: string;
  readonly secret: Buffer;
  readonly previousSecret: Buffer | null;
  readonly previousSecretUntil: Date | null;
}

/**
 * Takes deliveries that are due, over all organizations: for each endpoint as many as it has room for, and of each
 * aggregate only the first that has not got through. They are leased: who does not come back in time has lost them. Rows
 * that another courier is taking at this moment are skipped, not waited for.
 * @param rooms how many more an endpoint may be sent at once, where that is not `most`
 */
export function takeDue(tx: Tx, most: number, rooms: Readonly<Record<string, number>>): Promise<Errand[]> {
  return runPrepared<Errand>(tx, TAKE, [JSON.stringify(rooms), most, LEASE]);
}

const TAKE = {
  name: 'webhook_deliveries.take',
  text: `
    with due as (
      select d.organization_id, d.id
      from webhook_endpoints e
      cross join lateral (
        select d.organization_id, d.id
        from webhook_deliveries d
        where d.organization_id = e.organization_id and d.endpoint_id = e.id and d.status = 'pending'
          and d.due_at <= now() and (d.leased_until is null or d.leased_until < now())
          and not exists (
            select from webhook_deliveries earlier
            where earlier.organization_id = d.organization_id and earlier.endpoint_id = d.endpoint_id
              and earlier.aggregate = d.aggregate and earlier.status = 'pending'
              and earlier.aggregate_version < d.aggregate_version)
        order by d.due_at, d.aggregate_version
        limit greatest(0, coalesce(($1::jsonb ->> e.id::text)::int, $2::int))
        for update skip locked) d
      where e.status = 'enabled')
    update webhook_deliveries d set attempts = d.attempts + 1, leased_until = now() + $3::interval
    from due
    join webhook_deliveries known on known.organization_id = due.organization_id and known.id = due.id
    join webhook_endpoints e on e.organization_id = known.organization_id and e.id = known.endpoint_id
    join webhook_events v on v.organization_id = known.organization_id and v.id = known.event_id
    where d.organization_id = due.organization_id and d.id = due.id
    returning d.organization_id as "organizationId", d.id, d.endpoint_id as "endpointId", d.attempts, d.due_at as "dueAt",
      d.event_id as "eventId", v.body, e.url, e.secret, e.previous_secret as "previousSecret",
      e.previous_secret_until as "previousSecretUntil"`,
};

/** Longer than an attempt can take. */
const LEASE = '30 seconds';

/** An attempt, and the delivery that it belongs to. */
export interface Attempt extends Outcome {
  readonly at: Date;
  readonly durationMs: number;
}

type Of = Pick<Errand, 'organizationId' | 'id' | 'endpointId'>;

/** Notes that an event got through: the endpoint works, whatever happened before. */
export async function noteDelivered(tx: Tx, of: Of, attempt: Attempt): Promise<void> {
  await runPrepared(tx, DELIVERED, [of.organizationId, of.id, of.endpointId, ...valuesOf(attempt)]);
}

const DELIVERED = {
  name: 'webhook_deliveries.delivered',
  text: `
    with done as (
      update webhook_deliveries set status = 'delivered', delivered_at = now(), leased_until = null, first_failed_at = null
      where organization_id = $1::uuid and id = $2::uuid returning organization_id, id),
    works as (
      update webhook_endpoints set failing_since = null
      where organization_id = $1::uuid and id = $3::uuid and failing_since is not null)
    insert into webhook_attempts (organization_id, id, delivery_id, at, duration_ms, outcome, status)
    select organization_id, gen_random_uuid(), id, $4::timestamptz, $5::int, $6::text, $7::int from done`,
};

/**
 * Notes a failed attempt, and since when its delivery and its endpoint fail. Locks the endpoint: two failures must agree
 * on what becomes of it.
 * @returns undefined when the endpoint or the delivery is gone
 */
export async function noteFailure(
  tx: Tx,
  of: Of,
  attempt: Attempt,
): Promise<{ firstFailedAt: Date; failingSince: Date } | undefined> {
  const [since] = await runPrepared<{ firstFailedAt: Date; failingSince: Date }>(tx, FAILED, [
    of.organizationId,
    of.id,
    of.endpointId,
    ...valuesOf(attempt),
  ]);
  return since;
}

const FAILED = {
  name: 'webhook_deliveries.failed',
  text: `
    with fails as (
      update webhook_endpoints set failing_since = coalesce(failing_since, $4::timestamptz)
      where organization_id = $1::uuid and id = $3::uuid returning failing_since),
    delivery as (
      update webhook_deliveries set leased_until = null, first_failed_at = coalesce(first_failed_at, $4::timestamptz)
      from fails where organization_id = $1::uuid and id = $2::uuid returning organization_id, id, first_failed_at),
    attempt as (
      insert into webhook_attempts (organization_id, id, delivery_id, at, duration_ms, outcome, status)
      select organization_id, gen_random_uuid(), id, $4::timestamptz, $5::int, $6::text, $7::int from delivery)
    select first_failed_at as "firstFailedAt", failing_since as "failingSince" from delivery, fails`,
};

/** Does what follows a failed attempt. A disabled endpoint keeps what waits for it. */
export async function follow(tx: Tx, { organizationId, id, endpointId }: Of, next: NextStep): Promise<void> {
  switch (next.step) {
    case 'retry':
      await tx.sql`update webhook_deliveries set due_at = ${new Date(next.at)}
        where organization_id = ${organizationId} and id = ${id}`;
      return;
    case 'give up':
      await tx.sql`update webhook_deliveries set status = 'failed' where organization_id = ${organizationId} and id = ${id}`;
      return;
    case 'disable':
      await tx.sql`update webhook_endpoints
        set status = 'disabled', disabled_reason = 'failing', disabled_at = now(), version = version + 1, updated_at = now()
        where organization_id = ${organizationId} and id = ${endpointId} and status = 'enabled'`;
  }
}

/** Lets what waits for an endpoint go at once, as if it had never been tried. */
export async function startAgain(tx: Tx, organizationId: string, endpointId: string): Promise<void> {
  await tx.sql`update webhook_deliveries set due_at = now(), attempts = 0, first_failed_at = null
    where organization_id = ${organizationId} and endpoint_id = ${endpointId} and status = 'pending'`;
}

/** For how many seconds the delivery that was never tried has been due that has waited longest, of endpoints that do not fail. */
export async function oldestUntried(tx: Tx): Promise<number> {
  const [oldest] = await tx.sql<[{ age: number }]>`
    select coalesce(extract(epoch from max(now() - first.due_at)), 0)::float8 as age
    from webhook_endpoints e
    cross join lateral (
      select due_at from webhook_deliveries
      where organization_id = e.organization_id and endpoint_id = e.id and status = 'pending' and attempts = 0
        and due_at <= now()
      order by due_at limit 1) first
    where e.status = 'enabled' and e.failing_since is null`;
  return oldest.age;
}

/**
 * Puts what an endpoint wants, recorded in a stretch of time, on its way again; what is waiting already is left as it is.
 * @returns how many events will be sent
 */
export async function sendAgain(
  tx: Tx,
  { organizationId, endpointId }: { organizationId: string; endpointId: string },
  from: Date,
  to: Date | null,
): Promise<number> {
  const [sent] = await runPrepared<{ deliveries: number }>(tx, REPLAY, [organizationId, endpointId, from, to]);
  return sent?.deliveries ?? 0;
}

const REPLAY = {
  name: 'webhook_deliveries.replay',
  text: `
    with again as (
      insert into webhook_deliveries as known (organization_id, id, endpoint_id, event_id, aggregate, aggregate_version, status, due_at, created_at)
      select $1::uuid, gen_random_uuid(), e.id, v.id, v.aggregate, v.aggregate_version, 'pending', now(),
        date_trunc('milliseconds', now())
      from webhook_endpoints e join webhook_events v on v.organization_id = e.organization_id and ${WANTED}
      where e.organization_id = $1::uuid and e.id = $2::uuid and v.type <> 'comanda.webhook.ping.v1'
        and v.recorded_at >= $3::timestamptz and v.recorded_at < coalesce($4::timestamptz, 'infinity')
      order by v.recorded_at, v.id
      on conflict (organization_id, endpoint_id, event_id) do update
        set status = 'pending', attempts = 0, due_at = now(), first_failed_at = null, delivered_at = null
      returning 1)
    select count(*)::int as deliveries from again`,
};

const valuesOf = ({ at, durationMs, outcome, status }: Attempt): unknown[] => [at, durationMs, outcome, status];
