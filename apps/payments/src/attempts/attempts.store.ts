import { asWorker, type KeyedCall, Refusal, type Tx } from '@comanda/platform';
import { type DataSource, IsNull, Not } from 'typeorm';
import { PaymentEntity, type PaymentRow } from '../payments/payment.entity.js';
import { findPayment } from '../payments/payments.store.js';
import { AttemptEntity, type AttemptRow } from './attempt.entity.js';

/** The attempt that a request made when it was sent before, if it came that far. */
export function attemptOf(tx: Tx, { endpoint, idempotency }: KeyedCall): Promise<AttemptRow | null> {
  return tx.findOneBy(AttemptEntity, { route: endpoint.id, key: idempotency?.key ?? '' });
}

export function findAttempt(tx: Tx, id: string): Promise<AttemptRow> {
  return tx.findOneByOrFail(AttemptEntity, { id });
}

/** The attempt of a code that the guest has not paid yet; null where a payment has none. */
export async function openCodeOf(tx: Tx, paymentId: string): Promise<AttemptRow | null> {
  const coded = await tx.existsBy(PaymentEntity, { id: paymentId, codeExpiresAt: Not(IsNull()) });
  if (!coded) return null;
  return tx.findOneBy(AttemptEntity, { paymentId, kind: 'charge', status: 'pending' });
}

/**
 * An attempt that somebody asks for, with its payment.
 * @throws Refusal `not_found`
 */
export async function knownAttempt(tx: Tx, id: string): Promise<{ attempt: AttemptRow; payment: PaymentRow }> {
  const attempt = await tx.findOneBy(AttemptEntity, { id });
  if (!attempt) throw new Refusal('not_found', 'There is no such attempt.');
  return { attempt, payment: await findPayment(tx, attempt.paymentId) };
}

/**
 * Takes attempts whose outcome should be looked up now, over all organizations, and puts their next look off: a second
 * later, then two, four, at most a minute. Those made first come first. Rows that another process is taking are left to it.
 */
export function takeDue(worker: DataSource, limit: number): Promise<Pick<AttemptRow, 'organizationId' | 'id'>[]> {
  return asWorker(
    worker,
    (tx) =>
      tx.sql<Pick<AttemptRow, 'organizationId' | 'id'>[]>`
      with taken as (
        update payment_attempts set looks = looks + 1, next_look_at = now() + least(60, power(2, least(looks, 6))) * interval '1 second'
        where (organization_id, id) in (
          select organization_id, id from payment_attempts
          where status in ('pending', 'unknown') and next_look_at <= now()
          order by next_look_at limit ${limit} for update skip locked)
        returning organization_id, id
      )
      select organization_id as "organizationId", id from taken order by id`,
  );
}

/**
 * How many attempts there are whose outcome is not known, and how many seconds ago the oldest was made. A code that a guest
 * has yet to pay is not among them: it waits for the guest.
 */
export async function openAttempts(worker: DataSource): Promise<{ attempts: number; age: number }> {
  const [row] = await worker.sql<{ attempts: number; age: number }[]>`
    select count(*)::int as attempts, coalesce(extract(epoch from now() - min(attempt.created_at)), 0)::float8 as age
    from payment_attempts attempt
    where status in ('pending', 'unknown') and not (status = 'pending' and exists (
      select from payments p where p.organization_id = attempt.organization_id and p.id = attempt.payment_id
        and p.code_expires_at is not null))`;
  return row ?? { attempts: 0, age: 0 };
}
