import {
  type Envelope,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  OrderFired,
  OrderPlaced,
  OrderReady,
} from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepOrder, leaveOrder } from './customer-orders.store.js';

/** Keeps the order history of those who are known. That an order was paid is heard in `points/`. */
@Controller()
export class CustomerOrdersConsumer {
  @Consumes(OrderPlaced, OrderChanged, OrderFired, OrderReady, OrderCompleted, OrderCancelled)
  async keep(@Events() events: readonly OrderNews[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) {
      const { organizationId, aggregateVersion: version, type, data: order } = event;
      if (type === OrderChanged.type && order.customerId === null)
        await leaveOrder(tx, organizationId, { orderId: order.id, version });
      else await keepOrder(tx, event);
    }
  }
}

type OrderNews = Envelope<
  | typeof OrderPlaced
  | typeof OrderChanged
  | typeof OrderFired
  | typeof OrderReady
  | typeof OrderCompleted
  | typeof OrderCancelled
>;
