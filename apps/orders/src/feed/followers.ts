import { LOGGER, METRICS, Refusal, WORKER_DATABASE } from '@comanda/platform';
import { type Logger, pause } from '@comanda/events';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { Cursor } from './cursor.js';
import { changedLocations } from './feed.store.js';
import type { Follower } from './follower.js';

/**
 * Everybody who follows orders through this process. What changes in this process wakes them at once; what changes in
 * another is seen within a quarter of a second.
 */
@Injectable()
export class Followers implements OnModuleDestroy {
  readonly #following = new Map<Follower, Promise<void>>();
  readonly #leaving = new AbortController();
  #watching: Promise<void> | undefined;

  constructor(
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    const count = (): number => this.#following.size;
    const gauge = new Gauge({
      name: 'orders_feed_followers',
      help: 'Clients that follow the live feed through this process.',
      registers: [],
      collect() {
        this.set(count());
      },
    });
    metrics.registerMetric(gauge);
  }

  /**
   * Lets a client follow until it, its credential or this process goes.
   * @throws Refusal `unavailable` when there are too many, or the process is about to end
   */
  welcome(
    follower: Follower,
    from: Cursor,
    { reset, mayStay }: { reset: boolean; mayStay: () => Promise<unknown> },
  ): void {
    if (this.#following.size >= MOST || this.#leaving.signal.aborted)
      throw new Refusal('unavailable', 'The live feed takes no more clients here now.', {}, { retryAfter: 5 });
    const checking = setInterval(() => void mayStay().catch(() => follower.leave()), CHECK);
    const following = follower
      .follow(from, reset)
      .catch((err: unknown) => this.log.warn({ err }, 'a follower was sent away; it comes back by itself'))
      .finally(() => {
        clearInterval(checking);
        this.#following.delete(follower);
      });
    this.#following.set(follower, following);
    this.#watching ??= this.#watch();
  }

  /** Says that orders of a location have changed. */
  changed(locationId: string): void {
    for (const follower of this.#following.keys()) if (follower.locationId === locationId) follower.ring();
  }

  /** The streams end before the server stops waiting for its requests. */
  async onModuleDestroy(): Promise<void> {
    this.#leaving.abort();
    for (const follower of this.#following.keys()) follower.leave();
    await Promise.all([...this.#following.values(), this.#watching]);
  }

  /** Looks for changes that other processes made, as long as anybody follows. */
  async #watch(): Promise<void> {
    let since: number | undefined;
    while (this.#following.size > 0 && !this.#leaving.signal.aborted) {
      const followed = new Set(this.#following.keys().map(({ locationId }) => locationId));
      try {
        const { changed, next } = await changedLocations(this.worker, [...followed], since ?? Number.MAX_SAFE_INTEGER);
        // What changed before the first look, and after a follower's own, is nobody's news yet.
        for (const locationId of since === undefined ? followed : changed) this.changed(locationId);
        since = next;
      } catch (err) {
        this.log.warn({ err }, 'cannot see whether orders have changed; looking again');
      }
      await pause(LOOK, this.#leaving.signal);
    }
    this.#watching = undefined;
  }
}

/** Milliseconds between two looks at what other processes changed, and between two at a follower's credential. */
const LOOK = 250;
const CHECK = 2_000;
const MOST = 2_000;
