import type { Texts } from '@comanda/client';
import type { Sellable } from './menu-plan.js';
import { tidy } from './tidy.js';

/** An item, drafted or on a menu. */
interface Offered {
  readonly name: Texts;
  readonly variations: readonly { readonly name: Texts; readonly sku: string | null }[];
}

interface Found<Item extends Offered> {
  readonly item: Item;
  readonly variation: Item['variations'][number];
}

/**
 * Finds what a history sells, in drafts or on a menu: by its code; else by the names of item and variation, in any
 * language, where they name one thing only. What it finds does not depend on what else the history sells: a second run
 * with a part of it finds the same.
 */
export function finder<Item extends Offered>(items: readonly Item[]): (sold: Sellable) => Found<Item> | undefined {
  const coded = new Map<string, Found<Item>>();
  const named = new Map<string, Found<Item> | undefined>();
  for (const item of items) {
    for (const variation of item.variations) {
      const found = { item, variation };
      if (variation.sku !== null) coded.set(variation.sku, found);
      for (const name of namesOf(item)) {
        for (const kind of namesOf(variation)) {
          const both = JSON.stringify([name, kind]);
          named.set(both, named.has(both) ? undefined : found);
        }
      }
    }
  }
  return ({ sku, item, variation }) => coded.get(sku) ?? named.get(JSON.stringify([fold(item), fold(variation)]));
}

/** The names of something in all its languages, folded. */
export const namesOf = ({ name }: { readonly name: Texts }): Set<string> => new Set(Object.values(name).map(fold));

/** As in a history, letters' case makes no other name. */
export const fold = (name: string): string => tidy(name).toLowerCase();
