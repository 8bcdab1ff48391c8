import { type ConsentEvent, type Customer, CustomerErased, CustomerUpdated } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { codeOf, constraintOf, newId, Refusal, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { blindIndex, type Findable, newKey, open, placeOf, seal } from './customer-cipher.js';
import { CustomerKeys } from './customer-keys.js';
import { CustomerRow } from './customer.entity.js';
import { forget } from './forget.js';
import { amend, changedFields, type GivenParticulars, NOBODY, type Particulars, shownOf } from './particulars.js';

/** Makes, changes, reads and forgets customers; the only place where who they are is in the clear. */
@Injectable()
export class Customers {
  constructor(private readonly keys: CustomerKeys) {}

  async create(
    tx: Tx,
    organizationId: string,
    { id = newId(), ...given }: GivenParticulars & { id?: string | undefined },
  ): Promise<Customer> {
    const organizationKey = await this.keys.get(tx, organizationId);
    const [key, now] = [newKey(), new Date()];
    const particulars = amend(NOBODY, given, now);
    const row: CustomerRow = {
      organizationId,
      id,
      wrappedKey: seal(organizationKey, key, placeOf(id, 'wrapped_key')),
      ...sealed(id, key, organizationKey, particulars),
      points: 0,
      tier: null,
      tierCheckedAt: null,
      erasedAt: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await refuseSecond(tx.insert(CustomerRow, row));
    const told = { customerId: id, changed: changedFields(NOBODY, particulars) };
    await publish(tx, CustomerUpdated, told, { version: 1, occurredAt: now });
    return toCustomer(row, particulars);
  }

  async change(tx: Tx, row: CustomerRow, given: Partial<GivenParticulars>): Promise<Customer> {
    const organizationKey = await this.keys.get(tx, row.organizationId);
    const { key, particulars } = opened(row, organizationKey) ?? refuseErased();
    const now = new Date();
    const amended = amend(particulars, given, now);
    const changes = { ...sealed(row.id, key, organizationKey, amended), version: row.version + 1, updatedAt: now };
    await refuseSecond(tx.update(CustomerRow, { organizationId: row.organizationId, id: row.id }, changes));
    const told = { customerId: row.id, changed: changedFields(particulars, amended) };
    await publish(tx, CustomerUpdated, told, { version: changes.version, occurredAt: now });
    return toCustomer(Object.assign(row, changes), amended);
  }

  /** Forgets the customer for good, and tells everybody who holds anything of them. */
  async erase(tx: Tx, row: CustomerRow): Promise<Customer> {
    if (row.erasedAt) refuseErased();
    const [now, version] = [new Date(), row.version + 1];
    const changes = await forget(tx, row, { erasedAt: now, version });
    await publish(
      tx,
      CustomerErased,
      { customerId: row.id, erasedAt: now.toISOString() },
      { version, occurredAt: now },
    );
    return toCustomer(Object.assign(row, changes), undefined);
  }

  /** Rows as customers; those of an erased one say nothing but its points. */
  async read(tx: Tx, organizationId: string, rows: readonly CustomerRow[]): Promise<Customer[]> {
    if (rows.length === 0) return [];
    const organizationKey = await this.keys.get(tx, organizationId);
    return rows.map((row) => toCustomer(row, opened(row, organizationKey)?.particulars));
  }

  async readOne(tx: Tx, row: CustomerRow): Promise<Customer> {
    return toCustomer(row, opened(row, await this.keys.get(tx, row.organizationId))?.particulars);
  }

  /** What a customer agreed to and withdrew; of an erased one nothing. */
  async consentHistory(tx: Tx, row: CustomerRow): Promise<ConsentEvent[]> {
    const organizationKey = await this.keys.get(tx, row.organizationId);
    return opened(row, organizationKey)?.particulars.consentHistory ?? [];
  }

  /** Seals words of somebody: with the customer's own key, or the organization's where nobody is known. */
  async seal(
    tx: Tx,
    { organizationId, customerId }: { organizationId: string; customerId: string | null },
    words: string,
    place: string,
  ): Promise<Buffer | null> {
    const organizationKey = await this.keys.get(tx, organizationId);
    if (customerId === null) return seal(organizationKey, words, place);
    const known = opened(await findCustomer(tx, organizationId, customerId), organizationKey);
    // An erased customer's words are not kept.
    return known ? seal(known.key, words, place) : null;
  }

  /** Opens words that were sealed; null for those of an erased customer. */
  async open(
    tx: Tx,
    organizationId: string,
    all: readonly { customerId: string | null; sealed: Buffer | null; place: string }[],
  ): Promise<(string | null)[]> {
    const organizationKey = await this.keys.get(tx, organizationId);
    const ids = all.flatMap(({ customerId, sealed: words }) => (customerId !== null && words ? [customerId] : []));
    const rows = ids.length > 0 ? await tx.findBy(CustomerRow, { organizationId, id: In(ids) }) : [];
    const keys = new Map(rows.map((row) => [row.id, opened(row, organizationKey)?.key]));
    return all.map(({ customerId, sealed: words, place }) => {
      const key = customerId === null ? organizationKey : keys.get(customerId);
      return words && key ? open(key, words, place).toString() : null;
    });
  }

  /** The blind index of a phone number or e-mail, to look somebody up by. */
  async indexOf(tx: Tx, organizationId: string, field: Findable, value: string): Promise<string> {
    return blindIndex(await this.keys.get(tx, organizationId), field, value);
  }
}

/** Locks the customer until the transaction ends: points and particulars share one version. */
export async function lockCustomer(tx: Tx, organizationId: string, id: string): Promise<CustomerRow> {
  const row = await tx.findOne(CustomerRow, { where: { organizationId, id }, lock: { mode: 'pessimistic_write' } });
  return row ?? refuseUnknown();
}

/**
 * Locks the customer that a request refers to, as `lockCustomer`.
 * @throws Refusal `reference_unknown`, `customer_erased`
 */
export async function lockReferred(tx: Tx, organizationId: string, id: string): Promise<CustomerRow> {
  const row = await tx.findOne(CustomerRow, { where: { organizationId, id }, lock: { mode: 'pessimistic_write' } });
  if (!row)
    throw new Refusal('reference_unknown', 'There is no such customer.', {
      errors: [{ pointer: '/customerId', detail: 'Unknown.' }],
    });
  return row.erasedAt ? refuseErased() : row;
}

export async function findCustomer(tx: Tx, organizationId: string, id: string): Promise<CustomerRow> {
  return (await tx.findOneBy(CustomerRow, { organizationId, id })) ?? refuseUnknown();
}

function opened(row: CustomerRow, organizationKey: Buffer): { key: Buffer; particulars: Particulars } | undefined {
  if (!row.wrappedKey || !row.particulars) return undefined;
  const key = open(organizationKey, row.wrappedKey, placeOf(row.id, 'wrapped_key'));
  const json = open(key, row.particulars, placeOf(row.id, 'particulars')).toString();
  // What an older version of this service sealed may lack what came later.
  return { key, particulars: { ...NOBODY, ...(JSON.parse(json) as Partial<Particulars>) } };
}

function sealed(id: string, key: Buffer, organizationKey: Buffer, particulars: Particulars) {
  const index = (field: Findable): string | null => {
    const value = particulars[field];
    return value === null ? null : blindIndex(organizationKey, field, value);
  };
  return {
    particulars: seal(key, JSON.stringify(particulars), placeOf(id, 'particulars')),
    phoneIndex: index('phone'),
    emailIndex: index('email'),
  };
}

type Shown = Pick<CustomerRow, 'id' | 'points' | 'tier' | 'erasedAt' | 'version' | 'createdAt' | 'updatedAt'>;

function toCustomer(
  { id, points, tier, erasedAt, version, createdAt, updatedAt }: Shown,
  known: Particulars | undefined,
): Customer {
  return {
    id,
    ...(known ? shownOf(known) : { ...shownOf(NOBODY), name: null }),
    points,
    tier,
    erasedAt: erasedAt && erasedAt.toISOString(),
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function refuseErased(): never {
  throw new Refusal('customer_erased', 'The customer has been erased.');
}

function refuseUnknown(): never {
  throw new Refusal('not_found', 'There is no such customer.');
}

async function refuseSecond<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (codeOf(error) !== '23505') throw error;
    if (constraintOf(error) === 'customers_pkey') throw new Refusal('id_taken', 'A customer with this id exists.');
    throw new Refusal('customer_exists', 'Another customer has this phone number or e-mail.');
  }
}
