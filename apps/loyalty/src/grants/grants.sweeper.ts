import { type Logger, pause } from '@comanda/events';
import { inTransaction, LOGGER, type Tx, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { book } from '../points/book.js';
import { giveBackUses, organizationsDue, releaseDue } from './grants.store.js';

/** Gives back what was reserved for orders that never came: points to customers, uses to coupons. */
@Injectable()
export class GrantsSweeper implements OnModuleInit, OnModuleDestroy {
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.#running = this.#run();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (await pause(EVERY, this.#stopping.signal)) await this.#sweep();
  }

  async #sweep(): Promise<void> {
    try {
      for (const organizationId of await organizationsDue(this.worker))
        await inTransaction(this.db, organizationId, (tx) => release(tx, organizationId));
    } catch (err) {
      this.log.warn({ err }, 'what was reserved and never used waits for the next sweep');
    }
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
