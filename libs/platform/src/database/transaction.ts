import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { isCollision, isConnectionLost } from './faults.js';

declare const inside: unique symbol;

/** An entity manager inside a transaction. Only `inTransaction` and `asWorker` make one, so a query outside does not compile. */
export type Tx = EntityManager & { readonly [inside]: true };

/**
 * Runs `work` in one READ COMMITTED transaction that sees the rows of one organization and no others.
 * A throw rolls back. A deadlock or serialization failure is tried again, four times in all;
 * `work` must therefore do nothing that a rollback does not undo.
 */
export function inTransaction<T>(db: DataSource, organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withRetries(() => run(db, organizationId, work));
}

/**
 * Runs `work` in a transaction of the worker role, which sees every organization's rows, but only in the
 * tables whose policies are open to it (outbox, inbox, keys, sweeps). `db` is the worker's data source.
 */
export function asWorker<T>(db: DataSource, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withRetries(() => run(db, null, work));
}

/** Calls back once the transaction has committed; never when it rolled back. For signals only: the callback must not throw. */
export function onCommit(tx: Tx, callback: () => void): void {
  const callbacks = committed.get(tx);
  if (!callbacks) throw new Error('onCommit needs a transaction that is still open.');
  callbacks.push(callback);
}

const committed = new WeakMap<EntityManager, (() => void)[]>();
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

async function run<T>(db: DataSource, organizationId: string | null, work: (tx: Tx) => Promise<T>): Promise<T> {
  const runner = db.createQueryRunner() as unknown as PostgresRunner;
  let broken: Error | undefined;
  try {
    const client = await runner.connect();
    // `begin` and the organization ride on the wire with the first query of `work`: no round trip of their own.
    const opening = [client.query('begin')];
    if (organizationId !== null) opening.push(client.query(SET_ORGANIZATION, [organizationId]));
    const opened = Promise.all(opening);
    opened.catch(() => undefined);
    runner.isTransactionActive = true;
    const callbacks: (() => void)[] = [];
    committed.set(runner.manager, callbacks);
    try {
      const result = await work(runner.manager as Tx);
      await opened;
      const committed = await client.query('commit');
      // A transaction that an unseen error aborted answers `commit` with ROLLBACK instead of failing.
      if (committed.command !== 'COMMIT')
        throw new Error('The transaction was rolled back: one of its statements failed.');
      return result;
    } catch (error) {
      if (isConnectionLost(error)) broken = error as Error;
      else await client.query('rollback').catch((failed: Error) => (broken = failed));
      throw error;
    } finally {
      runner.isTransactionActive = false;
      committed.delete(runner.manager);
    }
  } finally {
    // A connection that was cut, or whose server turned read-only, is closed instead of going back to the pool.
    if (broken) await runner.releasePostgresConnection(broken);
    else await runner.release();
  }
}

// A named statement is parsed once per connection.
const SET_ORGANIZATION = { name: 'app.organization', text: `select set_config('app.organization', $1, true)` };

interface PgClient {
  query(
    query: string | { name: string; text: string },
    values?: unknown[],
  ): Promise<{ command: string; rows: unknown[] }>;
}

/** What TypeORM's PostgreSQL runner offers beyond its public interface. */
interface PostgresRunner {
  connect(): Promise<PgClient>;
  release(): Promise<void>;
  releasePostgresConnection(error?: Error): Promise<void>;
  isTransactionActive: boolean;
  readonly manager: EntityManager;
}
