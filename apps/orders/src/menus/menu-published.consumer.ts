import { type Envelope, MenuPublished } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import { onCommit, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { MenuFetcher } from './menu-fetcher.js';
import { Menus } from './menus.js';
import { want } from './published-menu.store.js';

/** Notes which menus there are; their bodies are fetched after the commit, for the event says only their hash. */
@Controller()
export class MenuPublishedConsumer {
  constructor(
    private readonly fetcher: MenuFetcher,
    private readonly menus: Menus,
  ) {}

  @Consumes(MenuPublished)
  async published(@Events() events: readonly Envelope<typeof MenuPublished>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) await want(tx, event);
    onCommit(tx, () => {
      // A menu that was here before may be on sale again, with nothing to fetch.
      for (const { data } of events) this.menus.forget(data.locationId);
      this.fetcher.wake();
    });
  }
}
