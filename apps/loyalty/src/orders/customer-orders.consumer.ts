import {
  type Envelope,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  OrderFired,
  OrderPaid,
  OrderPlaced,
  OrderReady,
} from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import { onCommit, together, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { grantUsesIn, noteGrants } from '../grants/grants.store.js';
import { PointsKeeper } from '../points/points-keeper.js';
import { notePaid } from '../points/points.store.js';
import { keepOrders } from './customer-orders.store.js';

/**
 * Keeps the order history of those who are known, and notes what earns them points. One method for all that is heard of
 * orders: what arrives together is two statements, one more where there are coupons or rewards, and nothing at all where
 * nobody is known and nothing was granted.
 */
@Controller()
export class CustomerOrdersConsumer {
  constructor(private readonly keeper: PointsKeeper) {}

  @Consumes(OrderPlaced, OrderChanged, OrderFired, OrderReady, OrderCompleted, OrderCancelled, OrderPaid)
  async keep(@Events() events: readonly OrderNews[], @InTx() tx: Tx): Promise<void> {
    const news = events.filter(isSomebodys);
    const uses = grantUsesIn(newestOf(events));
    const [first] = events;
    if (!first || news.length + uses.length === 0) return;
    const { organizationId } = first;
    const rewarded = uses.length > 0 && (await noteGrants(tx, organizationId, uses));
    const paid = news.filter((event) => event.type === OrderPaid.type);
    await together(keepOrders(tx, organizationId, newestOf(news)), notePaid(tx, organizationId, paid));
    if (paid.length > 0 || rewarded) onCommit(tx, () => this.keeper.wake(organizationId));
  }
}

type OrderNews = Envelope<
  | typeof OrderPlaced
  | typeof OrderChanged
  | typeof OrderFired
  | typeof OrderReady
  | typeof OrderCompleted
  | typeof OrderCancelled
  | typeof OrderPaid
>;

/** Only a change can make somebody's order nobody's; what else is heard of an order of nobody says nothing new. */
const isSomebodys = ({ type, data }: OrderNews): boolean => data.customerId !== null || type === OrderChanged.type;

/** Each order as it stands after the last of its events. */
function newestOf(events: readonly OrderNews[]): OrderNews[] {
  const newest = new Map<string, OrderNews>();
  for (const event of events) {
    const known = newest.get(event.data.id);
    if (!known || known.aggregateVersion < event.aggregateVersion) newest.set(event.data.id, event);
  }
  return [...newest.values()];
}
