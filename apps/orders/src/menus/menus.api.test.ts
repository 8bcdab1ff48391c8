import { ItemAvailabilityChanged } from '@comanda/contracts';
import { newId, readServiceToken, serviceTokenKey } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { menu, ON_THE_MENU as on, seal } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;
let locationId: string;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

beforeEach(async () => {
  shop.catalog.failing = undefined;
  ({ id: locationId } = await it.makeLocation());
});

const SOON = { within: 15_000 };
const quote = (more: object = {}) => it.call('post', '/v1/orders/quote').send(shop.body({ locationId, ...more }));
const totalOf = async (): Promise<number> => (await quote().expect(200)).body.totals.total.amount;

describe('a published menu', () => {
  test('is fetched by its hash, as orders, for the organization alone, and sold from', async () => {
    const published = menu({ locationId });
    await shop.publish(published, 1);
    expect((await quote().expect(200)).body.menuHash).toBe(published.hash);
    const { path, authorization = '' } = shop.catalog.asked.at(-1) ?? {};
    expect(path).toBe(`/v1/catalog/locations/${locationId}/menus/${published.hash}`);
    const token = authorization.replace('Bearer ', '');
    expect(readServiceToken(serviceTokenKey(it.environment['COMANDA_SECRET'] ?? ''), token)).toEqual({
      organizationId: it.id,
      scopes: ['catalog:read'],
      service: 'orders',
    });
  });

  test('replaces the one before within a second; an order may still name the old one', async () => {
    const old = menu({ locationId });
    await shop.publish(old, 1);
    expect(await totalOf()).toBe(27_60);
    await shop.publish(menu({ locationId, pint: 700 }), 2);
    await eventually(async () => expect(await totalOf()).toBe(30_00), { within: 2_000 });
    expect((await quote({ menuHash: old.hash }).expect(200)).body.totals.total.amount).toBe(27_60);
  });

  test('that arrives after a newer one does not go on sale', async () => {
    await shop.publish(menu({ locationId, pint: 700 }), 2);
    await shop.publish(menu({ locationId }), 1);
    const { body } = await quote().expect(200);
    expect(body.totals.total.amount).toBe(30_00);
  });

  test('that was on sale before goes on sale again when it is published again, without being fetched', async () => {
    const old = menu({ locationId });
    await shop.publish(old, 1);
    await shop.publish(menu({ locationId, pint: 700 }), 2);
    const asked = shop.catalog.asked.length;
    await shop.publish(old, 3);
    await eventually(async () => expect(await totalOf()).toBe(27_60), { within: 2_000 });
    expect(shop.catalog.asked).toHaveLength(asked);
  });

  test('of another location cannot be named', async () => {
    await shop.publish(menu({ locationId }), 1);
    expect((await quote({ menuHash: shop.menu.hash }).expect(422)).body.code).toBe('menu_unknown');
  });
});

describe('while catalog is away', () => {
  test.each<[string, Shop['catalog']['failing']]>([
    ['does not answer', 503],
    ['answers with something else', { hello: 'world' }],
    ['answers with another menu', menu({ pint: 1 })],
  ])('because it %s, the last menu is sold from; the new one comes by itself', async (_, failing) => {
    await shop.publish(menu({ locationId }), 1);
    shop.catalog.failing = failing;
    const next = menu({ locationId, pint: 700 });
    await shop.publish(next, 2, { arrives: false });
    const asked = shop.catalog.asked.length;
    await eventually(() => shop.catalog.asked.length > asked, SOON);
    expect(await totalOf()).toBe(27_60);
    await it.call('post', '/v1/orders').send(shop.body({ locationId })).expect(201);
    // One that is named must be the one that is meant: it has been published and will be here.
    const { headers } = await quote({ menuHash: next.hash }).expect(503);
    expect(headers['retry-after']).toBe('1');
    shop.catalog.failing = undefined;
    await eventually(async () => expect(await totalOf()).toBe(30_00), { within: 30_000 });
  });

  test('a location whose first menu is on its way is told to come again, not that there is none', async () => {
    shop.catalog.failing = 500;
    await shop.publish(menu({ locationId }), 1, { arrives: false });
    expect((await quote().expect(503)).body.code).toBe('unavailable');
    shop.catalog.failing = undefined;
    await eventually(async () => expect(await totalOf()).toBe(27_60), { within: 30_000 });
  });

  test('a catalog that never answers is given up on, and the menu comes later', async () => {
    shop.catalog.failing = 'silence';
    const first = menu({ locationId });
    await shop.publish(first, 1, { arrives: false });
    await eventually(() => shop.catalog.asked.some(({ path }) => path.endsWith(first.hash)), SOON);
    shop.catalog.failing = undefined;
    await eventually(async () => expect(await totalOf()).toBe(27_60), { within: 30_000 });
  });

  test('it is left alone after five failures in a row, and the metrics say so', async () => {
    const breaker = async (): Promise<string | undefined> =>
      /circuit_breaker_open\{.*to="catalog".*\} (\d)/.exec(await it.service.metrics.metrics())?.[1];
    await eventually(async () => expect(await breaker()).toBe('0'), { within: 30_000 });
    shop.catalog.failing = 500;
    for (let n = 0; n < 6; n++) {
      const { id } = await it.makeLocation();
      await shop.publish(menu({ locationId: id }), 1, { arrives: false });
    }
    await eventually(async () => expect(await breaker()).toBe('1'), SOON);
    shop.catalog.failing = undefined;
    await eventually(async () => expect(await breaker()).toBe('0'), { within: 30_000 });
  });
});

describe('an item that is out', () => {
  const out = (more: object = {}, version = 1) =>
    it.deliver(
      ItemAvailabilityChanged,
      {
        id: newId(),
        locationId,
        itemId: on.beer,
        variationId: null,
        reason: 'manual',
        available: false,
        until: null,
        ...more,
      },
      { aggregateVersion: version },
    );

  beforeEach(() => shop.publish(menu({ locationId }), 1));

  test('is refused at once, also in a quote, and sold again when it is back', async () => {
    await quote().expect(200);
    const id = newId();
    await out({ id });
    const { body } = await quote().expect(422);
    expect(body).toMatchObject({ code: 'item_unavailable', errors: [{ pointer: '/lines/1/variationId' }] });
    const refused = await it.call('post', '/v1/orders').send(shop.body({ locationId }));
    expect(refused.body.code).toBe('item_unavailable');
    await out({ id, available: true }, 2);
    await quote().expect(200);
  });

  test('stays out whatever another organization asks for there', async () => {
    await out();
    const { status } = await it.call('post', '/v1/orders', { key: it.other.key }).send(shop.body({ locationId }));
    expect(status).toBe(422);
    const refused = await it.call('post', '/v1/orders').send(shop.body({ locationId }));
    expect(refused.body.code).toBe('item_unavailable');
  });

  test('is out for as long as one reason says so', async () => {
    const [manual, stock] = [newId(), newId()];
    await out({ id: manual });
    await out({ id: stock, reason: 'stock' });
    await out({ id: manual, available: true }, 2);
    await quote().expect(422);
    await out({ id: stock, reason: 'stock', available: true }, 2);
    await quote().expect(200);
  });

  test('comes back by itself at its time, whatever nobody says', async () => {
    await out({ until: new Date(Date.now() + 1_500).toISOString() });
    await quote().expect(422);
    await eventually(async () => (await quote()).status === 200, { within: 5_000 });
  });

  test('is not put back by an event that is late', async () => {
    const id = newId();
    await out({ id }, 2);
    await out({ id, available: true }, 1);
    await quote().expect(422);
  });

  test('by one variation leaves the others on sale', async () => {
    await out({ itemId: on.margherita, variationId: on.margheritaSmall });
    await quote().expect(200);
    await quote({ lines: [{ variationId: on.margheritaSmall }] }).expect(422);
  });
});

test('a menu of a newer catalog, which says more than is known here, is sold from', async () => {
  const { hash: _, ...content } = menu({ locationId });
  const newer = { ...content, items: content.items.map((item) => ({ ...item, allergens: ['gluten'] })), music: 'soft' };
  await shop.publish(seal(newer), 1);
  expect(await totalOf()).toBe(27_60);
});

test('a menu is sold from also when it has more choices than anybody could list, in circles', async () => {
  const { hash: _, ...content } = menu({ locationId });
  const circular = content.modifierGroups.map((group) => ({
    ...group,
    min: 0,
    modifiers: group.modifiers.map((modifier) => ({ ...modifier, modifierGroupIds: [on.toppings] })),
  }));
  await shop.publish(seal({ ...content, modifierGroups: circular }), 1);
  const olives = (modifiers: object[]) => [{ modifierId: on.olives, modifiers }];
  const lines = [{ variationId: on.ownPizzaRegular, modifiers: olives(olives(olives([]))) }];
  expect((await quote({ lines }).expect(200)).body.totals.gross.amount).toBe(14_50);
});
