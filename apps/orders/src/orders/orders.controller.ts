import {
  type Check,
  ListOrders,
  type Order,
  PlaceOrder,
  type Quote,
  QuoteOrder,
  ReadCheck,
  ReadOrder,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type Caller,
  type CallOf,
  Endpoint,
  inTransaction,
  pageOf,
  positionOf,
  Refusal,
  requireLocation,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { policiesOf } from '../approvals/approvals.js';
import { Bills } from '../checks/bills.js';
import { displayed } from '../checks/displayed.js';
import { Grants } from '../grants/grants.js';
import { listOrders, readOrder } from './order.store.js';
import { Orders } from './orders.js';
import { Placements } from './placements.js';

@Controller()
export class OrdersController {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
    private readonly orders: Orders,
    private readonly placements: Placements,
    private readonly bills: Bills,
    private readonly grants: Grants,
  ) {}

  @Endpoint(QuoteOrder)
  async quote(@Call() { caller, body, query }: CallOf<typeof QuoteOrder>): Promise<Quote> {
    this.grants.require(body.discounts, caller);
    const location = await this.locations.get(caller.organizationId, body.locationId);
    const quoted = await inTransaction(this.db, caller.organizationId, (tx) =>
      this.orders.quote(tx, caller, location, body),
    );
    const shown = { total: quoted.totals.total, paid: [] };
    return { ...quoted, ...(await displayed(query.displayCurrency, shown, () => policiesOf(location))) };
  }

  @Endpoint(PlaceOrder)
  place(@Call() call: CallOf<typeof PlaceOrder>): Promise<Answer<Order>> {
    return this.placements.place(call);
  }

  @Endpoint(ListOrders)
  list(@Call() { caller, query }: CallOf<typeof ListOrders>): Promise<{ data: Order[]; nextCursor: string | null }> {
    const { limit, cursor, ...filter } = query;
    const after = positionOf(cursor, Position);
    const visible = visibleLocations(caller, query.locationId);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const rows = await listOrders(tx, { ...filter, visible }, after, limit + 1);
      return pageOf(
        rows,
        limit,
        ({ facts }) => [facts.occurredAt, facts.id],
        (order) => this.bills.answer(order),
      );
    });
  }

  @Endpoint(ReadOrder)
  read(@Call() { caller, params, query }: CallOf<typeof ReadOrder>): Promise<Order> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const order = await readOrder(tx, params.orderId);
      requireLocation(caller, order.facts.locationId);
      const { totals, checks } = order.facts;
      const shown = { total: totals.total, paid: checks.map(({ paid }) => paid) };
      const policies = () => this.orders.policies(tx, order);
      return { ...this.bills.answer(order), ...(await displayed(query.displayCurrency, shown, policies)) };
    });
  }

  @Endpoint(ReadCheck)
  check(@Call() { caller, params, query }: CallOf<typeof ReadCheck>): Promise<Check> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const order = await readOrder(tx, params.orderId);
      requireLocation(caller, order.facts.locationId);
      const check = this.bills.answer(order).checks.find(({ id }) => id === params.checkId);
      if (!check) throw new Refusal('not_found', 'The order has no such check.');
      const shown = { total: check.totals.total, paid: [check.paid] };
      const policies = () => this.orders.policies(tx, order);
      return { ...check, ...(await displayed(query.displayCurrency, shown, policies)) };
    });
  }
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

/**
 * The locations a caller may see in a list; `null` for every one.
 * @throws Refusal `location_forbidden` when the one asked for is not among them
 */
export function visibleLocations(caller: Caller, asked: string | undefined): string[] | null {
  if (asked !== undefined) requireLocation(caller, asked);
  return caller.locations && [...caller.locations];
}
