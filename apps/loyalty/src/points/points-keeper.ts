import type { Logger } from '@comanda/events';
import { inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { type Due, Keeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { bookNews } from './book-news.js';
import { organizationsWithNews } from './points.store.js';

/**
 * Books the points of what was heard. Events only note what they say: guests are locked here, all of a batch in one order,
 * and not by transactions that each hold some of them and would wait for one another.
 */
@Injectable()
export class PointsKeeper extends Keeper {
  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) log: Logger,
  ) {
    super('points', log);
  }

  async look(): Promise<Due[]> {
    return (await organizationsWithNews(this.worker)).map((organizationId) => ({ organizationId, places: [] }));
  }

  work(organizationId: string): Promise<boolean> {
    return inTransaction(this.db, organizationId, (tx) => bookNews(tx, organizationId));
  }
}
