import {
  type Envelope,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  OrderFired,
  OrderPlaced,
  OrderReady,
} from '@comanda/contracts';
import { Consumes, Event, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { keepOrder, leaveOrder } from './customer-orders.store.js';

/** Keeps the order history of those who are known. That an order was paid is heard in `points/`. */
@Controller()
export class CustomerOrdersConsumer {
  @Consumes(OrderPlaced)
  placed(@Event() event: Envelope<typeof OrderPlaced>, @InTx() tx: Tx): Promise<void> {
    return keepOrder(tx, event);
  }

  @Consumes(OrderChanged)
  changed(@Event() event: Envelope<typeof OrderChanged>, @InTx() tx: Tx): Promise<void> {
    const { organizationId, aggregateVersion: version, data: order } = event;
    if (order.customerId === null) return leaveOrder(tx, organizationId, { orderId: order.id, version });
    return keepOrder(tx, event);
  }

  @Consumes(OrderFired)
  fired(@Event() event: Envelope<typeof OrderFired>, @InTx() tx: Tx): Promise<void> {
    return keepOrder(tx, event);
  }

  @Consumes(OrderReady)
  ready(@Event() event: Envelope<typeof OrderReady>, @InTx() tx: Tx): Promise<void> {
    return keepOrder(tx, event);
  }

  @Consumes(OrderCompleted)
  completed(@Event() event: Envelope<typeof OrderCompleted>, @InTx() tx: Tx): Promise<void> {
    return keepOrder(tx, event);
  }

  @Consumes(OrderCancelled)
  cancelled(@Event() event: Envelope<typeof OrderCancelled>, @InTx() tx: Tx): Promise<void> {
    return keepOrder(tx, event);
  }
}
