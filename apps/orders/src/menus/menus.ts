import { Refusal, Remembered, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { indexMenu, type MenuIndex } from './menu-index.js';
import { currentHashes, findMenu, hasPublished } from './published-menu.store.js';

/**
 * The menus this service sells from: its own copies, so that it sells while catalog is away. A menu never changes, so it
 * is read and indexed once; which one is on sale is asked again after a second at the latest.
 */
@Injectable()
export class Menus {
  readonly #onSale = new Remembered(currentHashes, 1_000);
  readonly #indexed = new Map<string, MenuIndex>();
  #offers = 0;

  /**
   * The menu a location sells from now, or the published one that is named.
   * @throws Refusal `menu_not_published`, `menu_unknown`; `unavailable` for one that is still on its way here
   */
  async find(tx: Tx, locationId: string, hash?: string): Promise<MenuIndex> {
    return hash === undefined ? this.#current(tx, locationId) : this.#named(tx, locationId, hash);
  }

  /** All of the menus named, by their hash. @throws as `find` */
  async findAll(tx: Tx, locationId: string, hashes: readonly string[]): Promise<ReadonlyMap<string, MenuIndex>> {
    const found = new Map<string, MenuIndex>();
    for (const hash of hashes) found.set(hash, await this.#named(tx, locationId, hash));
    return found;
  }

  /** Makes the next order ask which menu is on sale. */
  forget(locationId: string): void {
    this.#onSale.forget(locationId);
  }

  async #current(tx: Tx, locationId: string): Promise<MenuIndex> {
    const hash = await this.#onSale.get(tx, locationId);
    if (hash !== undefined) return this.#named(tx, locationId, hash);
    if (await hasPublished(tx, locationId)) throw onItsWay();
    throw new Refusal('menu_not_published', 'Nothing has been published for this location.');
  }

  async #named(tx: Tx, locationId: string, hash: string): Promise<MenuIndex> {
    const key = `${locationId}/${hash}`;
    const indexed = this.#indexed.get(key);
    if (indexed) return this.#keep(key, indexed);
    const menu = await findMenu(tx, locationId, hash);
    if (!menu) throw new Refusal('menu_unknown', 'This location never published the menu that is named.');
    if (!menu.body) throw onItsWay();
    return this.#keep(key, indexMenu(menu.body));
  }

  /** The most recently used come last; the first go when there are too many offers in all. */
  #keep(key: string, menu: MenuIndex): MenuIndex {
    if (!this.#indexed.delete(key)) this.#offers += menu.offers.size;
    this.#indexed.set(key, menu);
    for (const [oldest, { offers }] of this.#indexed) {
      if (this.#offers <= MAX_OFFERS || oldest === key) break;
      this.#indexed.delete(oldest);
      this.#offers -= offers.size;
    }
    return menu;
  }
}

const onItsWay = (): Refusal =>
  new Refusal('unavailable', 'The menu has been published and is on its way here.', {}, { retryAfter: 1 });

/** About a kilobyte each. */
const MAX_OFFERS = 100_000;
