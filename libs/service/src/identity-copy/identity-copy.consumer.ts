import { type Envelope, KeyChanged, LocationChanged, OrganizationChanged } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import { Credentials, onCommit, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepKey, keepLocation, keepOrganization } from './identity-copy.store.js';
import { IdentityNews } from './identity-news.js';
import { KnownLocations } from './known-locations.js';

/** Keeps this service's copy of organizations, locations and keys, so that no request has to ask identity. */
@Controller()
export class IdentityCopyConsumer {
  constructor(
    private readonly credentials: Credentials,
    private readonly locations: KnownLocations,
    private readonly news: IdentityNews,
  ) {}

  @Consumes(OrganizationChanged)
  async organization(@Events() events: readonly Envelope<typeof OrganizationChanged>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) await keepOrganization(tx, event);
    await this.news.tell(events, tx);
  }

  @Consumes(LocationChanged)
  async location(@Events() events: readonly Envelope<typeof LocationChanged>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) {
      await keepLocation(tx, event);
      onCommit(tx, () => this.locations.forget(event.organizationId, event.data.locationId));
    }
    await this.news.tell(events, tx);
  }

  @Consumes(KeyChanged)
  async key(@Events() events: readonly Envelope<typeof KeyChanged>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) {
      await keepKey(tx, event);
      onCommit(tx, () => this.credentials.forget(event.data.keyId));
    }
    await this.news.tell(events, tx);
  }
}
