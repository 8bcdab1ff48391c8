import { type Envelope, ItemAvailabilityChanged } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import { onCommit, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { Availability } from './availability.js';
import { keepAvailability } from './availability.store.js';

/** Keeps what can be ordered, so that no order has to ask catalog. */
@Controller()
export class AvailabilityConsumer {
  constructor(private readonly availability: Availability) {}

  @Consumes(ItemAvailabilityChanged)
  async changed(@Events() events: readonly Envelope<typeof ItemAvailabilityChanged>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) {
      await keepAvailability(tx, event);
      onCommit(tx, () => this.availability.forget(event.data.locationId));
    }
  }
}
