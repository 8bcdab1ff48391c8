import { Bell, type Logger } from '@comanda/events';
import { asWorker, inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { fire } from '../kitchen/fire.js';
import type { KeptOrder } from '../orders/order.js';
import { lockOrders } from '../orders/order.store.js';
import { Orders } from '../orders/orders.js';
import { ORDER_TRANSITIONS } from '../orders/transitions.js';
import { type Due, findDue, stopWaiting } from './schedule.store.js';

/**
 * Sends scheduled orders to the kitchen when their time has come. What is due is found in the database, so it outlives this
 * process; several processes may look, and each order is fired once, under its lock.
 */
@Injectable()
export class ScheduleSweeper implements OnModuleInit, OnModuleDestroy {
  readonly #bell = new Bell();
  readonly #leaving = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly orders: Orders,
  ) {}

  onModuleInit(): void {
    this.#running = this.#run(this.#leaving.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.#leaving.abort();
    await this.#running;
  }

  async #run(leaving: AbortSignal): Promise<void> {
    while (!leaving.aborted) {
      const due = await this.#find();
      for (const each of due) if (!leaving.aborted) await this.#fire(each);
      if (due.length < AT_ONCE) await this.#bell.wait(LOOK, leaving);
    }
  }

  async #find(): Promise<Due[]> {
    try {
      return await asWorker(this.worker, (tx) => findDue(tx, AT_ONCE));
    } catch (err) {
      this.log.warn({ err }, 'cannot see which orders are due; looking again');
      return [];
    }
  }

  /** What has no station goes to the kitchen all the same: a promise is kept, and what is on the menu is mended later. */
  async #fire({ orderId, organizationId }: Due): Promise<void> {
    try {
      await inTransaction(this.db, organizationId, async (tx) => {
        const order = (await lockOrders(tx, [orderId])).get(orderId) as KeptOrder;
        if (!(await stopWaiting(tx, orderId)) || ORDER_TRANSITIONS[order.facts.status].fire === null) return;
        const change = fire(order);
        if (change) await this.orders.keep(tx, order, change);
      });
    } catch (err) {
      this.log.warn({ err, orderId }, 'a scheduled order could not be fired; it is tried again');
    }
  }
}

/** Milliseconds between two looks. */
const LOOK = 1_000;
const AT_ONCE = 50;
