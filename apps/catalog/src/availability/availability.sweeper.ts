import { pause } from '@comanda/events';
import { asWorker, inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { organizationsDue, returnDue } from './availability.store.js';
import { tellChanged } from './change-availability.js';

/**
 * Puts back on sale what was to come back, and tells everybody. Whoever sells goes by his own clock and does not wait
 * for it; it is for those who only listen.
 */
@Injectable()
export class AvailabilitySweeper implements OnModuleInit, OnModuleDestroy {
  readonly #stopped = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.#running = this.#run();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (await pause(EVERY, this.#stopped.signal)) await this.#sweep();
  }

  async #sweep(): Promise<void> {
    try {
      for (const organizationId of await asWorker(this.worker, organizationsDue))
        await inTransaction(this.db, organizationId, async (tx) => tellChanged(tx, await returnDue(tx)));
    } catch (error) {
      this.log.warn({ err: error }, 'what was to come back on sale waits for the next sweep');
    }
  }
}

const EVERY = 500;
