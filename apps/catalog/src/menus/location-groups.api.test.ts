import { newId } from '@comanda/platform';
import { type TestLocation, type TestService, testService } from '@comanda/service/testing';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catalog } from '../catalog.service.js';

let it: TestService;
/** A location of its own for every test, and an item that is sold at all of them. */
let here: TestLocation;
let item: { id: string; variations: { id: string }[] };

beforeAll(async () => {
  it = await testService(catalog);
  item = await made('items', {
    name: { en: 'Espresso' },
    variations: [{ name: { en: 'Single' }, prices: { USD: 3_00, EUR: 1_50 } }],
  });
});
beforeEach(async () => {
  here = await it.makeLocation();
});

const made = async (path: string, body: object) =>
  (await it.call('post', `/v1/catalog/${path}`).send(body).expect(201)).body;
const groupWith = (facts: object) => made('location-groups', { name: 'Airports', locationIds: [here.id], ...facts });
const costing = (amount: number) => [
  { itemId: item.id, variations: [{ variationId: item.variations[0]?.id, prices: { USD: amount } }] },
];
const of = (path: string) => `/v1/catalog/locations/${here.id}/${path}`;
/** What an espresso costs here once everything is published; `undefined` when it is not sold. */
const priceHere = async (): Promise<number | undefined> => {
  await it.call('post', of('publish')).expect(200);
  const { body } = await it.call('get', of('menu')).expect(200);
  return body.items.find(({ id }: { id: string }) => id === item.id)?.variations[0].price;
};

describe('the menu of a location is the chain’s, then its group’s, then its own', () => {
  test('and removing what differs falls back, step by step', async () => {
    expect(await priceHere()).toBe(3_00);
    const group = await groupWith({ overrides: costing(4_00) });
    expect(await priceHere()).toBe(4_00);
    const own = [{ variationId: item.variations[0]?.id, price: { amount: 5_00, currency: 'USD' } }];
    await it
      .call('put', of(`overrides/${item.id}`))
      .send({ variations: own })
      .expect(200);
    expect(await priceHere()).toBe(5_00);
    await it
      .call('delete', of(`overrides/${item.id}`))
      .set('if-match', '"1"')
      .expect(204);
    expect(await priceHere()).toBe(4_00);
    await it.call('patch', `/v1/catalog/location-groups/${group.id}`).send({ version: 1, overrides: [] }).expect(200);
    expect(await priceHere()).toBe(3_00);
  });

  test('a group takes an item off everywhere in it, and a location of it puts it back', async () => {
    await groupWith({ overrides: [{ itemId: item.id, present: false }] });
    expect(await priceHere()).toBeUndefined();
    await it
      .call('put', of(`overrides/${item.id}`))
      .send({ present: true })
      .expect(200);
    expect(await priceHere()).toBe(3_00);
  });

  test('of two groups the later decides; a location in neither sells as the chain does', async () => {
    await groupWith({ name: 'Region', position: 2, overrides: costing(4_20) });
    await groupWith({ name: 'Franchise', position: 1, overrides: costing(4_10) });
    expect(await priceHere()).toBe(4_20);
    here = await it.makeLocation();
    expect(await priceHere()).toBe(3_00);
  });

  test('a group may have locations of several currencies: each takes the price in its own', async () => {
    here = await it.makeLocation({ currency: 'EUR', timeZone: 'Europe/Rome', name: 'Fiumicino' });
    await groupWith({ overrides: costing(4_00) });
    expect(await priceHere()).toBe(1_50);
  });

  test('a group that is archived says nothing any more', async () => {
    const { id } = await groupWith({ overrides: costing(4_00) });
    await it.call('delete', `/v1/catalog/location-groups/${id}`).set('if-match', '"1"').expect(204);
    expect(await priceHere()).toBe(3_00);
  });
});

describe('422', () => {
  test('for locations, items and variations that there are not, all of them named', async () => {
    const other = await made('items', { name: { en: 'Tea' }, variations: [{ name: { en: 'Pot' } }] });
    const overrides = [
      { itemId: newId() },
      { itemId: item.id, variations: [{ variationId: other.variations[0].id }, { variationId: newId() }] },
    ];
    const { body } = await it
      .call('post', '/v1/catalog/location-groups')
      .send({ name: 'Airports', locationIds: [here.id, it.other.location.id], overrides })
      .expect(422);
    expect(body).toMatchObject({ code: 'reference_unknown' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/locationIds/1',
      '/overrides/0/itemId',
      '/overrides/1/variations/0/variationId',
      '/overrides/1/variations/1/variationId',
    ]);
  });
});
