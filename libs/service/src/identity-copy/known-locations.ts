import { inTransaction, Refusal, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { KnownLocationRow } from './known-location.entity.js';

/** The locations, as identity last told. Remembered for a moment: they change once a month and are asked for with every order. */
@Injectable()
export class KnownLocations {
  readonly #remembered = new Map<string, { location: KnownLocationRow; until: number }>();

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
    const key = `${organizationId}/${locationId}`;
    const now = performance.now();
    const remembered = this.#remembered.get(key);
    if (remembered && remembered.until > now) return remembered.location;
    const read = (inTx: Tx) => inTx.findOneBy(KnownLocationRow, { id: locationId });
    const location = await (tx ? read(tx) : inTransaction(this.db, organizationId, read));
    if (!location) return undefined;
    this.#remembered.set(key, { location, until: now + REMEMBERED_FOR });
    return location;
  }

  forget(organizationId: string, locationId: string): void {
    this.#remembered.delete(`${organizationId}/${locationId}`);
  }
}

const REMEMBERED_FOR = 2_000;
