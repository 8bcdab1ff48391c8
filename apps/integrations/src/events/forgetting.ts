import type { Logger } from '@comanda/events';
import { asWorker, LOGGER, type Tx, WORKER_DATABASE } from '@comanda/platform';
import { Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';

/** Deletes events, with their deliveries, that are older than they are kept: a few at a time, so that nobody waits. */
@Injectable()
export class Forgetting extends Sweeper {
  constructor(
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) log: Logger,
  ) {
    super(HOUR, 'could not delete old webhook events; the next hour will', log);
  }

  async sweep(): Promise<void> {
    while (!this.stopping && (await asWorker(this.worker, forgetSome)) === SOME);
  }
}

async function forgetSome(tx: Tx): Promise<number> {
  const rows = await tx.sql<unknown[]>`
    with old as (
      select organization_id, id from webhook_events where kept_at < now() - ${KEPT}::interval order by kept_at limit ${SOME}),
    gone as (
      delete from webhook_events v using old where v.organization_id = old.organization_id and v.id = old.id returning 1)
    select 1 from gone`;
  return rows.length;
}

const KEPT = '30 days';
const SOME = 1_000;
const HOUR = 3_600_000;
