import { randomUUID } from 'node:crypto';
import { PooledComanda } from '@comanda/client/node';
import type { Demo } from '../platform/bench-platform.js';

/** A restaurant that sells: what can be ordered there, and the guests it knows. */
export interface Shop {
  readonly locationId: string;
  readonly menuHash: string;
  readonly variationIds: readonly string[];
  readonly customerIds: readonly string[];
}

const GUESTS = 200;

/** The demo's location where tax is added to the price, with guests who collect points. */
export async function openShop({ baseUrl, apiKey, locations }: Demo): Promise<Shop> {
  const api = new PooledComanda({ baseUrl, apiKey, connections: 4 });
  try {
    const locationId = locations[1]?.id ?? '';
    const path = { locationId };
    const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path });
    const customerIds = await Promise.all(
      Array.from({ length: GUESTS }, async (_, number) => {
        const id = randomUUID();
        await api.POST('/v1/loyalty/customers', { key: id, body: { id, name: `Guest ${number + 1}` } });
        return id;
      }),
    );
    await fillShelves(api, locationId);
    const variationIds = menu.items.flatMap(({ variations }) => variations.map(({ id }) => id));
    return { locationId, menuHash: menu.hash, variationIds, customerIds };
  } finally {
    await api.close();
  }
}

/** So much of everything that no load empties a shelf: what is sold out would be refused. */
async function fillShelves(api: PooledComanda, locationId: string): Promise<void> {
  const lines: { stockItemId: string; quantity: { amount: number; unit: 'kg' } }[] = [];
  for await (const { id } of api.all('/v1/inventory/stock-items'))
    lines.push({ stockItemId: id, quantity: { amount: 1_000_000, unit: 'kg' } });
  const id = randomUUID();
  await api.POST('/v1/inventory/receipts', {
    key: id,
    body: { id, locationId, reference: 'For a long evening', lines },
  });
}

/** The next one in turn: every dish is sold, and every guest comes again. */
const nextOf = (all: readonly string[], turn: number): string => all[turn % all.length] ?? '';

/** An order of three different dishes for two at a table, as a till sends it: with ids of its own. */
export function orderAt(
  shop: Shop,
  turn: number,
  customerId: string | null = null,
): { readonly id: string; readonly [field: string]: unknown } {
  return {
    id: randomUUID(),
    checkId: randomUUID(),
    locationId: shop.locationId,
    menuHash: shop.menuHash,
    channel: 'pos',
    serviceType: 'dine_in',
    table: '12',
    covers: 2,
    customerId,
    lines: [0, 1, 2].map((index) => ({
      id: randomUUID(),
      variationId: nextOf(shop.variationIds, turn * 3 + index),
      quantity: 1,
      ...(index === 0 && { note: 'well done please' }),
    })),
  };
}

/** The guest whose turn it is. */
export const guestOf = (shop: Shop, turn: number): string => nextOf(shop.customerIds, turn);
