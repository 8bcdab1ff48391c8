import { randomUUID } from 'node:crypto';
import type { Comanda } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import type { Demo } from '../platform/bench-platform.js';

/** A restaurant that sells: where, what can be ordered, and the guests it knows. */
export interface Shop {
  /** Its locations; most measures sell at one. */
  readonly places: readonly Place[];
  readonly variationIds: readonly string[];
  readonly customerIds: readonly string[];
}

export interface Place {
  readonly locationId: string;
  readonly menuHash: string;
}

const GUESTS = 200;

/** The demo's location where tax is added to the price, with full shelves and guests who collect points. */
export async function openShop({ baseUrl, apiKey, locations }: Demo): Promise<Shop> {
  const api = new PooledComanda({ baseUrl, apiKey, connections: 4 });
  try {
    const locationId = locations[1]?.id ?? '';
    const path = { locationId };
    const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path });
    const customerIds = await makeGuests(api);
    await fillShelves(api, locationId, await everythingKept(api));
    const variationIds = menu.items.flatMap(({ variations }) => variations.map(({ id }) => id));
    return { places: [{ locationId, menuHash: menu.hash }], variationIds, customerIds };
  } finally {
    await api.close();
  }
}

/** Guests of the chain, who collect points. @returns their ids */
export const makeGuests = (api: Comanda): Promise<string[]> =>
  Promise.all(Array.from({ length: GUESTS }, (_, number) => makeGuest(api, number)));

async function makeGuest(api: Comanda, number: number): Promise<string> {
  const id = randomUUID();
  await api.POST('/v1/loyalty/customers', { key: id, body: { id, name: `Guest ${number + 1}` } });
  return id;
}

/** The ids of all stock items. */
export async function everythingKept(api: Comanda): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of api.all('/v1/inventory/stock-items')) ids.push(id);
  return ids;
}

/** So much of everything that no load empties a shelf: what is sold out would be refused. */
export async function fillShelves(api: Comanda, locationId: string, stockItemIds: readonly string[]): Promise<void> {
  const id = randomUUID();
  const quantity = { amount: 1_000_000, unit: 'kg' as const };
  const lines = stockItemIds.map((stockItemId) => ({ stockItemId, quantity }));
  await api.POST('/v1/inventory/receipts', {
    key: id,
    body: { id, locationId, reference: 'For a long evening', lines },
  });
}

/** The next one in turn: every dish is sold, and every guest comes again. */
const nextOf = (all: readonly string[], turn: number): string => all[turn % all.length] ?? '';

/** As `POST /v1/orders` takes it. */
export interface NewOrder {
  readonly id: string;
  readonly locationId: string;
  readonly menuHash: string;
  readonly lines: readonly { readonly variationId: string; readonly quantity: number }[];
  readonly [field: string]: unknown;
}

/** An order of three different dishes for two at a table, as a till sends it: with ids of its own. */
export function orderAt({ places, variationIds }: Shop, turn: number, customerId: string | null = null): NewOrder {
  const { locationId, menuHash } = places[turn % places.length] ?? { locationId: '', menuHash: '' };
  return {
    locationId,
    menuHash,
    id: randomUUID(),
    checkId: randomUUID(),
    channel: 'pos',
    serviceType: 'dine_in',
    table: '12',
    covers: 2,
    customerId,
    lines: [0, 1, 2].map((index) => ({
      id: randomUUID(),
      variationId: nextOf(variationIds, turn * 3 + index),
      quantity: 1,
      ...(index === 0 && { note: 'well done please' }),
    })),
  };
}

/** The guest whose turn it is; `null` where no guests are known. */
export const guestOf = ({ customerIds }: Shop, turn: number): string | null => nextOf(customerIds, turn) || null;
