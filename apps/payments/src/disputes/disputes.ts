import { businessDate, inTransaction, lockRows, Refusal } from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { lockPaid } from '../bills/bills.store.js';
import { write } from '../changes.js';
import { PaymentEntity } from '../payments/payment.entity.js';
import type { Dispute as Told } from '../provider/payment-provider.js';
import { lost, opened, won } from './dispute.js';
import { DisputeEntity } from './dispute.entity.js';

/** Keeps what providers tell of disputes. */
@Injectable()
export class Disputes {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
  ) {}

  /**
   * Books what a provider says of a dispute, once, whether it says so twice, late, or in the wrong order: one that is
   * heard of when it is closed is opened and closed, and a closed one stays as it is.
   * @throws Refusal `not_found` while the payment is not known to have gone through the provider; it will tell again
   */
  async heard(organizationId: string, told: Told): Promise<void> {
    const payment = await inTransaction(this.db, organizationId, (tx) =>
      tx.findOneBy(PaymentEntity, { providerReference: told.authorization }),
    );
    if (payment?.status !== 'captured') throw new Refusal('not_found', 'There is no such payment yet.');
    const { timeZone, closingHour } = await this.locations.get(organizationId, payment.locationId);
    const at = (occurredAt: Date) => ({ occurredAt, businessDate: businessDate(occurredAt, timeZone, closingHour) });
    await inTransaction(this.db, organizationId, async (tx) => {
      const paid = await lockPaid(tx, payment);
      // Whoever holds the payment's lock has written its disputes.
      const known = (await lockRows(tx, DisputeEntity, 'providerReference', [told.id])).get(told.id);
      if (known && (known.status !== 'open' || told.status === 'open')) return;
      const open = known ? { dispute: known, payment: paid.payment } : opened(paid.payment, told, at(told.openedAt));
      if (!known && 'changes' in open) await write(tx, [open.changes]);
      if (told.status === 'open') return;
      const now = at(new Date());
      const closed =
        told.status === 'won' ? won(open.payment, open.dispute, now) : lost(open.payment, paid.bill, open.dispute, now);
      await write(tx, [closed.changes]);
    });
  }
}
