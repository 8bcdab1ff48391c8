import type { Endpoint } from '@comanda/contracts';
import type { DataSource } from 'typeorm';
import { isInfrastructure, isLockTimeout } from '../database/faults.js';
import { PATIENCE } from '../database/patience.js';
import { inTransaction, inTransactionAlone, KeyHeld, type Tx } from '../database/transaction.js';
import { Answer } from '../http/answer.js';
import type { CallOf } from '../http/endpoint.decorator.js';
import { problemOf } from '../http/problem.filter.js';
import { Refusal } from '../refusal.js';
import { type OneAtATime, oneAtATime } from './twins.js';

/** What of a call its `Idempotency-Key` is bound to. */
export type KeyedCall = Pick<CallOf<Endpoint>, 'endpoint' | 'caller' | 'idempotency' | 'until'>;

/**
 * Runs the effect of a request once for its key, in one transaction with the key's row. A twin waits until the first has
 * ended, until the call's time is up. The effect goes first and the key last, so that the common case costs one statement: a
 * repeat fails on the key (or on what the first one changed), is rolled back, and gets the stored answer.
 * @param options.remember what is stored of the answer, where a secret in it must not be
 * @throws Refusal `idempotency_key_reused`, `request_in_flight`, or what `work` refuses; a refusal of a rule is stored too
 */
export async function idempotently<T>(
  db: DataSource,
  call: KeyedCall,
  work: (tx: Tx) => Promise<T>,
  { remember = (answer) => answer }: { remember?: (answer: T) => T } = {},
): Promise<Answer<T>> {
  const { organizationId } = call.caller;
  const { route, key } = binding(call);
  const twins = twinsOf<T>(db, call);
  return oneAtATime(db, {
    ...twins,
    async work() {
      try {
        const once = async (tx: Tx): Promise<Answer<T>> => {
          const answer = await work(tx);
          if (!(await storeAnswer(tx, call, call.endpoint.status, remember(answer)))) throw new KeyTaken();
          return new Answer(answer);
        };
        return await inTransactionAlone(db, organizationId, `${route} ${key}`, once, twins);
      } catch (error) {
        if (error instanceof KeyHeld) throw inFlight(error);
        if (error instanceof Refusal && isRemembered(error)) return rememberRefusal<T>(db, call, error);
        if (isInfrastructure(error)) throw error;
        // The key was taken, or what the first one did was in the way: an id, money that is under way.
        const before = await twins.known();
        if (before) return before;
        throw error instanceof KeyTaken ? inFlight() : error;
      }
    },
  });
}

/** What `oneAtATime` has to know of a call, so that it is done once while its twins wait, as long as their own time lasts. */
export function twinsOf<T>(db: DataSource, call: KeyedCall): Omit<OneAtATime<Answer<T>>, 'work'> {
  const { organizationId } = call.caller;
  const { route, key } = binding(call);
  const { until = performance.now() + PATIENCE } = call;
  return {
    name: `${organizationId} ${route} ${key}`,
    known: () => inTransaction(db, organizationId, (tx) => answerBefore<T>(tx, call), { until }),
    until,
    late: inFlight,
  };
}

/** Stores the answer of a key. False when the key is taken. */
export async function storeAnswer(tx: Tx, call: KeyedCall, status: number, answer: unknown): Promise<boolean> {
  const { route, key, hash, keep } = binding(call);
  try {
    const rows = await tx.sql<unknown[]>`
      insert into idempotency_keys (organization_id, route, key, hash, status, answer, expires_at)
      values (${call.caller.organizationId}, ${route}, ${key}, ${hash}, ${status}, ${JSON.stringify(answer ?? null)}, now() + ${keep}::interval)
      on conflict do nothing returning 1`;
    return rows.length > 0;
  } catch (error) {
    // The insert waits for a twin that has not committed yet; past the lock time-out the caller is sent away.
    throw isLockTimeout(error) ? inFlight(error) : error;
  }
}

/**
 * Claims a key for a request that leaves its transaction on the way (it calls a payment provider): commits with the
 * record of what is about to be tried. A request that died leaves the claim; after the lease a repeat takes it up.
 * @returns the stored answer when the request was answered before; `undefined` when the claim is ours
 * @throws Refusal `idempotency_key_reused`, `request_in_flight`
 */
export async function claimKey<T>(tx: Tx, call: KeyedCall): Promise<Answer<T> | undefined> {
  const { route, key, hash, keep } = binding(call);
  try {
    const claimed = await tx.sql<unknown[]>`
      insert into idempotency_keys as held (organization_id, route, key, hash, lease_until, expires_at)
      values (${call.caller.organizationId}, ${route}, ${key}, ${hash}, now() + ${LEASE}::interval, now() + ${keep}::interval)
      on conflict (organization_id, route, key) do update set lease_until = excluded.lease_until
        where held.status is null and held.lease_until < now() and held.hash = excluded.hash
      returning 1`;
    return claimed.length > 0 ? undefined : await replay<T>(tx, call);
  } catch (error) {
    throw isLockTimeout(error) ? inFlight(error) : error;
  }
}

/**
 * Gives up the claim of a request that ended without an answer, so that a repeat takes it up at once and not after the lease.
 * Only for who has claimed the key and does nothing more.
 */
export async function releaseClaim(db: DataSource, call: KeyedCall): Promise<void> {
  const { organizationId } = call.caller;
  const { route, key, hash } = binding(call);
  await inTransaction(
    db,
    organizationId,
    (tx) => tx.sql`
      update idempotency_keys set lease_until = now()
      where organization_id = ${organizationId} and route = ${route} and key = ${key} and hash = ${hash} and status is null`,
  );
}

/**
 * Deletes keys that are older than they are kept, a few at a time. `worker` is the worker's data source.
 * @returns how many were deleted in this go; fewer than `limit` when nothing is left to delete
 */
export async function forgetKeys(worker: DataSource, limit: number): Promise<number> {
  const [row] = await worker.sql<[{ forgotten: number }]>`
    with forgotten as (
      delete from idempotency_keys where ctid = any (array(
        select ctid from idempotency_keys where expires_at < now() order by expires_at limit ${limit}))
      returning 1
    )
    select count(*)::int as forgotten from forgotten`;
  return row.forgotten;
}

/** A rule's refusal is the request's answer for ever; what may pass on a second try is not stored. */
export const isRemembered = ({ code, status }: Refusal): boolean =>
  [404, 409, 412, 422].includes(status) &&
  !['request_in_flight', 'idempotency_key_reused', 'payment_unresolved'].includes(code);

/** For how long a claim keeps others away. */
export const LEASE = '30 seconds';
const MONTH = '31 days';

/** Somebody else used the key meanwhile. */
export class KeyTaken extends Error {}

/** After the roll-back, in a transaction of its own. If the key is taken, the answer stored under it is the truth. */
async function rememberRefusal<T>(db: DataSource, call: KeyedCall, refusal: Refusal): Promise<Answer<T>> {
  const store = async (tx: Tx): Promise<Answer<T> | undefined> =>
    (await storeAnswer(tx, call, refusal.status, problemOf(refusal))) ? undefined : replay<T>(tx, call);
  const before = await inTransaction(db, call.caller.organizationId, store, { until: call.until });
  if (before === undefined) throw refusal;
  return before;
}

async function replay<T>(tx: Tx, call: KeyedCall): Promise<Answer<T>> {
  const before = await answerBefore<T>(tx, call);
  if (!before) throw inFlight();
  return before;
}

/** What the key was answered with before; `undefined` for a key that nobody used. */
async function answerBefore<T>(tx: Tx, call: KeyedCall): Promise<Answer<T> | undefined> {
  const { route, key, hash } = binding(call);
  const [stored] = await tx.sql<{ hash: string; status: number | null; answer: T }[]>`
    select hash, status, answer from idempotency_keys
    where organization_id = ${call.caller.organizationId} and route = ${route} and key = ${key}`;
  if (!stored) return undefined;
  if (stored.hash !== hash)
    throw new Refusal('idempotency_key_reused', 'This Idempotency-Key was used with another request.');
  if (stored.status === null) throw inFlight();
  return answered<T>({ ...stored, status: stored.status });
}

/** The answer of a repeat: as it was given, also a problem. */
export const answered = <T>({ status, answer }: { status: number; answer: T }): Answer<T> =>
  new Answer(answer, {
    status,
    replayed: true,
    ...(status >= 400 && { headers: { 'content-type': 'application/problem+json' } }),
  });

const inFlight = (cause?: unknown): Refusal =>
  new Refusal(
    'request_in_flight',
    'A request with this Idempotency-Key is still under way.',
    {},
    { retryAfter: 1, cause },
  );

/** What a key is stored under, the hash of the request it belongs to, and for how long it is kept. */
export function binding({ endpoint, idempotency }: KeyedCall): {
  route: string;
  key: string;
  hash: string;
  keep: string | null;
} {
  if (!idempotency) throw new Error(`${endpoint.id} is not described as idempotent.`);
  return { route: endpoint.id, ...idempotency, keep: endpoint.keepsKeys === 'for ever' ? null : MONTH };
}
