import type { Logger } from '@comanda/events';
import { inTransaction, LOGGER, type Tx, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { book } from './book.js';
import { movesOf } from './order-points.js';
import { factsOfNews, lockFacts, organizationsWithNews, saveStates } from './points.store.js';

/**
 * Books the points of what was heard: at once when this process heard it, within a second when another did and died.
 * Events only note what they say: guests are locked here, all of a batch in one order, and not by transactions that each
 * hold some of them and would wait for one another.
 */
@Injectable()
export class PointsKeeper implements OnModuleInit, OnModuleDestroy {
  readonly #due = new Set<string>();
  #booking: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.#looking = setInterval(() => void this.#look(), LOOK).unref();
  }

  /** Ends the batch at hand; what is left is booked after the next start. */
  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#looking);
    await this.#booking;
  }

  /** Says that something was heard of an organization's orders, and has been committed. */
  wake(organizationId: string): void {
    this.#due.add(organizationId);
    this.#booking ??= this.#book().finally(() => (this.#booking = undefined));
  }

  async #look(): Promise<void> {
    try {
      for (const organizationId of await organizationsWithNews(this.worker)) this.wake(organizationId);
    } catch (err) {
      if (!this.#stopped) this.log.warn({ err }, 'could not look for points to book; the next look will');
    }
  }

  async #book(): Promise<void> {
    for (const organizationId of this.#due) {
      if (this.#stopped) return;
      this.#due.delete(organizationId);
      try {
        const more = await inTransaction(this.db, organizationId, (tx) => bookNews(tx, organizationId));
        if (more) this.#due.add(organizationId);
      } catch (err) {
        this.log.warn({ err, organizationId }, 'could not book points; the next look does it again');
      }
    }
  }
}

const LOOK = 1_000;
const BATCH = 500;

/**
 * Books what is new of an organization's orders.
 * @returns whether there may be more
 */
async function bookNews(tx: Tx, organizationId: string): Promise<boolean> {
  // Sent together; the second waits for the lock, and sees what is committed when it has it.
  const [, facts] = await Promise.all([lockFacts(tx, organizationId), factsOfNews(tx, organizationId, BATCH)]);
  if (facts.length === 0) return false;
  const orders = [...Map.groupBy(facts, ({ orderId }) => orderId).values()].map((ofOne) => ({
    facts: ofOne,
    ...movesOf(ofOne),
  }));
  await book(
    tx,
    organizationId,
    orders.flatMap(({ moves }) => moves),
  );
  const states = orders.flatMap(({ facts: ofOne, state }) => ofOne.map(({ factId }) => ({ factId, state })));
  await saveStates(tx, organizationId, states);
  return facts.filter(({ state }) => state === 'new').length >= BATCH;
}
