import { type Envelope, OrderCancelled, OrderChanged, type OrderFacts, OrderPlaced } from '@comanda/contracts';
import { Consumes, Event, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import type { BillRow } from './bill.entity.js';
import { restated } from './bill.js';
import { type Introduced, lockBills, saveTerms } from './bills.store.js';

/** Keeps bills up with their checks. A bill that a guest has shown already is only overwritten by a newer one. */
@Controller()
export class OrdersConsumer {
  @Consumes(OrderPlaced)
  placed(@Event() event: Envelope<typeof OrderPlaced>, @InTx() tx: Tx): Promise<void> {
    return keepBills(tx, event);
  }

  @Consumes(OrderChanged)
  changed(@Event() event: Envelope<typeof OrderChanged>, @InTx() tx: Tx): Promise<void> {
    return keepBills(tx, event);
  }

  @Consumes(OrderCancelled)
  cancelled(@Event() event: Envelope<typeof OrderCancelled>, @InTx() tx: Tx): Promise<void> {
    return keepBills(tx, event);
  }
}

async function keepBills(
  tx: Tx,
  { organizationId, data }: { organizationId: string; data: OrderFacts },
): Promise<void> {
  const news = new Map(billsOf(organizationId, data).map((bill) => [bill.checkId, bill]));
  const known = await lockBills(tx, [...news.values()]);
  const after = known.map((bill): BillRow => restated(bill, news.get(bill.checkId) ?? bill));
  await saveTerms(tx, after);
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
