import { type CustomerOrder, ListCustomerOrders } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { findCustomer } from '../customers/customers.js';
import { CustomerOrderRow } from './customer-order.entity.js';

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

@Controller()
export class CustomerOrdersController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListCustomerOrders)
  list(@Call() { caller, params: { customerId }, query: { limit, cursor } }: CallOf<typeof ListCustomerOrders>) {
    const before = positionOf(cursor, Position);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      await findCustomer(tx, caller.organizationId, customerId);
      const rows = tx
        .createQueryBuilder(CustomerOrderRow, 'kept')
        .where('kept.customerId = :customerId', { customerId })
        .orderBy('kept.occurredAt', 'DESC')
        .addOrderBy('kept.orderId', 'DESC')
        .limit(limit + 1);
      if (before) rows.andWhere('(kept.occurredAt, kept.orderId) < (:at, :id)', { at: before[0], id: before[1] });
      return pageOf(
        await rows.getMany(),
        limit,
        ({ occurredAt, orderId }) => [occurredAt.toISOString(), orderId],
        toCustomerOrder,
      );
    });
  }
}

function toCustomerOrder(row: CustomerOrderRow): CustomerOrder {
  const { organizationId: _, customerId: __, version: ___, currency, totalMinor, occurredAt, ...fields } = row;
  return { ...fields, total: { amount: totalMinor, currency }, occurredAt: occurredAt.toISOString() };
}
