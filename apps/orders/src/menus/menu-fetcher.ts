import { asWorker, inTransaction, LOGGER, onCommit, WORKER_DATABASE } from '@comanda/platform';
import { Bell, type Logger } from '@comanda/events';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogClient } from './catalog-client.js';
import { Menus } from './menus.js';
import { claimWanted, keepMenu, type Wanted } from './published-menu.store.js';

/**
 * Fetches in the background what locations have published. While catalog is away the last menu is sold from, and what is
 * wanted is tried again until it is here.
 */
@Injectable()
export class MenuFetcher implements OnModuleInit, OnModuleDestroy {
  readonly #bell = new Bell();
  readonly #leaving = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly catalog: CatalogClient,
    private readonly menus: Menus,
  ) {}

  onModuleInit(): void {
    this.#running = this.#run(this.#leaving.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.#leaving.abort();
    await this.#running;
  }

  /** Says that something new is wanted. */
  wake(): void {
    this.#bell.ring();
  }

  async #run(leaving: AbortSignal): Promise<void> {
    while (!leaving.aborted) {
      const wanted = await this.#claim();
      await Promise.all(wanted.map((each) => this.#fetch(each, leaving)));
      if (wanted.length === 0) await this.#bell.wait(LOOK, leaving);
    }
  }

  async #claim(): Promise<Wanted[]> {
    try {
      return await asWorker(this.worker, (tx) => claimWanted(tx, this.catalog.answers ? AT_ONCE : 1));
    } catch (err) {
      this.log.warn({ err }, 'cannot see which menus are wanted; looking again');
      return [];
    }
  }

  async #fetch(wanted: Wanted, leaving: AbortSignal): Promise<void> {
    const { organizationId, locationId, hash } = wanted;
    try {
      const menu = await this.catalog.menu(wanted, leaving);
      await inTransaction(this.db, organizationId, async (tx) => {
        await keepMenu(tx, wanted, menu);
        onCommit(tx, () => this.menus.forget(locationId));
      });
      this.log.info({ locationId, hash }, 'a menu has arrived');
    } catch (err) {
      if (!leaving.aborted) this.log.warn({ err, locationId, hash }, 'a menu could not be fetched; it is tried again');
    }
  }
}

/** Milliseconds between two looks without being woken. */
const LOOK = 1_000;
const AT_ONCE = 8;
