import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, type Comanda, type Location, type Menu, type NewLocation, type NewReceipt } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { foundOrganization } from '@comanda/identity';
import type { DataSource } from 'typeorm';
import { CommandFailure } from '../cli/failure.js';
import type { Demo, Home } from '../platform/home.js';
import { derivedId } from '../replay/derived-id.js';
import { bundled } from './bundled.js';
import { demoMenu } from './demo-menu.js';
import { readItems } from './items.js';
import { putRecipes } from './put-recipes.js';

interface DemoLoading {
  readonly home: Home;
  /** Identity's database: an organization is founded there, nobody can make one over the API. */
  readonly identity: DataSource;
  readonly baseUrl: string;
  readonly secret: string;
  readonly progress: (step: string) => void;
}

/** Loads the demo chain on the first start, through the API like anybody else; a later start finds it again. */
export async function loadDemo({ home, identity, baseUrl, secret, progress }: DemoLoading): Promise<Demo> {
  const known = await home.demo.read();
  const there = await isKnown(baseUrl, known?.apiKey ?? 'none');
  if (known && there) {
    const demo = { ...known, baseUrl };
    await home.demo.write(demo);
    return demo;
  }
  progress('loading the demo chain');
  const organizationId = derivedId('demo organization');
  const apiKey = await foundOrganization(identity, secret, { ...CHAIN, id: organizationId }, 'Demo');
  const api = new PooledComanda({ baseUrl, apiKey, connections: 4 });
  try {
    await eventually('the demo key', () => keyWorksEverywhere(baseUrl, apiKey));
    const locations = await openLocations(api);
    await draftTaxes(api, locations);
    await loadMenu(api, locations);
    const demo = { baseUrl, organizationId, apiKey, locations: locations.map(({ id, name }) => ({ id, name })) };
    await home.demo.write(demo);
    return demo;
  } finally {
    await api.close();
  }
}

/** @throws CommandFailure when nothing answers there */
async function isKnown(baseUrl: string, apiKey: string): Promise<boolean> {
  const api = new PooledComanda({ baseUrl, apiKey, connections: 1 });
  try {
    await api.GET('/v1/identity/organization');
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return false;
    throw error;
  } finally {
    await api.close();
  }
}

/** Every service hears of the key by itself. */
async function keyWorksEverywhere(baseUrl: string, apiKey: string): Promise<void> {
  const nowhere = '00000000-0000-0000-0000-000000000000';
  const paths = [
    '/v1/identity/organization',
    '/v1/catalog/items',
    '/v1/orders',
    '/v1/payments',
    '/v1/inventory/levels',
    `/v1/loyalty/customers/${nowhere}`,
  ];
  for (const path of paths) {
    const { status } = await fetch(baseUrl + path, { headers: { authorization: `Bearer ${apiKey}` } });
    if (status === 401) throw new Error(`${path} does not know the key yet.`);
  }
}

const CHAIN = { name: 'Pizza Place', mode: 'test' as const, languages: ['en', 'it'] };

const US = { code: 'US-IL' };

/** One place without tax, one where tax is added, one where it is in the price. */
async function openLocations(api: Comanda): Promise<Location[]> {
  const places: Omit<NewLocation, 'id' | 'platformFee'>[] = [
    { name: 'Pizza Place Downtown', currency: 'USD', timeZone: 'America/Chicago', jurisdiction: US },
    { name: 'Pizza Place Lakeside', currency: 'USD', timeZone: 'America/Chicago', jurisdiction: US },
    {
      name: 'Pizza Place Roma',
      currency: 'EUR',
      timeZone: 'Europe/Rome',
      jurisdiction: { code: 'IT' },
      cashRounding: { step: 5, mode: 'half-up' },
    },
  ];
  const locations: Location[] = [];
  for (const place of places) {
    const id = derivedId('demo location', place.name);
    const { data } = await api.POST('/v1/identity/locations', {
      key: `demo-${id}`,
      body: { id, ...place, platformFee: { rate: 10_000, fixed: 10 } },
    });
    locations.push(data);
  }
  return locations;
}

async function draftTaxes(api: Comanda, [, lakeside, roma]: readonly Location[]): Promise<void> {
  const taxes = [
    { name: 'Sales tax', rate: 88_750, inclusive: false, locationIds: lakeside ? [lakeside.id] : [] },
    { name: 'IVA', rate: 100_000, inclusive: true, locationIds: roma ? [roma.id] : [] },
  ];
  for (const tax of taxes) {
    const body = { id: derivedId('demo tax', tax.name), ...tax };
    // A refusal is remembered with its key: each try, while catalog has not heard of the location, has its own.
    await eventually('location in catalog', () => api.POST('/v1/catalog/taxes', { body }));
  }
}

async function loadMenu(api: Comanda, locations: readonly Location[]): Promise<void> {
  const { items } = readItems(await readFile(bundled.items), 'items.csv');
  const menu = demoMenu(await readFile(bundled.orders), items);
  for (const [currency, csv] of Object.entries(menu.spreadsheets))
    await api.POST('/v1/catalog/import', { query: { currency }, key: `demo-menu-${currency}`, body: csv });
  const published: Menu[] = [];
  for (const { id } of locations) {
    const path = { locationId: id };
    const key = `demo-publish-${id}`;
    const { hash } = (await api.POST('/v1/catalog/locations/{locationId}/publish', { path, key })).data;
    const menu = await api.GET('/v1/catalog/locations/{locationId}/menus/{hash}', { path: { ...path, hash } });
    published.push(menu.data);
  }
  const [first] = published;
  if (first) await putRecipes(api, first, items, ({ sku }) => menu.sellables.get(sku ?? ''));
  await receiveOpeningStock(api, locations);
  for (const each of published) await eventually('the menu in orders', () => quoteFrom(api, each));
}

/** What is on the shelves on the first day: received, before any history begins. */
async function receiveOpeningStock(api: Comanda, locations: readonly Location[]): Promise<void> {
  const lines: NewReceipt['lines'] = [];
  for await (const { id } of api.all('/v1/inventory/stock-items'))
    lines.push({ stockItemId: id, quantity: { amount: 100, unit: 'kg' } });
  for (const { id: locationId } of locations) {
    const id = derivedId('demo opening stock', locationId);
    await eventually('the location in inventory', () =>
      api.POST('/v1/inventory/receipts', {
        key: `demo-${id}-${Date.now()}`,
        body: { id, locationId, occurredAt: OPENING, reference: 'Opening stock', lines },
      }),
    );
  }
}

const OPENING = '2014-12-31T12:00:00Z';

async function quoteFrom(api: Comanda, { locationId, hash, items }: Menu): Promise<void> {
  const variationId = items[0]?.variations[0]?.id ?? '';
  await api.POST('/v1/orders/quote', { body: { locationId, menuHash: hash, lines: [{ variationId }] } });
}

/** Tries until it works: services hear of each other's news within a moment. What was made before stays made. */
async function eventually(what: string, attempt: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'id_taken') return;
      if (performance.now() > until)
        throw new CommandFailure(`After a minute there was still no ${what}: ${(error as Error).message}`);
      await pause(100);
    }
  }
}
