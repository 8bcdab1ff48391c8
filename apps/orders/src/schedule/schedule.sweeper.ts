import type { Logger } from '@comanda/events';
import { asWorker, inTransaction, LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
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
export class ScheduleSweeper extends Sweeper {
  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(LOGGER) log: Logger,
    private readonly orders: Orders,
  ) {
    super(LOOK, 'cannot see which orders are due; looking again', log);
  }

  async sweep(): Promise<void> {
    // Many that are due at once do not wait for the next look; those that could not be fired do.
    while (!this.stopping && (await this.#fireSome()) === AT_ONCE);
  }

  /** How many of those that are due were fired. */
  async #fireSome(): Promise<number> {
    let fired = 0;
    for (const each of await asWorker(this.worker, (tx) => findDue(tx, AT_ONCE)))
      if (!this.stopping && (await this.#fire(each))) fired += 1;
    return fired;
  }

  /** What has no station goes to the kitchen all the same: a promise is kept, and what is on the menu is mended later. */
  async #fire({ orderId, organizationId }: Due): Promise<boolean> {
    try {
      await inTransaction(this.db, organizationId, async (tx) => {
        const order = (await lockOrders(tx, [orderId])).get(orderId) as KeptOrder;
        if (!(await stopWaiting(tx, orderId)) || ORDER_TRANSITIONS[order.facts.status].fire === null) return;
        const change = fire(order);
        if (change) await this.orders.keep(tx, order, change);
      });
      return true;
    } catch (err) {
      this.log.warn({ err, orderId }, 'a scheduled order could not be fired; it is tried again');
      return false;
    }
  }
}

/** Milliseconds between two looks. */
const LOOK = 1_000;
const AT_ONCE = 50;
