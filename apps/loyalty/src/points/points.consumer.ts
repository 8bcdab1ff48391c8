import { type Envelope, PaymentRefunded } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import { onCommit, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { PointsKeeper } from './points-keeper.js';
import { noteRefunds } from './points.store.js';

/** A refund takes its share of the points back, whether it is heard of before the payment or after. */
@Controller()
export class PointsConsumer {
  constructor(private readonly keeper: PointsKeeper) {}

  @Consumes(PaymentRefunded)
  async refunded(@Events() events: readonly Envelope<typeof PaymentRefunded>[], @InTx() tx: Tx): Promise<void> {
    // What was put on a gift card or a house account earned nothing: it was of no order.
    const ours = events.filter(({ data }) => data.account?.loaded !== true);
    const [first] = ours;
    if (!first) return;
    const { organizationId } = first;
    const due = await noteRefunds(
      tx,
      organizationId,
      ours.map(({ data }) => data),
    );
    if (due) onCommit(tx, () => this.keeper.wake(organizationId));
  }
}
