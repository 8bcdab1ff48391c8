import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepStock, STOCK_NEWS, type StockNews } from './stock.store.js';

@Controller()
export class StockConsumer {
  /** What came and went. */
  @Consumes(...STOCK_NEWS)
  async keep(@Events() events: readonly StockNews[], @InTx() tx: Tx): Promise<void> {
    await keepStock(tx, events[0]?.organizationId ?? '', events);
  }
}
