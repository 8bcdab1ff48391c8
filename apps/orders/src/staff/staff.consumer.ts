import { type Envelope, StaffChanged } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepStaff } from './staff.store.js';

@Controller()
export class StaffConsumer {
  /** Keeps who works where, and as what, so that limits are known without asking identity. */
  @Consumes(StaffChanged)
  async keep(@Events() events: readonly Envelope<typeof StaffChanged>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) await keepStaff(tx, event);
  }
}
