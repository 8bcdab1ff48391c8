import { type CustomerOrder, ListCustomerOrders } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { lockCustomer } from '../customers/customers.js';
import { CustomerOrderRow } from './customer-order.entity.js';

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

@Controller()
export class CustomerOrdersController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListCustomerOrders)
  list(@Call() { caller, params: { customerId }, query: { limit, cursor } }: CallOf<typeof ListCustomerOrders>) {
    const before = positionOf(cursor, Position);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      await lockCustomer(tx, caller.organizationId, customerId);
      const rows = tx
        .createQueryBuilder(CustomerOrderRow, 'entry')
        .where('entry.customerId = :customerId', { customerId })
        .orderBy('entry.occurredAt', 'DESC')
        .addOrderBy('entry.orderId', 'DESC')
        .limit(limit + 1);
      if (before) rows.andWhere('(entry.occurredAt, entry.orderId) < (:at, :id)', { at: before[0], id: before[1] });
      return pageOf(
        await rows.getMany(),
        limit,
        ({ occurredAt, orderId }) => [occurredAt.toISOString(), orderId],
        toCustomerOrder,
      );
    });
  }
}

const toCustomerOrder = ({
  orderId,
  locationId,
  number,
  businessDate,
  status,
  paymentStatus,
  currency,
  totalMinor,
  occurredAt,
}: CustomerOrderRow): CustomerOrder => ({
  orderId,
  locationId,
  number,
  businessDate,
  status,
  paymentStatus,
  total: { amount: Number(totalMinor), currency },
  occurredAt: occurredAt.toISOString(),
});
