import type { Item, Texts } from '@comanda/client';
import { finder, fold, namesOf } from './finder.js';
import type { Sellable } from './menu-plan.js';

/** Something a history sells, and what it is to cost. */
export interface Priced extends Sellable {
  /** Minor units of the location's currency. */
  readonly price: number;
  /** What the item is called where it is on no menu yet. */
  readonly title: string;
}

type Variation = Item['variations'][number];
type NewVariation = Omit<Variation, 'id'>;

/** An item to make. */
export interface NewItem {
  readonly name: Texts;
  /** The heading it goes under, by its name. */
  readonly category: string | null;
  readonly variations: readonly NewVariation[];
}

/** An item that gets variations or prices: all its variations, as they are to be. */
export interface ChangedItem {
  readonly id: string;
  readonly version: number;
  readonly variations: readonly (Variation | NewVariation)[];
}

/** What a history lacks in the drafts. */
export interface Drafting {
  readonly made: readonly NewItem[];
  readonly changed: readonly ChangedItem[];
}

/**
 * Decides what the drafts lack before things can be sold at these prices. What is there keeps its names, its codes and its
 * prices in other currencies; an item that is known gets the variations that it lacks.
 * @param tongue the currency of the prices and the language of the names
 */
export function drafting(
  priced: readonly Priced[],
  drafts: readonly Item[],
  tongue: { readonly currency: string; readonly language: string },
): Drafting {
  const find = finder(drafts);
  const namesakes = Map.groupBy(
    drafts.flatMap((item) => [...namesOf(item)].map((name) => ({ name, item }))),
    ({ name }) => name,
  );
  const found = priced.map((thing) => ({ thing, there: find(thing) }));
  // A code says more than a name: of two things that find one variation, the one with its code gets it.
  const isByName = ({ thing, there }: (typeof found)[number]): number => (there?.variation.sku === thing.sku ? 0 : 1);
  const inTurn = found.toSorted((one, other) => isByName(one) - isByName(other));

  const pages = new Map<Item, (Variation | NewVariation)[]>();
  const pageOf = (item: Item): (Variation | NewVariation)[] => {
    const page = pages.get(item) ?? [...item.variations];
    pages.set(item, page);
    return page;
  };
  const taken = new Set<string>();
  const made: NewItem[] = [];
  for (const [name, things] of Map.groupBy(inTurn, ({ thing }) => thing.item)) {
    const homes = new Set<Item>();
    const missing: NewVariation[] = [];
    for (const { thing, there } of things) {
      if (!there || taken.has(there.variation.id)) {
        missing.push(toVariation(thing, tongue));
        continue;
      }
      taken.add(there.variation.id);
      homes.add(there.item);
      price(pageOf(there.item), there.variation, thing.price, tongue.currency);
    }
    const [namesake, ...others] = namesakes.get(fold(name)) ?? [];
    if (namesake && others.length === 0) homes.add(namesake.item);
    for (const home of homes) pageOf(home).push(...missing.splice(0, MOST_VARIATIONS - pageOf(home).length));
    const { title, category } = things[0]?.thing ?? { title: name, category: null };
    while (missing.length > 0)
      made.push({ name: { [tongue.language]: title }, category, variations: missing.splice(0, MOST_VARIATIONS) });
  }
  const changed = [...pages].filter(([item, page]) => !isSame(item.variations, page));
  return { made, changed: changed.map(([{ id, version }, variations]) => ({ id, version, variations })) };
}

/** So many an item can have; what has more is several items of one name. */
const MOST_VARIATIONS = 200;

function toVariation(
  { variation, sku, price: amount }: Priced,
  { currency, language }: { currency: string; language: string },
): NewVariation {
  return { name: { [language]: variation }, sku, prices: { [currency]: amount } };
}

/** Puts a price beside those in other currencies. */
function price(page: (Variation | NewVariation)[], variation: Variation, amount: number, currency: string): void {
  if (variation.prices[currency] === amount) return;
  const at = page.indexOf(variation);
  page[at] = { ...variation, prices: { ...variation.prices, [currency]: amount } };
}

const isSame = (before: readonly object[], after: readonly object[]): boolean =>
  before.length === after.length && after.every((variation, at) => variation === before[at]);
