import type { LocationGroup } from '@comanda/contracts';
import { byPosition, type Draft, type Layer, type Override, type Place } from './draft.js';

/**
 * What differs from the chain at a location, from the general to the particular: its groups in their order, then what
 * the location says itself.
 */
export function layersAt({ locationGroups }: Pick<Draft, 'locationGroups'>, place: Place, own?: Layer): Layer[] {
  const groups = locationGroups.filter(({ locationIds }) => locationIds.includes(place.locationId));
  return [...groups.toSorted(byPosition).map(({ overrides }) => layerOf(overrides, place)), ...(own ? [own] : [])];
}

/** What a group says, in the currency of one of its locations. Of an item that it names twice the last holds. */
function layerOf(overrides: LocationGroup['overrides'], { currency }: Place): Layer {
  return new Map(
    overrides.map(({ itemId, present, variations }): [string, Override] => [
      itemId,
      {
        itemId,
        present,
        variations: variations.map(({ variationId, present: presentThere, prices, timedPrices }) => ({
          variationId,
          present: presentThere,
          price: priceIn(prices, currency) ?? null,
          timedPrices: timedPrices?.flatMap(({ scheduleId, prices: then }) => {
            const price = priceIn(then, currency);
            return price ? [{ scheduleId, price }] : [];
          }),
        })),
      },
    ]),
  );
}

function priceIn(prices: Prices, currency: string): Price | undefined {
  const amount = prices[currency];
  return amount === undefined ? undefined : { amount, currency };
}
type Prices = Readonly<Record<string, number>>;
type Price = NonNullable<Override['variations'][number]['price']>;
