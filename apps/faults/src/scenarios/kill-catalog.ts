import { setTimeout as pause } from 'node:timers/promises';
import type { Comanda } from '@comanda/client';
import { Broken } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';

/** Guests see the old price list or the new one, never some of each. */
export const killCatalog: Scenario = {
  id: 'F4',
  title: 'kill -9 of catalog while it publishes a price list',
  share: 0.03,
  async play({ world, traffic, dice, kills, say }) {
    const catalog = world.service('catalog');
    const locationId = world.demo.locations[0]?.id ?? '';
    const path = { locationId };
    const items = await itemsAt(traffic.api, locationId);
    let [published, amid] = [0, 0];
    for (let edition = 1; edition <= kills; edition++) {
      const price = { amount: 1_000 + edition, currency: 'USD' };
      for (const item of items) await traffic.insist(() => override(traffic.api, locationId, item, price));
      let done = false;
      const publishing = traffic
        .insist((key) => traffic.api.POST('/v1/catalog/locations/{locationId}/publish', { key, path }))
        .finally(() => (done = true));
      await pause(dice.between(0, 60));
      if (!done) amid += 1;
      await catalog.kill();
      await catalog.start();
      const seen = await traffic.insist(() => traffic.api.GET('/v1/catalog/locations/{locationId}/menu', { path }));
      const prices = seen.items
        .filter(({ id }) => items.some((item) => item.id === id))
        .flatMap(({ variations }) => variations.map((variation) => variation.price));
      const editions = new Set(prices.map((amount) => (amount > 1_000 && amount <= 1_000 + kills ? amount : 0)));
      if (editions.size > 1)
        throw new Broken(`A menu has prices of ${editions.size} price lists: ${[...editions].join(', ')}.`);
      await publishing;
      published += 1;
      const { operations } = traffic.journal;
      await soon('guests are served', 30_000, () => traffic.journal.operations > operations);
      if (edition % 10 === 0) say(`${edition} price lists`);
    }
    return { kills, figures: { 'price lists': published, 'killed amid': amid } };
  },
};

interface Item {
  readonly id: string;
  readonly variations: readonly string[];
}

async function itemsAt(api: Comanda, locationId: string): Promise<Item[]> {
  const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
  return menu.items.slice(0, 5).map(({ id, variations }) => ({ id, variations: variations.map((each) => each.id) }));
}

/** Says a price in place of what was said before, whoever said it last. */
async function override(
  api: Comanda,
  locationId: string,
  { id, variations }: Item,
  price: { amount: number; currency: string },
) {
  const { data } = await api.GET('/v1/catalog/locations/{locationId}/overrides', { path: { locationId } });
  const version = data.data.find(({ itemId }) => itemId === id)?.version;
  const body = {
    variations: variations.map((variationId) => ({ variationId, price })),
    ...(version !== undefined && { version }),
  };
  return api.PUT('/v1/catalog/locations/{locationId}/overrides/{itemId}', { path: { locationId, itemId: id }, body });
}
