import { isConnectionLost } from '@comanda/platform';
import { Client, type ClientConfig, escapeIdentifier, type Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { pause, within } from './waiting.js';

/**
 * A database session that holds an advisory lock for as long as it lives: whoever has it is the only one.
 * A session that dies in silence (a cut cable, a frozen process) is ended by the server after the lease, which frees the
 * lock for the next. Work that must not outlive the lock goes through `query`, on the very session that holds it; it
 * notes progress only, so a commit does not wait for the disk: after a crash of the server some of it is done again.
 */
export class LockedSession implements AsyncDisposable {
  readonly #client: Client;
  readonly #lost = new AbortController();
  readonly #pulse: NodeJS.Timeout;
  #usedAt = Date.now();
  #busy = 0;

  private constructor(client: Client, lease: number) {
    this.#client = client;
    client.on('error', () => this.#lost.abort());
    client.on('end', () => this.#lost.abort());
    this.#pulse = setInterval(() => this.#beat(lease), lease / 3);
  }

  /**
   * Waits for the lock as long as another session has it.
   * @returns undefined when the signal was aborted first
   * @throws when the database cannot be reached or the session is lost on the way
   */
  static async acquire(
    config: ClientConfig,
    lock: string,
    { signal, lease = LEASE }: { signal: AbortSignal; lease?: number | undefined },
  ): Promise<LockedSession | undefined> {
    const client = new Client({ ...config, query_timeout: lease, connectionTimeoutMillis: lease });
    const session = new LockedSession(client, lease);
    try {
      await client.connect();
      await session.query(SETTINGS, [String(lease)]);
      while (!signal.aborted) {
        // Asked again and again instead of waited for: a waiting statement would hold back vacuum.
        const [answer] = await session.query<{ got: boolean }>(TRY_LOCK, [lock]);
        if (answer?.got) return session;
        await pause(lease / 15, signal);
      }
    } catch (error) {
      await session.close();
      throw error;
    }
    await session.close();
    return undefined;
  }

  /** Aborted when the session, and with it the lock, is gone. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Runs a statement; a named one is parsed once. @throws what the driver throws, and gives the session up when it was cut */
  async query<Row>(statement: string | { name: string; text: string }, values: unknown[] = []): Promise<Row[]> {
    this.#busy++;
    try {
      return (await this.#client.query(statement, values)).rows as Row[];
    } catch (error) {
      if (isConnectionLost(error)) this.#lost.abort();
      throw error;
    } finally {
      this.#busy--;
      this.#usedAt = Date.now();
    }
  }

  /** Calls back for every notification on the channel. */
  async listen(channel: string, callback: () => void): Promise<void> {
    this.#client.on('notification', callback);
    await this.query(`listen ${escapeIdentifier(channel)}`);
  }

  /** Ends the session, which frees the lock. */
  async close(): Promise<void> {
    clearInterval(this.#pulse);
    const ended = this.lost.aborted ? false : await within(1_000, this.#client.end());
    if (!ended) this.#client.connection.stream.destroy();
    this.#lost.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #beat(lease: number): void {
    if (this.lost.aborted || this.#busy > 0 || Date.now() - this.#usedAt < lease / 3) return;
    this.query('select 1').catch(() => this.#lost.abort());
  }
}

/** Milliseconds of silence after which the server gives the lock to another. */
const LEASE = 15_000;

const SETTINGS = `select set_config('idle_session_timeout', $1, false), set_config('synchronous_commit', 'off', false)`;
const TRY_LOCK = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as got';

/** How a data source connects: for a session of one's own, beside its pool. */
export const connectionOf = (source: DataSource): ClientConfig =>
  (source.driver as unknown as { master: Pool }).master.options;
