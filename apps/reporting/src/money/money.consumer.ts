import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepMoney, MONEY_NEWS, type MoneyNews } from './money.store.js';

@Controller()
export class MoneyConsumer {
  /** What was posted to the ledger, and how and by whom it was taken. */
  @Consumes(...MONEY_NEWS)
  async keep(@Events() events: readonly MoneyNews[], @InTx() tx: Tx): Promise<void> {
    await keepMoney(tx, events[0]?.organizationId ?? '', events);
  }
}
