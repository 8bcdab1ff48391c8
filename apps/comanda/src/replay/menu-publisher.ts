import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, type Comanda, type Location, type Menu } from '@comanda/client';
import { CommandFailure } from '../cli/failure.js';
import { described, type Descriptions } from '../demo/items.js';
import { putRecipes } from '../demo/put-recipes.js';
import { finder } from './finder.js';
import type { PastLine, PastOrder } from './history.js';
import { LocationDrafts } from './location-drafts.js';
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
  readonly #drafts: LocationDrafts;
  /** Variations that have their recipes. */
  readonly #cooked = new Set<string>();

  private constructor(
    private readonly api: Comanda,
    private readonly location: Location,
    history: readonly PastOrder[],
    private readonly items: Descriptions,
  ) {
    this.#drafts = new LocationDrafts(api, location);
    this.#sellables = sellables(history, sku);
    this.#plan = new MenuPlan(history, sku, []);
  }

  /** Reads every menu that the location ever sold from. */
  static async open(
    api: Comanda,
    location: Location,
    history: readonly PastOrder[],
    items: Descriptions,
  ): Promise<MenuPublisher> {
    const publisher = new MenuPublisher(api, location, history, items);
    const path = { locationId: location.id };
    const menus = '/v1/catalog/locations/{locationId}/menus';
    for await (const { hash } of api.all(menus, { path }))
      publisher.#plan.published(publisher.#learn((await api.GET(`${menus}/{hash}`, { path: { ...path, hash } })).data));
    return publisher;
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
    const prices = this.#plan.pricesFrom(order);
    await this.#drafts.sell(
      this.#sellables.map((thing) => ({
        ...thing,
        price: prices.get(thing.sku) ?? 0,
        title: described(this.items, thing.item)?.title ?? thing.item,
      })),
    );
    const path = { locationId: location.id };
    const { data: publication } = await api.POST('/v1/catalog/locations/{locationId}/publish', { path });
    const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menus/{hash}', {
      path: { ...path, hash: publication.hash },
    });
    const known = this.#learn(menu);
    this.#plan.published(known);
    if (this.#plan.menuFor(order) === undefined)
      throw new CommandFailure(
        `The menu of ${location.name} was published and its prices are not those of the history: somebody else changes them at the same time.`,
      );
    await this.#describe(menu);
    await this.#ordersKnow(menu);
    return known;
  }

  /** Gives what is sold the recipes that follow from the items file, unless it has some: somebody knows better. */
  async #describe(menu: Menu): Promise<void> {
    if (this.items.size === 0) return;
    if (this.#cooked.size === 0)
      for await (const { variationId } of this.api.all('/v1/inventory/recipes'))
        if (variationId !== null) this.#cooked.add(variationId);
    const find = finder(menu.items);
    const sold = new Map(this.#sellables.map((thing) => [find(thing)?.variation.id ?? '', thing]));
    await putRecipes(this.api, menu, this.items, ({ id }) => (this.#cooked.has(id) ? undefined : sold.get(id)));
    for (const id of sold.keys()) this.#cooked.add(id);
  }

  #learn(menu: Menu): KnownMenu {
    const find = finder(menu.items);
    const variations = new Map(
      this.#sellables.flatMap((thing) => {
        const found = find(thing);
        return found ? [[thing.sku, found.variation] as const] : [];
      }),
    );
    const variationOf = (line: PastLine): string => variations.get(sku(line))?.id ?? '';
    this.#menus.set(menu.hash, { hash: menu.hash, variationOf });
    return { hash: menu.hash, prices: new Map([...variations].map(([code, { price }]) => [code, price])) };
  }

  /** Orders hears of a menu a moment after it was published; asking for a quote by it commits to nothing. */
  async #ordersKnow(menu: Menu): Promise<void> {
    const variationId = menu.items[0]?.variations[0]?.id ?? '';
    const body = { locationId: this.location.id, menuHash: menu.hash, lines: [{ variationId, quantity: 1 }] };
    for (let tries = 1; ; tries++) {
      try {
        await this.api.POST('/v1/orders/quote', { body });
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
