import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DataSource,
  type EntityManager,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { isCollision, isConnectionLost, isLockTimeout, isReadOnly } from './faults.js';
import { PATIENCE } from './patience.js';
import { together } from './together.js';

declare const inside: unique symbol;

/** An entity manager inside a transaction. Only `inTransaction` and `asWorker` make one, so a query outside does not compile. */
export type Tx = EntityManager & { readonly [inside]: true };

/** For how long a transaction waits. */
export interface Deadline {
  /** By when a connection and each lock must be had, as `performance.now()` tells it; without it, two seconds from now. */
  readonly until?: number | undefined;
}

/**
 * Runs `work` in one READ COMMITTED transaction that sees the rows of one organization and no others.
 * A throw rolls back. A deadlock or serialization failure is tried again, four times in all;
 * `work` must therefore do nothing that a rollback does not undo.
 */
export function inTransaction<T>(
  db: DataSource,
  organizationId: string,
  work: (tx: Tx) => Promise<T>,
  { until = performance.now() + PATIENCE }: Deadline = {},
): Promise<T> {
  return withRetries(() => run(db, { until, opening: (patience) => setOrganization(organizationId, patience) }, work));
}

/**
 * Like `inTransaction`, but never two at once for the same `key` of an organization: the second waits for the first to
 * end, for as long as a lock is waited for.
 * @throws KeyHeld when the first takes longer
 */
export function inTransactionAlone<T>(
  db: DataSource,
  organizationId: string,
  key: string,
  work: (tx: Tx) => Promise<T>,
  { until = performance.now() + PATIENCE }: Deadline = {},
): Promise<T> {
  const opening = (patience: number): Statement => setOrganizationAlone(organizationId, key, patience);
  return withRetries(() => run(db, { until, opening }, work));
}

/**
 * Runs `work` in a transaction of the worker role, which sees every organization's rows, but only in the
 * tables whose policies are open to it (outbox, inbox, keys, sweeps). `db` is the worker's data source.
 */
export function asWorker<T>(db: DataSource, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withRetries(() => run(db, { until: performance.now() + PATIENCE }, work));
}

/** Another transaction works for the same key, and did not end in time. */
export class KeyHeld extends Error {
  override readonly name = 'KeyHeld';
}

/** Calls back once the transaction has committed; never when it rolled back. For signals only: the callback must not throw. */
export function onCommit(tx: Tx, callback: () => void): void {
  const callbacks = afterCommit.get(tx);
  if (!callbacks) throw new Error('onCommit needs a transaction that is still open.');
  callbacks.push(callback);
}

/**
 * Sends a statement whose result nobody waits for: it goes on the wire with what follows, at the latest with the commit. If it
 * fails, so does the transaction, with its error.
 */
export function send(tx: Tx, { name, text }: { name: string; text: string }, values: unknown[]): void {
  const open = sent.get(tx);
  if (!open) throw new Error('send needs a transaction that is still open.');
  const sending = open.client.query({ name, text, values });
  sending.catch(() => undefined);
  open.statements.push(sending);
}

const sent = new WeakMap<EntityManager, { readonly client: PgClient; readonly statements: Promise<unknown>[] }>();
const afterCommit = new WeakMap<EntityManager, (() => void)[]>();
const TRIES = 4;

async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === TRIES || !isCollision(error)) throw error;
      await pause(Math.random() * 10 * 2 ** tries);
    }
  }
}

/** How a transaction begins: by when, and what it says of itself, given for how many milliseconds it may wait for a lock. */
interface Beginning {
  readonly until: number;
  readonly opening?: (patience: number) => Statement;
}

async function run<T>(db: DataSource, { until, opening }: Beginning, work: (tx: Tx) => Promise<T>): Promise<T> {
  const runner = db.createQueryRunner() as unknown as PostgresRunner;
  const client = await connectionOf(runner, until);
  const callbacks: (() => void)[] = [];
  const statements: Promise<unknown>[] = [];
  let broken: Error | undefined;
  let result: T;
  try {
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    // What opens the transaction rides on the wire with the first queries of `work`: no round trip, no packet of its own.
    corkForThisTurn(client);
    const opened = open(client, opening?.(patienceUntil(until)));
    opened.catch(() => undefined);
    runner.isTransactionActive = true;
    // A transaction that `work` begins inside becomes a savepoint.
    runner.transactionDepth = 1;
    afterCommit.set(runner.manager, callbacks);
    sent.set(runner.manager, { client, statements });
    try {
      result = await work(runner.manager as Tx);
      const committed = client.query('commit');
      const [{ command }] = await together(committed, opened, ...statements);
      // A transaction that an unseen error aborted answers `commit` with ROLLBACK instead of failing.
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements failed.');
    } catch (error) {
      const cause = await causeOf(error, together(opened, ...statements), broken);
      if (isConnectionLost(cause)) broken = cause as Error;
      else await client.query('rollback').catch((failed: Error) => (broken = failed));
      throw cause;
    } finally {
      sent.delete(runner.manager);
      afterCommit.delete(runner.manager);
      client.off('error', onError);
    }
  } finally {
    // A connection that was cut, or whose server turned read-only, is closed instead of going back to the pool.
    await runner.releasePostgresConnection(broken);
    if (isReadOnly(broken)) closeIdle(runner);
  }
  for (const callback of callbacks) callback();
  return result;
}

/** A connection of the pool; one that comes too late goes back unused. */
async function connectionOf(runner: PostgresRunner, until: number): Promise<PgClient> {
  const connecting = runner.connect();
  const late = Promise.withResolvers<never>();
  const tooLate = (): void => late.reject(new Error('timeout exceeded when trying to connect'));
  const timer = setTimeout(tooLate, patienceUntil(until));
  try {
    return await Promise.race([connecting, late.promise]);
  } catch (error) {
    connecting.then(
      () => runner.releasePostgresConnection(),
      () => undefined,
    );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What is left, in whole milliseconds: who comes late still gets what is there for the taking. */
const patienceUntil = (until: number): number => Math.max(LEAST, Math.round(until - performance.now()));
const LEAST = 250;

/** What really went wrong: a statement that follows a failed one only says that the transaction is aborted or over. */
async function causeOf(error: unknown, before: Promise<unknown>, broken: Error | undefined): Promise<unknown> {
  const over =
    error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
  if (over && broken) return broken;
  return before.then(
    () => error,
    (first: unknown) => first,
  );
}

function open(client: PgClient, opening: Statement | undefined): Promise<unknown> {
  const begun = client.query('begin');
  return opening ? Promise.all([begun, client.query(opening).catch(opening.failed)]) : begun;
}

/** Sends what is asked until the promises of this turn have run their course at once. */
function corkForThisTurn({ connection: { stream } }: PgClient): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** The server turned read-only under the whole pool: whoever comes next gets a new connection, perhaps to another server. */
function closeIdle({ driver: { master } }: PostgresRunner): void {
  for (let idle = master.idleCount; idle > 0; idle--)
    master.connect().then(
      (client) => client.release(true),
      () => undefined,
    );
}

/** A statement as the driver takes it; named, so that it is parsed once per connection. */
interface Sent {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A statement that opens a transaction. */
interface Statement extends Sent {
  readonly failed: (error: unknown) => never;
}

const setOrganization = (organizationId: string, patience: number): Statement => ({
  name: 'app.organization',
  text: `select set_config('app.organization', $1, true), set_config('lock_timeout', $2, true)`,
  values: [organizationId, patience],
  failed(error) {
    throw error;
  },
});

// An advisory lock on a hash of the key: it needs no row, and a table's locks never meet it.
const setOrganizationAlone = (organizationId: string, key: string, patience: number): Statement => ({
  name: 'app.organization_alone',
  text: `
    select set_config('app.organization', $1, true), set_config('lock_timeout', $3, true),
      pg_advisory_xact_lock(hashtextextended($1 || $2, 0))`,
  values: [organizationId, key, patience],
  failed(error) {
    throw isLockTimeout(error) ? new KeyHeld('Another transaction for this key is still under way.') : error;
  },
});

interface PgClient {
  readonly connection: { readonly stream: Pick<Writable, 'cork' | 'uncork'> };
  query(query: string | Sent): Promise<{ command: string; rows: unknown[] }>;
  on(event: 'error', listener: (error: Error) => void): void;
  off(event: 'error', listener: (error: Error) => void): void;
}

/** What TypeORM's PostgreSQL runner offers beyond its public interface. */
interface PostgresRunner {
  connect(): Promise<PgClient>;
  /** Returns the connection to the pool; closes it where an error is given. */
  releasePostgresConnection(error?: Error): Promise<void>;
  isTransactionActive: boolean;
  transactionDepth: number;
  readonly manager: EntityManager;
  readonly driver: {
    readonly master: { readonly idleCount: number; connect(): Promise<{ release(destroy: boolean): void }> };
  };
}
