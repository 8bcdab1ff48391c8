import { type Order, PromiseOrder } from '@comanda/contracts';
import { type Answer, Call, type CallOf, Endpoint, idempotently } from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { policiesOf } from '../approvals/approvals.js';
import { Orders } from '../orders/orders.js';
import { repromise } from './promise.js';
import { keepPromise } from './promises.js';
import { giveUpPlace } from './schedule.store.js';

@Controller()
export class ScheduleController {
  constructor(
    private readonly db: DataSource,
    private readonly orders: Orders,
    private readonly locations: KnownLocations,
  ) {}

  /** The place of the old time is free before that of the new one is taken: an order may move within its own slot. */
  @Endpoint(PromiseOrder)
  promise(@Call() call: CallOf<typeof PromiseOrder>): Promise<Answer<Order>> {
    const { caller, params, body } = call;
    return idempotently(this.db, call, (tx) =>
      this.orders.change(tx, caller, params.orderId, async (order) => {
        const place = await this.locations.get(order.organizationId, order.facts.locationId, tx);
        const { scheduling } = policiesOf(place);
        const change = repromise(order, body.promisedAt, { place, scheduling, now: new Date() });
        if (!change) return undefined;
        await giveUpPlace(tx, order.facts.id);
        await keepPromise(tx, change.order, place, scheduling);
        return change;
      }),
    );
  }
}
