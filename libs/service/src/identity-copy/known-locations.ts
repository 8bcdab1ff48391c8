import { inTransaction, Refusal, Remembered, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { KnownLocationRow } from './known-location.entity.js';

/** The locations, as identity last told. Remembered for a moment: they change once a month and are asked for with every order. */
@Injectable()
export class KnownLocations {
  readonly #remembered = new Remembered(readLocations, 2_000);

  constructor(private readonly db: DataSource) {}

  /**
   * @param tx where one is open: a request that holds a connection must not wait for a second
   * @throws Refusal `reference_unknown` for a location that the organization does not have
   */
  async get(organizationId: string, locationId: string, tx?: Tx): Promise<KnownLocationRow> {
    const location = await this.find(organizationId, locationId, tx);
    if (!location) throw new Refusal('reference_unknown', 'There is no such location.', { locationId });
    return location;
  }

  async find(organizationId: string, locationId: string, tx?: Tx): Promise<KnownLocationRow | undefined> {
    const key = keyOf(organizationId, locationId);
    const read = (inTx: Tx) => this.#remembered.get(inTx, key);
    return this.#remembered.known(key) ?? (tx ? read(tx) : inTransaction(this.db, organizationId, read));
  }

  forget(organizationId: string, locationId: string): void {
    this.#remembered.forget(keyOf(organizationId, locationId));
  }
}

/** Whose it is belongs to it: what one organization was told, no other gets by naming its location. */
const keyOf = (organizationId: string, locationId: string): string => `${organizationId}/${locationId}`;

async function readLocations(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, KnownLocationRow>> {
  const ids = keys.map((key) => key.slice(key.indexOf('/') + 1));
  const rows = await tx.findBy(KnownLocationRow, { id: In(ids) });
  return new Map(rows.map((row) => [keyOf(row.organizationId, row.id), row]));
}
