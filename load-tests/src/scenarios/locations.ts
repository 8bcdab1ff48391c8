import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, type Comanda } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import type { Demo } from '../platform/bench-platform.js';
import { everythingKept, fillShelves, type Place, type Shop } from './shop.js';

/** Opens so many more locations of the chain, each with a published menu and full shelves. @returns the shop, selling at all of them */
export async function openLocations({ baseUrl, apiKey }: Demo, shop: Shop, count: number): Promise<Shop> {
  const api = new PooledComanda({ baseUrl, apiKey, connections: AT_ONCE });
  try {
    const stock = await everythingKept(api);
    const numbers = Array.from({ length: count }, (_, number) => number).values();
    const places: Place[] = [];
    const open = async (): Promise<void> => {
      for (const number of numbers) places.push(await openLocation(api, number, stock, shop));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, open));
    return { ...shop, places };
  } finally {
    await api.close();
  }
}

const AT_ONCE = 32;

async function openLocation(api: Comanda, number: number, stock: readonly string[], shop: Shop): Promise<Place> {
  const locationId = randomUUID();
  const path = { locationId };
  await api.POST('/v1/identity/locations', {
    key: locationId,
    body: {
      id: locationId,
      name: `Pizza Place ${number + 1}`,
      currency: 'USD',
      timeZone: 'America/Chicago',
      jurisdiction: { code: 'US-IL' },
    },
  });
  const { data: menu } = await onceKnown(() =>
    api.POST('/v1/catalog/locations/{locationId}/publish', { path, key: randomUUID() }),
  );
  await onceKnown(() => fillShelves(api, locationId, stock));
  const lines = [{ variationId: shop.variationIds[0] ?? '' }];
  await onceKnown(() => api.POST('/v1/orders/quote', { body: { locationId, menuHash: menu.hash, lines } }));
  return { locationId, menuHash: menu.hash };
}

/** Tries until it works: services hear of each other's news within a moment. */
async function onceKnown<T>(attempt: () => Promise<T>): Promise<T> {
  const until = performance.now() + 60_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiProblem) || performance.now() > until) throw error;
      await pause(50);
    }
  }
}
