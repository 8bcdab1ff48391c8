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
  // A colon in the item's name could make two things one.
  if (text.length <= MAX_SKU && !item.includes(':')) return text;
  return `${text.slice(0, MAX_SKU - 17).toWellFormed()}~${digest(JSON.stringify([item, variation])).slice(0, 16)}`;
}

const MAX_SKU = 100;

/** What the whole history sells, each thing once, in the order in which it was first sold; an item has one category. */
export function sellables(history: readonly PastOrder[], sku: (line: PastLine) => string): Sellable[] {
  const lines = history.flatMap((order) => order.lines);
  const categories = new Map<string, string>();
  for (const { item, category } of lines)
    if (category !== null && !categories.has(item)) categories.set(item, category);
  const found = new Map<string, Sellable>();
  for (const line of lines) {
    const { item, variation } = line;
    const key = sku(line);
    if (!found.has(key)) found.set(key, { sku: key, item, variation, category: categories.get(item) ?? null });
  }
  return [...found.values()];
}

/** The menus a history needs, and which of them each order is sold from. */
export class MenuPlan {
  /** What each order needs, each sku once: see {@link onePriceEach}. */
  readonly #needs: readonly (readonly Need[])[];
  readonly #menuOf: (KnownMenu | undefined)[];
  /** Skus with a price that comes back after another: happy hours, weekends, what is priced by hand. */
  readonly #comesAndGoes: ReadonlySet<string>;
  #unfit: number[];

  /** @param known the menus that were published before, oldest first */
  constructor(history: readonly PastOrder[], sku: (line: PastLine) => string, known: readonly KnownMenu[]) {
    this.#needs = history.map(({ lines }) => lines.map((line) => [sku(line), line.price] as const));
    this.#menuOf = history.map(() => undefined);
    this.#comesAndGoes = comingAndGoing(this.#needs.flat());
    this.#unfit = [...history.keys()];
    for (const menu of known) this.published(menu);
  }

  /** The oldest published menu from which an order can be sold at its prices: the same on every run. */
  menuFor(order: number): KnownMenu | undefined {
    return this.#menuOf[order];
  }

  /**
   * The price list to publish when no menu fits an order: everything the history sells, at the price of its next sale
   * from that order on. So a new price list is one menu, however slowly its items are sold for the first time. A price
   * that comes and goes is listed with those it is sold beside, later too: so a happy hour is one menu, not one a day.
   */
  pricesFrom(order: number): Map<string, number> {
    const next = this.#nextPrices(order);
    const together = new Map<string, number>();
    const priceOf = ([sku, price]: Need) => together.get(sku) ?? (this.#comesAndGoes.has(sku) ? price : next.get(sku));
    for (const unfit of this.#unfit) {
      const needs = this.#needs[unfit] ?? [];
      if (needs.every((need) => priceOf(need) === need[1])) for (const [sku, price] of needs) together.set(sku, price);
    }
    return new Map([...next, ...together]);
  }

  /** Takes note of a menu: orders that none before it fits are sold from it if it fits them. */
  published(menu: KnownMenu): void {
    const fits = (order: number) =>
      this.#needs[order]?.every(([sku, price]) => menu.prices.get(sku) === price) === true;
    const orders = Map.groupBy(this.#unfit, fits);
    for (const order of orders.get(true) ?? []) this.#menuOf[order] = menu;
    this.#unfit = orders.get(false) ?? [];
  }

  /** Each sku at the price of its next sale; at that of its last where there is none. */
  #nextPrices(order: number): Map<string, number> {
    const prices = new Map<string, number>();
    const settled = new Set<string>();
    for (const [index, needs] of this.#needs.entries()) {
      for (const [sku, price] of needs) {
        if (!settled.has(sku)) prices.set(sku, price);
        if (index >= order) settled.add(sku);
      }
    }
    return prices;
  }
}

type Need = readonly [sku: string, price: number];

function comingAndGoing(sales: readonly Need[]): Set<string> {
  const pricesOf = new Map<string, { last: number; all: Set<number> }>();
  const found = new Set<string>();
  for (const [sku, price] of sales) {
    const prices = pricesOf.get(sku);
    if (prices && price !== prices.last && prices.all.has(price)) found.add(sku);
    pricesOf.set(sku, { last: price, all: (prices?.all ?? new Set()).add(price) });
  }
  return found;
}

/**
 * Gives what is sold at two prices in one order a variation of its own for the lower one: a menu has one price for each.
 */
export function onePriceEach(history: readonly PastOrder[]): PastOrder[] {
  return history.map((order) => {
    const taken = new Set(order.lines.map(keyOf));
    if (taken.size === order.lines.length) return order;
    const renamed = new Map<PastLine, PastLine>();
    const kinds = Map.groupBy(order.lines, keyOf).values();
    for (const [, ...cheaper] of [...kinds].map((lines) => lines.toSorted((one, other) => other.price - one.price))) {
      for (const line of cheaper) {
        let times = 2;
        const another = () => ({ ...line, variation: `${line.variation} (${times})` });
        while (taken.has(keyOf(another()))) times++;
        taken.add(keyOf(another()));
        renamed.set(line, another());
      }
    }
    return { ...order, lines: order.lines.map((line) => renamed.get(line) ?? line) };
  });
}

const keyOf = ({ item, variation }: Pick<PastLine, 'item' | 'variation'>): string => JSON.stringify([item, variation]);
