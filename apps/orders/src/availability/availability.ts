import { Remembered, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { readUnavailable } from './availability.store.js';
import type { Unavailable } from './unavailable.js';

/** What cannot be ordered, as catalog last told. Remembered for a moment: each order asks, and it changes a few times a day. */
@Injectable()
export class Availability {
  readonly #remembered = new Remembered(readUnavailable, 1_000);

  async at(tx: Tx, locationId: string): Promise<Unavailable> {
    return (await this.#remembered.get(tx, locationId)) ?? NOTHING;
  }

  forget(locationId: string): void {
    this.#remembered.forget(locationId);
  }
}

const NOTHING: Unavailable = new Map();
