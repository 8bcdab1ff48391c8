import { type Order, SplitOrder, UnsplitOrder } from '@comanda/contracts';
import { type Answer, Call, type CallOf, Endpoint, idempotently, requireVersion } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Bills } from '../checks/bills.js';
import type { Change, KeptOrder } from '../orders/order.js';
import { Orders } from '../orders/orders.js';
import { split, unsplit } from './split.js';

@Controller()
export class SplitsController {
  constructor(
    private readonly db: DataSource,
    private readonly orders: Orders,
    private readonly bills: Bills,
  ) {}

  @Endpoint(SplitOrder)
  split(@Call() call: CallOf<typeof SplitOrder>): Promise<Answer<Order>> {
    return this.#asSeen(call, (order) => split(order, call.body));
  }

  @Endpoint(UnsplitOrder)
  unsplit(@Call() call: CallOf<typeof UnsplitOrder>): Promise<Answer<Order>> {
    return this.#asSeen(call, unsplit);
  }

  /** A change of what somebody has seen: once for its key, of that version and no other. */
  #asSeen(
    call: CallOf<typeof SplitOrder> | CallOf<typeof UnsplitOrder>,
    decide: (order: KeptOrder) => Change | undefined,
  ): Promise<Answer<Order>> {
    return idempotently(this.db, call, (tx) =>
      this.orders.change(tx, call.caller, call.params.orderId, (order) => {
        requireVersion(call, this.bills.answer(order));
        return decide(order);
      }),
    );
  }
}
