import { ApiProblem, type Comanda, type Menu, Unreachable } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { BenchFailure } from '../failure.js';
import { everythingKept, fillShelves, makeGuests, type Shop } from './shop.js';

export interface Foreign {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The first one of the organization, unless given. */
  readonly locationId?: string;
}

/**
 * A restaurant of an installation that was there before: what it sells now, to guests who are made for it, from full shelves.
 * Where the key may not make guests or fill shelves, it sells without.
 * @throws BenchFailure where nothing answers, the key opens nothing, there is no menu, or the organization is a live one: its
 *   orders would be cooked, and its cards charged
 */
export async function openForeignShop({ baseUrl, apiKey, locationId }: Foreign): Promise<Shop> {
  const api = new PooledComanda({ baseUrl, apiKey, connections: 4, patience: 10_000 });
  try {
    const { data: organization } = await api.GET('/v1/identity/organization');
    if (organization.mode === 'live')
      throw new BenchFailure(`${organization.name} is live: a load test sells in test organizations only.`);
    const id = locationId ?? (await firstLocation(api));
    const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId: id } });
    const customerIds = await unlessForbidden(makeGuests(api), []);
    await unlessForbidden(refill(api, id), undefined);
    const variationIds = await sellable(api, id, menu);
    if (variationIds.length === 0)
      throw new BenchFailure(`Nothing on the menu of location ${id} can be ordered without a choice.`);
    return { places: [{ locationId: id, menuHash: menu.hash }], variationIds, customerIds };
  } catch (error) {
    if (error instanceof Unreachable || error instanceof ApiProblem) throw new BenchFailure(error.message);
    throw error;
  } finally {
    await api.close();
  }
}

async function firstLocation(api: Comanda): Promise<string> {
  for await (const { id } of api.all('/v1/identity/locations')) return id;
  throw new BenchFailure('The organization has no location.');
}

async function refill(api: Comanda, locationId: string): Promise<void> {
  const stock = await everythingKept(api);
  if (stock.length > 0) await fillShelves(api, locationId, stock);
}

/** So many dishes are enough. */
const DISHES = 24;

/** What can be ordered as it is: some dishes want a choice to be made, and some are sold out. */
async function sellable(api: Comanda, locationId: string, menu: Menu): Promise<string[]> {
  const found: string[] = [];
  for (const { variations } of menu.items.slice(0, 3 * DISHES)) {
    const variationId = variations[0]?.id;
    if (variationId !== undefined && (await canBeOrdered(api, locationId, variationId))) found.push(variationId);
    if (found.length === DISHES) break;
  }
  return found;
}

async function canBeOrdered(api: Comanda, locationId: string, variationId: string): Promise<boolean> {
  try {
    await api.POST('/v1/orders/quote', { body: { locationId, lines: [{ variationId }] } });
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && [409, 422].includes(error.status)) return false;
    throw error;
  }
}

/** What is only an addition is left out where the key does not allow it. */
async function unlessForbidden<T>(attempt: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 403) return otherwise;
    throw error;
  }
}
