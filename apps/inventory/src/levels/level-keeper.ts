import type { Logger } from '@comanda/events';
import { inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Place, unsettledPlaces } from './levels.store.js';
import { Levels } from './levels.service.js';

/**
 * Settles the levels that orders have moved: at once when this process booked them, within a second when another did
 * and died. One location at a time, however many orders it had meanwhile.
 */
@Injectable()
export class LevelKeeper implements OnModuleInit, OnModuleDestroy {
  readonly #due = new Map<string, Place>();
  #settling: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly levels: Levels,
  ) {}

  onModuleInit(): void {
    this.#looking = setInterval(() => void this.#look(), LOOK).unref();
  }

  /** Ends the location at hand; what is left is settled after the next start. */
  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#looking);
    await this.#settling;
  }

  /** Says that something moved at a location, and has been committed. */
  wake(place: Place): void {
    this.#due.set(place.locationId, place);
    this.#settling ??= this.#settle().finally(() => (this.#settling = undefined));
  }

  async #look(): Promise<void> {
    try {
      for (const place of await unsettledPlaces(this.worker)) this.wake(place);
    } catch (err) {
      if (!this.#stopped) this.log.warn({ err }, 'could not look for movements to settle; the next look will');
    }
  }

  async #settle(): Promise<void> {
    for (const [locationId, place] of this.#due) {
      if (this.#stopped) return;
      this.#due.delete(locationId);
      try {
        await inTransaction(this.db, place.organizationId, (tx) => this.levels.settle(tx, place));
      } catch (err) {
        this.log.warn({ err, locationId }, 'could not settle a location; the next look does it again');
      }
    }
  }
}

const LOOK = 1_000;
