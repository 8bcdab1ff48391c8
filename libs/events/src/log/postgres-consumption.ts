import type { ClientConfig } from 'pg';
import { LockedSession } from '../locked-session.js';
import { backOff, Bell, type Logger, Pace, pause, within } from '../waiting.js';
import { deliver } from './delivery.js';
import { type ConsumeOptions, type Consumption, SLICE, type StoredRecord } from './event-log.js';
import { PostgresCursors } from './postgres-cursors.js';
import type { Tail } from './tail.js';

/** A member of a group: active while it holds the group's lock, standing by while another does. */
export class PostgresConsumption implements Consumption {
  readonly #config: ClientConfig;
  readonly #tail: Tail;
  readonly #options: ConsumeOptions;
  readonly #logger: Logger;
  readonly #lease: number | undefined;
  readonly #bell = new Bell();
  readonly #leaving = new AbortController();
  readonly #left: Promise<void>;
  #session: LockedSession | undefined;

  constructor(config: ClientConfig, tail: Tail, options: ConsumeOptions, logger: Logger, lease: number | undefined) {
    this.#config = config;
    this.#tail = tail;
    this.#options = options;
    this.#logger = logger;
    this.#lease = lease;
    this.#left = this.#run();
  }

  /** There is something new in these topics. */
  wake(topics: readonly string[]): void {
    if (topics.some((topic) => this.#options.topics.includes(topic))) this.#bell.ring();
  }

  async stop(): Promise<void> {
    this.#leaving.abort();
    if (await within(STOP, this.#left)) return;
    this.#logger.warn({ group: this.#options.group }, 'left a group without its last slice, which did not end in time');
    await this.#session?.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#leaving;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        await using session = await this.#join();
        if (session === undefined) return;
        this.#session = session;
        tries = 1;
        await this.#consume(session);
      } catch (err) {
        if (signal.aborted) return;
        this.#logger.warn({ err, group: this.#options.group }, 'lost the event log; joining the group again');
        await pause(backOff(tries), signal);
      }
    }
  }

  #join(): Promise<LockedSession | undefined> {
    return LockedSession.acquire(this.#config, lockOf(this.#options.group), {
      signal: this.#leaving.signal,
      lease: this.#lease,
    });
  }

  async #consume(session: LockedSession): Promise<void> {
    const { group, topics, sliceSize = SLICE, apart = APART } = this.#options;
    const signal = AbortSignal.any([this.#leaving.signal, session.lost]);
    const wanted = new Set(topics);
    const pace = new Pace(apart);
    const cursors = await PostgresCursors.of(session, group, topics);
    let close = false;
    let backlogged = false;
    while (!signal.aborted) {
      await pace.next(signal, backlogged);
      if (performance.now() >= cursors.saveAt) await cursors.save();
      const near: StoredRecord[] | undefined = close
        ? this.#tail.next(wanted, cursors.positions, sliceSize)
        : undefined;
      const slice: StoredRecord[] = near ?? (await cursors.read(sliceSize));
      close ||= slice.length < sliceSize && this.#tail.holds(slice);
      backlogged = slice.length >= sliceSize / 2;
      if (slice.length === 0) {
        await this.#bell.wait(Math.max(0, Math.min(cursors.quietAt - performance.now(), LONGEST)), signal);
        if (performance.now() >= cursors.quietAt) await cursors.save();
        continue;
      }
      if (!(await deliver(slice, this.#options, signal, this.#logger))) break;
      cursors.moveBehind(slice);
    }
    if (!session.lost.aborted) await cursors.save();
  }
}

/** What the active member of a group holds. */
export const lockOf = (group: string): string => `event-log.group.${group}`;

/** Milliseconds after which a member looks though nobody woke it: for safety's sake. */
const LONGEST = 5_000;
/** Milliseconds a leave may take. */
const STOP = 5_000;
/** Milliseconds from one slice to the next. */
const APART = 5;
