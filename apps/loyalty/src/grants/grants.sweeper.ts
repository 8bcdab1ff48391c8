import type { Logger } from '@comanda/events';
import { inTransaction, LOGGER, type Tx, WORKER_DATABASE } from '@comanda/platform';
import { Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { book } from '../points/book.js';
import { giveBackUses, organizationsDue, releaseDue } from './grants.store.js';

/** Gives back what was reserved for orders that never came: points to customers, uses to coupons. */
@Injectable()
export class GrantsSweeper extends Sweeper {
  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) log: Logger,
  ) {
    super(EVERY, 'what was reserved and never used waits for the next sweep', log);
  }

  async sweep(): Promise<void> {
    for (const organizationId of await organizationsDue(this.worker))
      await inTransaction(this.db, organizationId, (tx) => release(tx, organizationId));
  }
}

async function release(tx: Tx, organizationId: string): Promise<void> {
  const released = await releaseDue(tx, organizationId);
  const moves = released.flatMap(({ kind, customerId, orderId, points }) =>
    kind === 'reward' && customerId !== null
      ? [
          {
            customerId,
            kind: 'reverse' as const,
            points,
            orderId,
            paymentId: null,
            reason: NEVER_USED,
            occurredAt: new Date(),
          },
        ]
      : [],
  );
  await book(tx, organizationId, moves);
  const coupons = released.flatMap(({ kind, offerId }) => (kind === 'coupon' ? [offerId] : []));
  if (coupons.length > 0) await giveBackUses(tx, organizationId, coupons);
}

const NEVER_USED = 'Reserved and not used';
const EVERY = 1_000;
