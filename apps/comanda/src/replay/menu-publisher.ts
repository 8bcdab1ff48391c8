import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Location, Menu, MenuMetadata, Publication } from '@comanda/contracts';
import { formatDecimal } from '@comanda/money';
import { type ApiClient, ApiProblem } from '../cli/api-client.js';
import { CommandFailure } from '../cli/failure.js';
import type { DescribedItem } from '../demo/items.js';
import { putRecipes } from '../demo/put-recipes.js';
import { derivedId } from './derived-id.js';
import type { PastLine, PastOrder } from './history.js';
import { type KnownMenu, MenuPlan, sellables, type Sellable, skuOf } from './menu-plan.js';

/** A published menu, and how a line of the history is found on it. */
export interface SellingMenu {
  readonly hash: string;
  readonly variationOf: (line: PastLine) => string;
}

/** Publishes the menus a history needs and are not there, each when the history comes to it. */
export class MenuPublisher {
  readonly #menus = new Map<string, SellingMenu>();
  readonly #plan: MenuPlan;
  readonly #sellables: readonly Sellable[];

  private constructor(
    private readonly api: ApiClient,
    private readonly location: Location,
    history: readonly PastOrder[],
    private readonly items: ReadonlyMap<string, DescribedItem>,
    known: readonly Menu[],
  ) {
    this.#plan = new MenuPlan(
      history,
      sku,
      known.map((menu) => this.#learn(menu)),
    );
    this.#sellables = sellables(history, sku);
  }

  /** Reads every menu that the location ever sold from. */
  static async open(
    api: ApiClient,
    location: Location,
    history: readonly PastOrder[],
    items: ReadonlyMap<string, DescribedItem>,
  ): Promise<MenuPublisher> {
    const menus: Menu[] = [];
    for await (const { hash } of api.all<MenuMetadata>(`/v1/catalog/locations/${location.id}/menus`))
      menus.push((await api.get<Menu>(`/v1/catalog/locations/${location.id}/menus/${hash}`)).body);
    return new MenuPublisher(api, location, history, items, menus);
  }

  /** The menu from which an order of the history is sold. */
  async menuFor(order: number): Promise<SellingMenu> {
    const known = this.#plan.menuFor(order) ?? (await this.#publish(order));
    const menu = this.#menus.get(known.hash);
    if (!menu) throw new Error('A known menu was not learnt.');
    return menu;
  }

  async #publish(order: number): Promise<KnownMenu> {
    const { api, location } = this;
    const csv = this.#spreadsheet(this.#plan.pricesFrom(order));
    const digest = createHash('sha256').update(csv).digest('hex').slice(0, 32);
    // A price list may come back after another: what is drafted then is not what the key remembers.
    const turn = derivedId(location.id, digest, String(this.#menus.size));
    await api.post(`/v1/catalog/import?currency=${location.currency}`, { key: `replay-${turn}`, csv });
    const { body: publication } = await api.post<Publication>(`/v1/catalog/locations/${location.id}/publish`, {
      key: `replay-${turn}`,
    });
    const { body: menu } = await api.get<Menu>(`/v1/catalog/locations/${location.id}/menus/${publication.hash}`);
    const known = this.#learn(menu);
    this.#plan.published(known);
    if (this.#plan.menuFor(order) === undefined) {
      throw new CommandFailure(
        `The menu of ${location.name} was published and its prices are not those of the history: an override of the location stands against them.`,
      );
    }
    await putRecipes(api, menu, this.items, (menuSku) => this.#sellables.find((sellable) => sellable.sku === menuSku));
    await this.#ordersKnow(menu);
    return known;
  }

  #spreadsheet(prices: ReadonlyMap<string, number>): string {
    const { currency } = this.location;
    const rows = this.#sellables.map(({ sku: code, item, variation, category }) => [
      code,
      this.items.get(item)?.title ?? item,
      category ?? '',
      variation,
      formatDecimal({ amount: prices.get(code) ?? 0, currency }),
    ]);
    return [['sku', 'item', 'category', 'variation', 'price'], ...rows]
      .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
      .join('\n');
  }

  #learn(menu: Menu): KnownMenu {
    const variations = new Map(
      menu.items.flatMap((item) =>
        item.variations.flatMap(({ id, sku: code, price }) => (code === null ? [] : [[code, { id, price }] as const])),
      ),
    );
    const variationOf = (line: PastLine): string => variations.get(sku(line))?.id ?? '';
    this.#menus.set(menu.hash, { hash: menu.hash, variationOf });
    return { hash: menu.hash, prices: new Map([...variations].map(([code, { price }]) => [code, price])) };
  }

  /** Orders hears of a menu a moment after it was published; asking for a quote by it commits to nothing. */
  async #ordersKnow(menu: Menu): Promise<void> {
    const variationId = menu.items[0]?.variations[0]?.id;
    const body = { locationId: this.location.id, menuHash: menu.hash, lines: [{ variationId, quantity: 1 }] };
    for (let tries = 1; ; tries++) {
      try {
        await this.api.post('/v1/orders/quote', { body });
        return;
      } catch (error) {
        if (!(error instanceof ApiProblem) || !['menu_unknown', 'menu_not_published'].includes(error.code)) return;
        if (tries === 300) throw new CommandFailure('Orders has not heard of the new menu within 30 seconds.');
        await pause(100);
      }
    }
  }
}

const sku = (line: PastLine): string => skuOf(line, (text) => createHash('sha256').update(text).digest('hex'));
