import { ChangeSupplier, CreateSupplier, ListSuppliers, ReadSupplier, type Supplier } from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  newId,
  pageOfRows,
  Refusal,
  refuseTaken,
  requireVersion,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SupplierRow } from './supplier.entity.js';

@Controller()
export class SuppliersController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(CreateSupplier)
  create(@Call() call: CallOf<typeof CreateSupplier>): Promise<Answer<Supplier>> {
    const { id = newId(), ...fields } = call.body;
    return idempotently(this.db, call, async (tx) => {
      const now = new Date();
      const { organizationId } = call.caller;
      const row: SupplierRow = { id, organizationId, ...fields, version: 1, createdAt: now, updatedAt: now };
      await refuseTaken(tx.insert(SupplierRow, row), 'A supplier with this id exists.');
      return toSupplier(row);
    });
  }

  @Endpoint(ListSuppliers)
  list(@Call() { caller, query }: CallOf<typeof ListSuppliers>) {
    return inTransaction(this.db, caller.organizationId, (tx) =>
      pageOfRows(tx.createQueryBuilder(SupplierRow, 'row'), query, { by: 'createdAt' }, toSupplier),
    );
  }

  @Endpoint(ReadSupplier)
  read(@Call() { caller, params }: CallOf<typeof ReadSupplier>): Promise<Supplier> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const row = await tx.findOneBy(SupplierRow, { id: params.supplierId });
      if (!row) throw new Refusal('not_found', 'There is no such supplier.');
      return toSupplier(row);
    });
  }

  @Endpoint(ChangeSupplier)
  change(@Call() call: CallOf<typeof ChangeSupplier>): Promise<Supplier> {
    const { version: _, ...change } = call.body;
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      // Locked, so that its versions follow one another.
      const row = await tx.findOne(SupplierRow, {
        where: { id: call.params.supplierId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw new Refusal('not_found', 'There is no such supplier.');
      requireVersion(call, toSupplier(row));
      const changed = Object.assign(row, given(change), { version: row.version + 1, updatedAt: new Date() });
      await tx.update(SupplierRow, { id: row.id }, changed);
      return toSupplier(changed);
    });
  }
}

function toSupplier({ organizationId: _, createdAt, updatedAt, ...fields }: SupplierRow): Supplier {
  return { ...fields, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
