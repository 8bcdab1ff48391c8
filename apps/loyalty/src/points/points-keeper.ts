import { type Logger, pause } from '@comanda/events';
import { inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { bookNews } from './book-news.js';
import { organizationsWithNews } from './points.store.js';

/**
 * Books the points of what was heard: at once when this process heard it and was not about to, within a second when
 * another did and died. Events only note what they say: guests are locked here, all of a batch in one order, and not by
 * transactions that each hold some of them and would wait for one another. The more is heard, the more of it shares a batch.
 */
@Injectable()
export class PointsKeeper implements OnModuleInit, OnModuleDestroy {
  readonly #due = new Set<string>();
  readonly #stopping = new AbortController();
  #booking: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;

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
    this.#stopping.abort();
    clearInterval(this.#looking);
    await this.#booking;
  }

  /** Says that something was heard of an organization's orders, and has been committed. */
  wake(organizationId: string): void {
    this.#due.add(organizationId);
    this.#booking ??= this.#bookDue();
  }

  async #look(): Promise<void> {
    try {
      for (const organizationId of await organizationsWithNews(this.worker)) this.wake(organizationId);
    } catch (err) {
      if (!this.#stopping.signal.aborted)
        this.log.warn({ err }, 'could not look for points to book; the next look will');
    }
  }

  async #bookDue(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#due.size > 0 && !signal.aborted) {
      const due = [...this.#due];
      this.#due.clear();
      for (const organizationId of due) if (!signal.aborted) await this.#book(organizationId);
      await pause(GATHER, signal);
    }
    this.#booking = undefined;
  }

  async #book(organizationId: string): Promise<void> {
    try {
      const more = await inTransaction(this.db, organizationId, (tx) => bookNews(tx, organizationId));
      if (more) this.#due.add(organizationId);
    } catch (err) {
      this.log.warn({ err, organizationId }, 'could not book points; the next look does it again');
    }
  }
}

const LOOK = 1_000;
/** Milliseconds after a booking in which news gathers for the next. */
const GATHER = 25;
