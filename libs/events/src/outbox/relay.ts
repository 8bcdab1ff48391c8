import type { ServiceName } from '@comanda/contracts';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { toRecord } from '../envelope.js';
import { connectionOf, LockedSession } from '../locked-session.js';
import type { EventLog } from '../log/event-log.js';
import { type EventMetrics, eventMetrics, measureOutbox } from '../metrics.js';
import { traceSend } from '../tracing.js';
import { backOff, Bell, type Logger, Pace, pause, within } from '../waiting.js';
import { backlog, CHANNEL, deletePublished, markPublished, type Unpublished, unpublished } from './outbox.store.js';
import { onPublished } from './publish.js';

export interface RelayOptions {
  readonly service: ServiceName;
  /** The data source requests publish through. */
  readonly db: DataSource;
  /** The worker role's. The relay opens one connection of its own beside its pool. */
  readonly worker: DataSource;
  readonly log: EventLog;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Rows at a time. */
  readonly batch?: number | undefined;
  /** Nobody waits for its events by the millisecond: fewer and larger rounds do. */
  readonly relaxed?: boolean | undefined;
  /** How often to look without being woken, in milliseconds: the safety net. */
  readonly poll?: number | undefined;
  /** Milliseconds of silence after which another relay takes over. */
  readonly lease?: number | undefined;
  /** How many days published rows are kept for a replay. */
  readonly retention?: number | undefined;
}

/**
 * Brings a service's outbox to the log: at least once, in order within each subject. Of all relays of a database one is
 * active; the others take over when it is gone. While the log is away it tries for as long as it takes.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #metrics: EventMetrics;
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  #leads = false;
  #untold = false;
  #telling: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #tidyAt = 0;
  #deafen: (() => void) | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#metrics = eventMetrics(options.registry);
    measureOutbox(options.registry, () => backlog(options.worker));
  }

  /** Starts, now or as soon as the one that is active is gone. Returns at once. */
  start(): void {
    this.#deafen ??= onPublished(this.#options.db, () => this.wake());
    this.#running ??= this.#run();
  }

  /** Whether this relay is the active one. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Says that there is something to publish: to itself when it leads, else through the database to the one that does. */
  wake(): void {
    if (this.#leads) return this.#bell.ring();
    this.#untold = true;
    this.#telling ??= this.#tell();
  }

  /** Ends the batch at hand and gives the lead away. Takes a few seconds at most. */
  async stop(): Promise<void> {
    this.#deafen?.();
    this.#stopping.abort();
    await within(STOP, Promise.all([this.#running, this.#telling]));
  }

  async #run(): Promise<void> {
    const { worker, lease, logger } = this.#options;
    const { signal } = this.#stopping;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        await using session = await LockedSession.acquire(connectionOf(worker), LOCK, { signal, lease });
        if (session === undefined) return;
        tries = 1;
        await session.listen(CHANNEL, () => this.#bell.ring());
        this.#leads = true;
        this.#metrics.leads.set(1);
        await this.#lead(session);
      } catch (err) {
        if (!signal.aborted) logger.warn({ err }, 'the relay lost its database; it tries again');
      } finally {
        this.#leads = false;
        this.#metrics.leads.set(0);
      }
      if (!signal.aborted) await pause(backOff(tries), signal);
    }
  }

  async #lead(session: LockedSession): Promise<void> {
    const { service, log, batch = 500, poll = 1_000, relaxed = false } = this.#options;
    const signal = AbortSignal.any([this.#stopping.signal, session.lost]);
    const pace = new Pace(relaxed ? RELAXED : APART[log.system]);
    let tries = 0;
    let backlogged = false;
    while (!signal.aborted) {
      await pace.next(signal, backlogged);
      const rows = await unpublished(session, service, batch);
      backlogged = rows.length === batch;
      if (rows.length > 0 && !(await this.#append(rows))) {
        // The same rows again, from the first: nothing overtakes them.
        await pause(backOff(++tries), signal);
        continue;
      }
      tries = 0;
      if (rows.length > 0) await markPublished(session, rows);
      for (const { event } of rows) this.#metrics.published.inc({ type: event.type });
      if (rows.length < batch) {
        await this.#tidy(session);
        await this.#bell.wait(poll, signal);
      }
    }
  }

  async #append(rows: readonly Unpublished[]): Promise<boolean> {
    const { log, logger } = this.#options;
    try {
      const records = rows.map(({ topic, event, data }) => toRecord(topic, event, data));
      await traceSend(log, rows, () => log.append(records));
      return true;
    } catch (err) {
      logger.warn({ err, rows: rows.length }, 'the event log takes no events; the relay tries again');
      return false;
    }
  }

  /** Deletes what is past its retention, a little whenever there is nothing else to do. */
  async #tidy(session: LockedSession): Promise<void> {
    if (Date.now() < this.#tidyAt) return;
    const { retention = 30 } = this.#options;
    const deleted = await deletePublished(session, new Date(Date.now() - retention * DAY), TIDY_ROWS);
    this.#tidyAt = Date.now() + (deleted < TIDY_ROWS ? HOUR : SECOND);
  }

  /** However many commits there are in a few milliseconds, one notification tells of them all. */
  async #tell(): Promise<void> {
    while (this.#untold && (await pause(NOTIFY, this.#stopping.signal))) {
      this.#untold = false;
      // If it does not arrive, the active relay's next look finds the rows.
      await within(STOP, this.#options.worker.query('select pg_notify($1, $2)', [CHANNEL, '']));
    }
    this.#telling = undefined;
  }
}

const LOCK = 'outbox.relay';
const [SECOND, HOUR, DAY] = [1_000, 3_600_000, 86_400_000];
/** Milliseconds from one round to the next while there is something to publish, and the process has time to spare. */
const APART = { postgresql: 3, kafka: 10 };
const RELAXED = 100;
/** Milliseconds of commits that share a notification. */
const NOTIFY = 10;
const TIDY_ROWS = 1_000;
const STOP = 5_000;
