import { type Envelope, OrderCancelled, OrderChanged, type OrderFacts, OrderPlaced } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import type { BillRow } from './bill.entity.js';
import { isUpToDate, restated } from './bill.js';
import { type Introduced, lockBills, readBills, saveTerms } from './bills.store.js';

type OrderNews = Envelope<typeof OrderPlaced | typeof OrderChanged | typeof OrderCancelled>;

/**
 * Keeps bills up with their checks. A bill that a guest has shown already is only overwritten by a newer one; most are as
 * new as the news, and those are neither locked nor written: guests are paying them at this moment.
 */
@Controller()
export class OrdersConsumer {
  @Consumes(OrderPlaced, OrderChanged, OrderCancelled)
  async keep(@Events() events: readonly OrderNews[], @InTx() tx: Tx): Promise<void> {
    const told = events.flatMap(({ organizationId, data }) => billsOf(organizationId, data));
    const news = Map.groupBy(told, ({ checkId }) => checkId);
    const known = await readBills(tx, [...news.keys()]);
    const changing = [...news].filter(([checkId, ofOne]) => {
      const bill = known.get(checkId);
      return bill === undefined || !isUpToDate(bill, ofOne);
    });
    const locked = await lockBills(
      tx,
      changing.flatMap(([, [first]]) => first ?? []),
    );
    const after = changing.flatMap(([checkId, ofOne]) => {
      const bill = locked.get(checkId);
      return bill === undefined || isUpToDate(bill, ofOne) ? [] : [ofOne.reduce<BillRow>(restated, bill)];
    });
    await saveTerms(tx, after);
  }
}

/** What the checks of an order come to; of a cancelled order, nothing. */
function billsOf(organizationId: string, order: OrderFacts): Introduced[] {
  const cancelled = order.status === 'cancelled';
  return order.checks.map(({ id, version, totals }) => ({
    organizationId,
    checkId: id,
    orderId: order.id,
    locationId: order.locationId,
    version,
    businessDate: order.businessDate,
    currency: order.currency,
    total: cancelled ? 0 : totals.total.amount,
    tax: cancelled ? 0 : totals.tax.amount,
  }));
}
