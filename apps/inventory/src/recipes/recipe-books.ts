import type { Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { RecipeBook } from './recipe-book.js';
import { readBook, readBookVersion } from './recipes.store.js';

/** The recipe books of the organizations this process works for, read anew when a recipe has changed. */
@Injectable()
export class RecipeBooks {
  readonly #books = new Map<string, RecipeBook>();

  /**
   * The book of an organization.
   * @param version the version its row had in this transaction: a book that is as new need not be read
   */
  async at(tx: Tx, organizationId: string, version: number): Promise<RecipeBook> {
    const held = this.#books.get(organizationId);
    // Re-entered, so that the book that has gone unused for longest is the first.
    this.#books.delete(organizationId);
    const book = held && held.version >= version ? held : await readBook(tx);
    this.#books.set(organizationId, book);
    if (this.#books.size > MAX_BOOKS) this.#books.delete(this.#books.keys().next().value ?? '');
    return book;
  }

  /** The book as it is now. */
  async newest(tx: Tx, organizationId: string): Promise<RecipeBook> {
    return this.at(tx, organizationId, await readBookVersion(tx));
  }
}

const MAX_BOOKS = 200;
