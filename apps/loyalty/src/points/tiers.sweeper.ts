import type { Logger } from '@comanda/events';
import { inTransaction, LOGGER, type Tx, WORKER_DATABASE } from '@comanda/platform';
import { Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { lookAtTiers } from './book.js';

/** Looks once a day at who has a tier: what counted falls out of the period while nothing happens. */
@Injectable()
export class TiersSweeper extends Sweeper {
  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) log: Logger,
  ) {
    super(EVERY, 'tiers that are due wait for the next sweep', log);
  }

  async sweep(): Promise<void> {
    for (const organizationId of await organizationsDue(this.worker))
      await inTransaction(this.db, organizationId, async (tx) =>
        lookAtTiers(tx, organizationId, await customersDue(tx, organizationId)),
      );
  }
}

async function organizationsDue(worker: DataSource): Promise<string[]> {
  const rows = await worker.sql<{ id: string }[]>`
    select distinct organization_id as id from customers
    where tier is not null and tier_checked_at < now() - interval '1 day'`;
  return rows.map(({ id }) => id);
}

async function customersDue(tx: Tx, organizationId: string): Promise<string[]> {
  const rows = await tx.sql<{ id: string }[]>`
    select id from customers
    where organization_id = ${organizationId} and tier is not null and tier_checked_at < now() - interval '1 day'
    order by tier_checked_at limit 500`;
  return rows.map(({ id }) => id);
}

const EVERY = 1_000;
