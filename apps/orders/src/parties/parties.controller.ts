import { MergeOrders, type Order, type Party, ReadParty, UnmergeOrders } from '@comanda/contracts';
import {
  type Answer,
  Call,
  type Caller,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  requireLocation,
  type Tx,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Bills } from '../checks/bills.js';
import type { KeptOrder } from '../orders/order.js';
import { lockOrders, readOrder, readOrders } from '../orders/order.store.js';
import { Orders } from '../orders/orders.js';
import { combined, merge, partyOf, unmerge } from './party.js';

@Controller()
export class PartiesController {
  constructor(
    private readonly db: DataSource,
    private readonly orders: Orders,
    private readonly bills: Bills,
  ) {}

  @Endpoint(ReadParty)
  read(@Call() { caller, params }: CallOf<typeof ReadParty>): Promise<Party> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const order = await readOrder(tx, params.orderId);
      requireLocation(caller, order.facts.locationId);
      return this.#answer(await readOrders(tx, partyOf(order)), partyOf(order));
    });
  }

  @Endpoint(MergeOrders)
  merge(@Call() call: CallOf<typeof MergeOrders>): Promise<Answer<Party>> {
    const { caller, params, body } = call;
    return idempotently(this.db, call, async (tx) => {
      const orders = await lockParties(tx, caller, [params.orderId, ...body.orderIds]);
      await this.orders.keepAll(tx, orders, merge(orders));
      const ids = orders.map(({ facts }) => facts.id);
      const after = await readOrders(tx, ids);
      return this.#answer(after, partyOf(after.get(params.orderId) as KeptOrder));
    });
  }

  @Endpoint(UnmergeOrders)
  unmerge(@Call() call: CallOf<typeof UnmergeOrders>): Promise<Answer<{ orders: Order[] }>> {
    return idempotently(this.db, call, async (tx) => {
      const orders = await lockParties(tx, call.caller, [call.params.orderId]);
      return { orders: await this.orders.keepAll(tx, orders, unmerge) };
    });
  }

  #answer(orders: ReadonlyMap<string, KeptOrder>, party: readonly string[]): Party {
    const members = party.flatMap((id) => orders.get(id) ?? []);
    return combined(
      members,
      members.map((order) => this.bills.answer(order)),
    );
  }
}

/**
 * Locks orders and all that pay with them until the transaction ends. Who they are is read first, so that all are locked in the
 * order of their ids; what joined one of them in that moment is locked after.
 * @throws Refusal `not_found`, `location_forbidden`
 */
async function lockParties(tx: Tx, caller: Caller, ids: readonly string[]): Promise<KeptOrder[]> {
  const seen = [...(await readOrders(tx, ids)).values()];
  let wanted = [...new Set([...ids, ...seen.flatMap(partyOf)])];
  for (;;) {
    const orders = [...(await lockOrders(tx, wanted)).values()];
    for (const { facts } of orders) requireLocation(caller, facts.locationId);
    const all = [...new Set([...wanted, ...orders.flatMap(partyOf)])];
    if (all.length === wanted.length) return orders;
    wanted = all;
  }
}
