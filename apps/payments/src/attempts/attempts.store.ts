import { asWorker, type KeyedCall, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { AttemptEntity, type AttemptRow } from './attempt.entity.js';
import { unresolved } from '../payments/payment.js';

/** The attempt that a request made when it was sent before, if it came that far. */
export function attemptOf(tx: Tx, { endpoint, idempotency }: KeyedCall): Promise<AttemptRow | null> {
  return tx.findOneBy(AttemptEntity, { route: endpoint.id, key: idempotency?.key ?? '' });
}

/** Locks an attempt until the transaction ends, after its bill and payment, so that its outcome is booked once. */
export function lockAttempt(tx: Tx, id: string): Promise<AttemptRow> {
  return tx.findOneOrFail(AttemptEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

export function findAttempt(tx: Tx, id: string): Promise<AttemptRow> {
  return tx.findOneByOrFail(AttemptEntity, { id });
}

/**
 * Writes an attempt before the provider hears of it.
 * @throws Refusal `payment_unresolved` while another step of the payment is under way
 */
export async function insertAttempt(tx: Tx, attempt: AttemptRow): Promise<void> {
  const inserted = await tx.sql<unknown[]>`
    insert into payment_attempts (organization_id, id, payment_id, check_id, location_id, refund_id, kind, status,
      amount_minor, tip_minor, business_date, occurred_at, route, key, looks, next_look_at, created_at)
    values (${attempt.organizationId}, ${attempt.id}, ${attempt.paymentId}, ${attempt.checkId}, ${attempt.locationId},
      ${attempt.refundId}, ${attempt.kind}, ${attempt.status}, ${attempt.amount}, ${attempt.tip}, ${attempt.businessDate},
      ${attempt.occurredAt}, ${attempt.route}, ${attempt.key}, ${attempt.looks}, ${attempt.nextLookAt}, ${attempt.createdAt})
    on conflict do nothing returning 1`;
  if (inserted.length === 0) throw unresolved();
}

/** Writes how a locked attempt stands. */
export async function saveAttempt(tx: Tx, attempt: AttemptRow): Promise<void> {
  await tx.sql`
    update payment_attempts set status = ${attempt.status}, decline_code = ${attempt.declineCode},
      next_look_at = ${attempt.nextLookAt}
    where organization_id = ${attempt.organizationId} and id = ${attempt.id}`;
}

/**
 * Takes attempts whose outcome should be looked up now, over all organizations, and puts their next look off: a second
 * later, then two, four, at most a minute. Rows that another process is taking are left to it.
 */
export function takeDue(worker: DataSource, limit: number): Promise<Pick<AttemptRow, 'organizationId' | 'id'>[]> {
  return asWorker(worker, async (tx) => {
    const [taken] = await tx.sql<[Pick<AttemptRow, 'organizationId' | 'id'>[], number]>`
      update payment_attempts set looks = looks + 1, next_look_at = now() + least(60, power(2, least(looks, 6))) * interval '1 second'
      where (organization_id, id) in (
        select organization_id, id from payment_attempts
        where status in ('pending', 'unknown') and next_look_at <= now()
        order by next_look_at limit ${limit} for update skip locked)
      returning organization_id as "organizationId", id`;
    return taken;
  });
}

/** How many seconds ago the oldest attempt was made whose outcome is not known; zero when all are. */
export async function oldestOpen(worker: DataSource): Promise<number> {
  const [row] = await worker.sql<{ age: number }[]>`
    select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age
    from payment_attempts where status in ('pending', 'unknown')`;
  return row?.age ?? 0;
}
