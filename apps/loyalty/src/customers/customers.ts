import { type Customer, CustomerErased, CustomerUpdated } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { codeOf, constraintOf, newId, Refusal, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { blindIndex, newKey, open, placeOf, seal, type SecretField } from './customer-cipher.js';
import { CustomerKeys } from './customer-keys.js';
import { CustomerRow } from './customer.entity.js';

export type CustomerFields = { name: string; phone: string | null; email: string | null };

/** Makes, changes, reads and forgets customers; the only place where who they are is in the clear. */
@Injectable()
export class Customers {
  constructor(private readonly keys: CustomerKeys) {}

  async create(
    tx: Tx,
    organizationId: string,
    { id = newId(), ...fields }: CustomerFields & { id?: string | undefined },
  ): Promise<Customer> {
    const organizationKey = await this.keys.get(tx, organizationId);
    const key = newKey();
    const now = new Date();
    const row: CustomerRow = {
      organizationId,
      id,
      wrappedKey: seal(organizationKey, key, placeOf(id, 'key')),
      ...NOTHING_KNOWN,
      ...sealed(id, key, organizationKey, fields),
      points: 0,
      erasedAt: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await refuseSecond(tx.insert(CustomerRow, row));
    await publish(
      tx,
      CustomerUpdated,
      { customerId: id, changed: Object.keys(fields) },
      { version: 1, occurredAt: now },
    );
    return { ...shared(row), ...fields };
  }

  async change(tx: Tx, row: CustomerRow, change: Partial<CustomerFields>): Promise<Customer> {
    if (!row.wrappedKey) throw erased();
    const organizationKey = await this.keys.get(tx, row.organizationId);
    const key = open(organizationKey, row.wrappedKey, placeOf(row.id, 'key'));
    const changed: CustomerRow = {
      ...row,
      ...sealed(row.id, key, organizationKey, change),
      version: row.version + 1,
      updatedAt: new Date(),
    };
    await refuseSecond(tx.update(CustomerRow, { organizationId: row.organizationId, id: row.id }, changed));
    await publish(
      tx,
      CustomerUpdated,
      { customerId: row.id, changed: Object.keys(change) },
      { version: changed.version, occurredAt: changed.updatedAt },
    );
    return this.read(tx, changed);
  }

  /** Deletes the customer's key and what finds them: what is left opens no more, in no backup that lacks the key. */
  async erase(tx: Tx, row: CustomerRow): Promise<Customer> {
    if (!row.wrappedKey) throw erased();
    const now = new Date();
    const gone: CustomerRow = {
      ...row,
      ...NOTHING_KNOWN,
      wrappedKey: null,
      erasedAt: now,
      version: row.version + 1,
      updatedAt: now,
    };
    await tx.update(CustomerRow, { organizationId: row.organizationId, id: row.id }, gone);
    await publish(
      tx,
      CustomerErased,
      { customerId: row.id, erasedAt: now.toISOString() },
      { version: gone.version, occurredAt: now },
    );
    return { ...shared(gone), name: null, phone: null, email: null };
  }

  async read(tx: Tx, row: CustomerRow): Promise<Customer> {
    if (!row.wrappedKey) return { ...shared(row), name: null, phone: null, email: null };
    const key = open(await this.keys.get(tx, row.organizationId), row.wrappedKey, placeOf(row.id, 'key'));
    const text = (field: SecretField): string | null =>
      row[field] && open(key, row[field], placeOf(row.id, field)).toString();
    return { ...shared(row), name: text('name'), phone: text('phone'), email: text('email') };
  }

  /** The blind index of a phone number or e-mail, to look somebody up by. */
  async indexOf(tx: Tx, organizationId: string, field: 'phone' | 'email', value: string): Promise<string> {
    return blindIndex(await this.keys.get(tx, organizationId), field, value);
  }
}

const NOTHING_KNOWN = { name: null, phone: null, email: null, phoneIndex: null, emailIndex: null };

/** Locks the customer until the transaction ends: points and particulars share one version. */
export async function lockCustomer(tx: Tx, organizationId: string, id: string): Promise<CustomerRow> {
  const row = await tx.findOne(CustomerRow, { where: { organizationId, id }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new Refusal('not_found', 'There is no such customer.');
  return row;
}

/** The columns that hold the given fields; those of fields that were not given stay as they are. */
function sealed(
  id: string,
  key: Buffer,
  organizationKey: Buffer,
  fields: Partial<CustomerFields>,
): Partial<CustomerRow> {
  const columns: Partial<CustomerRow> = {};
  const sealField = (field: SecretField): Buffer | null =>
    fields[field] == null ? null : seal(key, fields[field], placeOf(id, field));
  if ('name' in fields) columns.name = sealField('name');
  for (const field of ['phone', 'email'] as const) {
    if (!(field in fields)) continue;
    columns[field] = sealField(field);
    columns[`${field}Index`] = fields[field] == null ? null : blindIndex(organizationKey, field, fields[field]);
  }
  return columns;
}

const shared = ({ id, points, erasedAt, version, createdAt, updatedAt }: CustomerRow) => ({
  id,
  points: Number(points),
  erasedAt: erasedAt?.toISOString() ?? null,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const erased = (): Refusal => new Refusal('customer_erased', 'The customer has been erased.');

async function refuseSecond<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (codeOf(error) !== '23505') throw error;
    if (constraintOf(error) === 'customers_pkey') throw new Refusal('id_taken', 'A customer with this id exists.');
    throw new Refusal('customer_exists', 'Another customer has this phone number or e-mail.');
  }
}
