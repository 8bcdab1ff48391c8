import type { Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { readUnavailable } from './availability.store.js';
import type { Unavailable } from './unavailable.js';

/** What cannot be ordered, as catalog last told. Remembered for a moment: each order asks, and it changes a few times a day. */
@Injectable()
export class Availability {
  readonly #remembered = new Map<string, { unavailable: Unavailable; until: number }>();

  async at(tx: Tx, locationId: string): Promise<Unavailable> {
    const now = performance.now();
    const remembered = this.#remembered.get(locationId);
    if (remembered && remembered.until > now) return remembered.unavailable;
    const unavailable = await readUnavailable(tx, locationId);
    this.#remembered.set(locationId, { unavailable, until: now + REMEMBERED_FOR });
    return unavailable;
  }

  forget(locationId: string): void {
    this.#remembered.delete(locationId);
  }
}

const REMEMBERED_FOR = 1_000;
