import type { PastLine, PastOrder } from './history.js';

/** What an order must find on its menu: the price of each thing sold, by its sku. */
export type Prices = ReadonlyMap<string, number>;

/** Something sold, as a menu knows it. */
export interface Sellable {
  readonly sku: string;
  readonly item: string;
  readonly variation: string;
  readonly category: string | null;
}

/** A menu that was published, as far as a history asks of it. */
export interface KnownMenu {
  readonly hash: string;
  readonly prices: Prices;
}

/**
 * The code by which a history's item is found on the menu again: item and variation, shortened where they are long.
 * @param digest shortens what does not fit; given, so that this stays pure
 */
export function skuOf(
  { item, variation }: Pick<PastLine, 'item' | 'variation'>,
  digest: (text: string) => string,
): string {
  const text = `${item}:${variation}`;
  return text.length <= MAX_SKU ? text : `${text.slice(0, MAX_SKU - 17)}~${digest(text).slice(0, 16)}`;
}

const MAX_SKU = 100;

/** What the whole history sells, each thing once, in the order in which it was first sold. */
export function sellables(history: readonly PastOrder[], sku: (line: PastLine) => string): Sellable[] {
  const found = new Map<string, Sellable>();
  for (const { lines } of history) {
    for (const line of lines) {
      const key = sku(line);
      if (!found.has(key))
        found.set(key, { sku: key, item: line.item, variation: line.variation, category: line.category });
    }
  }
  return [...found.values()];
}

/** The menus a history needs, and which of them each order is sold from. */
export class MenuPlan {
  readonly #sales = new Map<string, { order: number; price: number }[]>();
  readonly #known: KnownMenu[];

  /** @param known the menus that were published before, oldest first */
  constructor(
    private readonly history: readonly PastOrder[],
    private readonly sku: (line: PastLine) => string,
    known: readonly KnownMenu[],
  ) {
    this.#known = [...known];
    for (const [order, { lines }] of history.entries()) {
      for (const line of lines) {
        const sales = this.#sales.get(sku(line)) ?? [];
        sales.push({ order, price: line.price });
        this.#sales.set(sku(line), sales);
      }
    }
  }

  /** The oldest published menu from which an order can be sold at its prices: the same on every run. */
  menuFor(order: number): KnownMenu | undefined {
    const needs = this.history[order]?.lines.map((line) => [this.sku(line), line.price] as const) ?? [];
    return this.#known.find(({ prices }) => needs.every(([sku, price]) => prices.get(sku) === price));
  }

  /**
   * The price list to publish when no menu fits an order: everything the history sells, at the price of its next sale
   * from that order on. So a new price list is one menu, however slowly its items are sold for the first time.
   */
  pricesFrom(order: number): Map<string, number> {
    const prices = new Map<string, number>();
    for (const [sku, sales] of this.#sales) {
      const next = sales.find((sale) => sale.order >= order) ?? sales.at(-1);
      if (next) prices.set(sku, next.price);
    }
    return prices;
  }

  published(menu: KnownMenu): void {
    this.#known.push(menu);
  }
}

/**
 * Gives what is sold at two prices in one order a variation of its own for the second: a menu has one price for each.
 */
export function onePriceEach(history: readonly PastOrder[]): PastOrder[] {
  return history.map((order) => {
    const seen = new Map<string, number>();
    const lines = order.lines.map((line) => {
      const key = JSON.stringify([line.item, line.variation]);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      return times === 1 ? line : { ...line, variation: `${line.variation} (${times})` };
    });
    return { ...order, lines };
  });
}
