import { type Logger, pause } from '@comanda/events';
import { inTransaction, isInfrastructure, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { unsettledPlaces } from './levels.store.js';
import { Levels } from './levels.service.js';

/**
 * Settles the levels that orders have moved: at once when this process booked them and was not about to, within a second
 * when another did and died. All locations of an organization together, and no sooner than a moment after the last time:
 * the more is sold, the more orders share a settlement.
 */
@Injectable()
export class LevelKeeper implements OnModuleInit, OnModuleDestroy {
  /** The locations where something moved, by organization. */
  readonly #due = new Map<string, Set<string>>();
  readonly #stopping = new AbortController();
  #settling: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly levels: Levels,
  ) {}

  onModuleInit(): void {
    this.#looking = setInterval(() => void this.#look(), LOOK).unref();
  }

  /** Ends the settlement at hand; what is left is settled after the next start. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#looking);
    await this.#settling;
  }

  /** Says that something moved at locations of an organization, and has been committed. */
  wake(organizationId: string, locationIds: Iterable<string>): void {
    const due = this.#due.get(organizationId) ?? new Set();
    this.#due.set(organizationId, due);
    for (const locationId of locationIds) due.add(locationId);
    this.#settling ??= this.#settleDue();
  }

  async #look(): Promise<void> {
    try {
      for (const { organizationId, locationIds } of await unsettledPlaces(this.worker))
        this.wake(organizationId, locationIds);
    } catch (err) {
      if (!this.#stopping.signal.aborted)
        this.log.warn({ err }, 'could not look for movements to settle; the next look will');
    }
  }

  async #settleDue(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#due.size > 0 && !signal.aborted) {
      const due = [...this.#due];
      this.#due.clear();
      for (const [organizationId, locations] of due)
        if (!signal.aborted) await this.#settle(organizationId, [...locations]);
      await pause(GATHER, signal);
    }
    this.#settling = undefined;
  }

  async #settle(organizationId: string, locationIds: readonly string[]): Promise<void> {
    try {
      await inTransaction(this.db, organizationId, (tx) => this.levels.settle(tx, organizationId, locationIds));
    } catch (err) {
      // A location that cannot be settled keeps no other from it.
      if (locationIds.length > 1 && !isInfrastructure(err))
        for (const locationId of locationIds) await this.#settle(organizationId, [locationId]);
      else this.log.warn({ err, locationIds }, 'could not settle locations; the next look does it again');
    }
  }
}

const LOOK = 1_000;
/** Milliseconds after a settlement in which movements gather for the next. */
const GATHER = 25;
