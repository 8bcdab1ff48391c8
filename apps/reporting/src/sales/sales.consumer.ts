import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepSales, SALES_NEWS, type SalesNews } from './sales.store.js';

@Controller()
export class SalesConsumer {
  /** What is heard of orders, as reports need it. */
  @Consumes(...SALES_NEWS)
  async keep(@Events() events: readonly SalesNews[], @InTx() tx: Tx): Promise<void> {
    await keepSales(tx, events[0]?.organizationId ?? '', events);
  }
}
