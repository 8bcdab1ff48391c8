import { type CustomerExport, ExportCustomer } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FeedbackRow } from '../feedback/feedback.entity.js';
import { Feedbacks } from '../feedback/feedbacks.js';
import { GrantRow } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import { CustomerOrderRow } from '../orders/customer-order.entity.js';
import { toCustomerOrder } from '../orders/customer-orders.controller.js';
import { toEntry } from '../points/points.controller.js';
import { PointsEntryRow } from '../points/points.entity.js';
import { Customers, findCustomer } from './customers.js';

@Controller()
export class ExportController {
  constructor(
    private readonly db: DataSource,
    private readonly customers: Customers,
    private readonly grants: Grants,
    private readonly feedbacks: Feedbacks,
  ) {}

  @Endpoint(ExportCustomer)
  export(@Call() { caller, params }: CallOf<typeof ExportCustomer>): Promise<CustomerExport> {
    const { organizationId } = caller;
    return inTransaction(this.db, organizationId, async (tx) => {
      const row = await findCustomer(tx, organizationId, params.customerId);
      const where = { organizationId, customerId: row.id };
      const points = await tx.find(PointsEntryRow, { where, order: { recordedAt: 'ASC', id: 'ASC' } });
      const orders = await tx.find(CustomerOrderRow, { where, order: { occurredAt: 'ASC', orderId: 'ASC' } });
      const grants = await tx.find(GrantRow, { where, order: { createdAt: 'ASC', id: 'ASC' } });
      const feedback = await tx.find(FeedbackRow, { where, order: { createdAt: 'ASC', id: 'ASC' } });
      return {
        customer: await this.customers.readOne(tx, row),
        consentHistory: await this.customers.consentHistory(tx, row),
        points: points.map(toEntry),
        orders: orders.map(toCustomerOrder),
        feedback: await this.feedbacks.read(tx, organizationId, feedback),
        grants: grants.map((grant) => this.grants.statusOf(grant)),
      };
    });
  }
}
