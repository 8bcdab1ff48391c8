import { asWorker, inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { organizationsDue, returnDue } from './availability.store.js';
import { tellChanged } from './change-availability.js';

/**
 * Puts back on sale what was to come back, and tells everybody. Whoever sells goes by his own clock and does not wait
 * for it; it is for those who only listen.
 */
@Injectable()
export class AvailabilitySweeper extends Sweeper {
  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) log: Logger,
  ) {
    super(EVERY, 'what was to come back on sale waits for the next sweep', log);
  }

  async sweep(): Promise<void> {
    for (const organizationId of await asWorker(this.worker, organizationsDue))
      await inTransaction(this.db, organizationId, async (tx) => tellChanged(tx, await returnDue(tx)));
  }
}

const EVERY = 500;
