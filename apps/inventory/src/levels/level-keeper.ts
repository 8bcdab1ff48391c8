import type { Logger } from '@comanda/events';
import { inTransaction, isInfrastructure, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { type Due, Keeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { unsettledPlaces } from './levels.store.js';
import { Levels } from './levels.service.js';

/** Settles the levels that orders have moved: all locations of an organization together. */
@Injectable()
export class LevelKeeper extends Keeper {
  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) log: Logger,
    private readonly levels: Levels,
  ) {
    super('levels', log);
  }

  look(): Promise<Due[]> {
    return unsettledPlaces(this.worker);
  }

  async work(organizationId: string, locationIds: readonly string[]): Promise<false> {
    try {
      await inTransaction(this.db, organizationId, (tx) => this.levels.settle(tx, organizationId, locationIds));
    } catch (err) {
      if (locationIds.length <= 1 || isInfrastructure(err)) throw err;
      // A location that cannot be settled keeps no other from it.
      for (const locationId of locationIds)
        await this.work(organizationId, [locationId]).catch((one: unknown) =>
          this.log.warn({ err: one, locationId }, 'could not settle a location; the next look does it again'),
        );
    }
    return false;
  }
}
