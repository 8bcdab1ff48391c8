import { LocationPolicies } from '@comanda/contracts';
import { inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { KnownLocations, Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { write } from '../changes.js';
import { growing, isOutgrown } from './tab.js';
import { lockTab, type Outgrown, outgrownTabs } from './tabs.store.js';

/**
 * Has more held for tabs that outgrow what their cards hold. It only writes down what is to be asked: the resolver asks, and
 * asks again where nobody answers. Any number of processes may do so; the bill's lock lets one of them ask.
 */
@Injectable()
export class Tabs extends Sweeper {
  constructor(
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
    @Inject(LOGGER) log: Logger,
  ) {
    super(INTERVAL_MS, 'tabs could not be looked at', log);
  }

  async sweep(): Promise<void> {
    for (const tab of await outgrownTabs(this.worker)) await this.#see(tab);
  }

  async #see(tab: Outgrown): Promise<void> {
    const { organizationId, checkId, locationId } = tab;
    try {
      const { policies } = await this.locations.get(organizationId, locationId);
      const { growthRate } = LocationPolicies.parse(policies ?? {}).tabs;
      if (!isOutgrown(tab, growthRate)) return;
      await inTransaction(this.db, organizationId, async (tx) => {
        const { bill, cards } = await lockTab(tx, checkId);
        const attempt = bill && growing(bill, cards, growthRate);
        if (attempt) await write(tx, [{ newAttempts: [attempt] }]);
      });
    } catch (error) {
      this.log.warn({ err: error, checkId }, 'more could not be asked for a tab');
    }
  }
}

const INTERVAL_MS = 5_000;
