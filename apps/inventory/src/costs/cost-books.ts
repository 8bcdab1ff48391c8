import type { Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import type { Averages } from './average.js';
import { readCostBook } from './costs.store.js';

/** What stock costs at the locations this process works for, read anew when a delivery has moved it. */
@Injectable()
export class CostBooks {
  readonly #books = new Map<string, { version: number; averages: Averages }>();

  /**
   * The averages of locations.
   * @param versions the version each had in this transaction: a book that is as new need not be read; of 0 there is none
   */
  async at(tx: Tx, versions: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, Averages>> {
    const found = new Map<string, Averages>();
    for (const [locationId, version] of versions)
      if (version > 0) found.set(locationId, await this.#averages(tx, locationId, version));
    return found;
  }

  async #averages(tx: Tx, locationId: string, version: number): Promise<Averages> {
    const held = this.#books.get(locationId);
    // Re-entered, so that the book that has gone unused for longest is the first.
    this.#books.delete(locationId);
    const book = held && held.version >= version ? held : await readCostBook(tx, locationId);
    this.#books.set(locationId, book);
    if (this.#books.size > MAX_BOOKS) this.#books.delete(this.#books.keys().next().value ?? '');
    return book.averages;
  }
}

const MAX_BOOKS = 1_000;
