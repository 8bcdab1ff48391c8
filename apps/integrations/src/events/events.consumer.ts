import { type Envelope, type EventDefinition, WEBHOOK_EVENTS } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import { onCommit, type Tx } from '@comanda/platform';
import { IDENTITY_EVENTS, IdentityNews } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { Courier } from '../deliveries/courier.js';
import { hasEndpoints, isPublic, keepEvents, toKept } from './events.store.js';

/** What this service has handlers of, besides what every service hears of identity. */
export const HEARD: readonly EventDefinition[] = WEBHOOK_EVENTS.filter((event) => !IDENTITY_EVENTS.includes(event));

/** Puts what happens on its way to whoever asked to be told. It only writes: nobody is called while events are taken. */
@Controller()
export class EventsConsumer {
  constructor(
    private readonly courier: Courier,
    identity: IdentityNews,
  ) {
    identity.follow((events, tx) => this.keep(events, tx));
  }

  @Consumes(...HEARD)
  async keep(@Events() events: readonly Envelope[], @InTx() tx: Tx): Promise<void> {
    const news = events.filter(isPublic);
    const [first] = news;
    if (!first || !(await hasEndpoints(tx, first.organizationId))) return;
    const made = await keepEvents(tx, first.organizationId, news.map(toKept));
    if (made > 0) onCommit(tx, () => this.courier.wake());
  }
}
