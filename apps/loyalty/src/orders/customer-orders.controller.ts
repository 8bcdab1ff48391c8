import { type CustomerOrder, ListCustomerOrders } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOfRows } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findCustomer } from '../customers/customers.js';
import { CustomerOrderRow } from './customer-order.entity.js';

@Controller()
export class CustomerOrdersController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListCustomerOrders)
  list(@Call() { caller, params: { customerId }, query }: CallOf<typeof ListCustomerOrders>) {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      await findCustomer(tx, caller.organizationId, customerId);
      const rows = tx
        .createQueryBuilder(CustomerOrderRow, 'kept')
        .where('kept.customerId = :customerId', { customerId });
      return pageOfRows(rows, query, { by: 'occurredAt', id: 'orderId', newestFirst: true }, toCustomerOrder);
    });
  }
}

/** An order as its customer's history shows it. */
export function toCustomerOrder(row: CustomerOrderRow): CustomerOrder {
  const { organizationId: _, customerId: __, version: ___, currency, totalMinor, occurredAt, ...fields } = row;
  return { ...fields, total: { amount: totalMinor, currency }, occurredAt: occurredAt.toISOString() };
}
