import type { Item, ItemOverride } from '@comanda/client';

/** What is to be said of an item at a location. */
export interface NewOverride extends Pick<ItemOverride, 'itemId' | 'present' | 'variations'> {
  /** Of the override that it replaces. */
  readonly version: number | undefined;
}

type VariationOverride = ItemOverride['variations'][number];

/**
 * Decides what must be different at a location before its menu can be published with these prices. What the history sells
 * is sold there, at the price of the history where the location has one of its own. What has no price in the location's
 * currency is not: there is no menu with such a thing on it.
 * @param prices what the history sells, by variation
 */
export function overriding(
  drafts: readonly Item[],
  overrides: ReadonlyMap<string, ItemOverride>,
  prices: ReadonlyMap<string, number>,
  currency: string,
): NewOverride[] {
  return drafts.flatMap((item) => {
    const { present = null, variations = [], version } = overrides.get(item.id) ?? {};
    const isSold = item.variations.some(({ id }) => prices.has(id));
    if (!isSold && !(present ?? item.present)) return [];
    const saidOf = (id: string) => variations.find(({ variationId }) => variationId === id);
    const next = item.variations.flatMap(
      (variation) => overridden(variation, saidOf(variation.id), prices.get(variation.id), currency) ?? [],
    );
    if (isSold) {
      const shown = item.present && present !== false ? present : true;
      return isSame(variations, next) && shown === present
        ? []
        : [{ itemId: item.id, present: shown, variations: next, version }];
    }
    if (isSame(variations, next)) return [];
    const isAway = next.filter((said) => said.present === false).length === item.variations.length;
    // As a whole it is simply not sold here: what is said of its variations can stay.
    return [
      isAway
        ? { itemId: item.id, present: false, variations, version }
        : { itemId: item.id, present, variations: next, version },
    ];
  });
}

function overridden(
  { id: variationId, prices }: Item['variations'][number],
  said: VariationOverride | undefined,
  price: number | undefined,
  currency: string,
): VariationOverride | undefined {
  if (price === undefined) {
    const isPriced = (said?.price ?? prices[currency]) !== undefined;
    return isPriced || said?.present === false ? said : { variationId, present: false, price: null };
  }
  if (!said || (said.present !== false && (said.price === null || said.price.amount === price))) return said;
  return { variationId, present: said.present || null, price: said.price && { amount: price, currency } };
}

const isSame = (before: readonly object[], after: readonly object[]): boolean =>
  before.length === after.length && after.every((said) => before.includes(said));
