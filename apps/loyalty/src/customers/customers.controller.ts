import {
  ChangeCustomer,
  CreateCustomer,
  type Customer,
  EraseCustomer,
  ListCustomers,
  ReadCustomer,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  pageOfRows,
  requireVersion,
  type Tx,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CustomerRow } from './customer.entity.js';
import { Customers, findCustomer, lockCustomer } from './customers.js';

@Controller()
export class CustomersController {
  constructor(
    private readonly db: DataSource,
    private readonly customers: Customers,
  ) {}

  @Endpoint(CreateCustomer)
  create(@Call() call: CallOf<typeof CreateCustomer>): Promise<Answer<Customer>> {
    // What is stored of the answer must not outlive the customer: a repeat is told the id, not who it is.
    return idempotently(this.db, call, (tx) => this.customers.create(tx, call.caller.organizationId, call.body), {
      remember: anonymous,
    });
  }

  @Endpoint(ListCustomers)
  list(@Call() { caller, query }: CallOf<typeof ListCustomers>) {
    return inTransaction(this.db, caller.organizationId, (tx) => this.#page(tx, caller.organizationId, query));
  }

  @Endpoint(ReadCustomer)
  read(@Call() { caller, params }: CallOf<typeof ReadCustomer>): Promise<Customer> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      this.customers.readOne(tx, await findCustomer(tx, caller.organizationId, params.customerId)),
    );
  }

  @Endpoint(ChangeCustomer)
  change(@Call() call: CallOf<typeof ChangeCustomer>): Promise<Customer> {
    const { version: _, ...change } = call.body;
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      const row = await lockCustomer(tx, call.caller.organizationId, call.params.customerId);
      requireVersion(call, await this.customers.readOne(tx, row));
      return this.customers.change(tx, row, given(change));
    });
  }

  @Endpoint(EraseCustomer)
  erase(@Call() call: CallOf<typeof EraseCustomer>): Promise<Answer<Customer>> {
    const { caller, params } = call;
    return idempotently(this.db, call, async (tx) =>
      this.customers.erase(tx, await lockCustomer(tx, caller.organizationId, params.customerId)),
    );
  }

  async #page(tx: Tx, organizationId: string, query: CallOf<typeof ListCustomers>['query']) {
    const { phone, email } = query;
    const rows = tx.createQueryBuilder(CustomerRow, 'customer');
    if (phone !== undefined)
      rows.andWhere('customer.phoneIndex = :phone', {
        phone: await this.customers.indexOf(tx, organizationId, 'phone', phone),
      });
    if (email !== undefined)
      rows.andWhere('customer.emailIndex = :email', {
        email: await this.customers.indexOf(tx, organizationId, 'email', email),
      });
    const page = await pageOfRows(rows, query, { by: 'createdAt' }, (row) => row);
    return { ...page, data: await this.customers.read(tx, organizationId, page.data) };
  }
}

const anonymous = (customer: Customer): Customer => ({
  ...customer,
  name: null,
  phone: null,
  email: null,
  birthday: null,
  language: null,
  consents: [],
});
