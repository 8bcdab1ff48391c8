import {
  type Availability,
  type Envelope,
  ItemAvailabilityChanged,
  StockDepleted,
  StockReplenished,
} from '@comanda/contracts';
import { inTransaction, newId } from '@comanda/platform';
import { type TestLocation, type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catalog } from '../catalog.service.js';
import { StockConsumer } from './stock.consumer.js';

let it: TestService;
/** A location of its own for every test, and a pizza in two sizes. */
let here: TestLocation;
let pizza: { id: string; small: string; large: string };

beforeAll(async () => {
  it = await testService(catalog);
});
beforeEach(async () => {
  here = await it.makeLocation();
  const variations = ['S', 'L'].map((name) => ({ name: { en: name }, prices: { USD: 10_50 } }));
  const { body } = await it
    .call('post', '/v1/catalog/items')
    .send({ name: { en: 'Margherita' }, variations })
    .expect(201);
  pizza = { id: body.id, small: body.variations[0].id, large: body.variations[1].id };
});

const path = (itemId = '', locationId = here.id) =>
  `/v1/catalog/locations/${locationId}/availability${itemId && `/${itemId}`}`;
const set = (body: object, itemId = pizza.id) => it.call('put', path(itemId)).send(body);
const listed = async (): Promise<Availability[]> => (await it.call('get', path()).expect(200)).body.data;
const told = async () =>
  (await it.published(ItemAvailabilityChanged)).filter(({ data }) => data.locationId === here.id);
const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('by hand', () => {
  test('an item goes off sale and comes back, and each is told once', async () => {
    const { body: gone } = await set({ available: false }).expect(200);
    expect(gone).toMatchObject({
      locationId: here.id,
      itemId: pizza.id,
      variationId: null,
      reason: 'manual',
      available: false,
      until: null,
    });
    await set({ available: false }).expect(200);
    expect(await listed()).toEqual([gone]);
    const { body: back } = await set({ available: true }).expect(200);
    expect(back).toMatchObject({ id: gone.id, available: true });
    await set({ available: true }).expect(200);
    expect(await listed()).toEqual([]);
    expect(await told()).toMatchObject([
      { subject: gone.id, version: 1, data: { itemId: pizza.id, available: false, until: null } },
      { subject: gone.id, version: 2, data: { itemId: pizza.id, available: true, until: null } },
    ]);
  });

  test('one variation goes off sale alone', async () => {
    await set({ available: false, variationId: pizza.small }).expect(200);
    expect(await listed()).toMatchObject([{ itemId: pizza.id, variationId: pizza.small }]);
    await set({ available: false }).expect(200);
    expect(await listed()).toHaveLength(2);
  });

  test('what never was off sale is on sale, and there is nothing to tell', async () => {
    const { body } = await set({ available: true }).expect(200);
    expect(body).toMatchObject({ available: true, until: null, changedAt: null });
    expect(await told()).toEqual([]);
  });

  test('what is gone until a time comes back by itself within two seconds, and that is told', async () => {
    const until = soon(1_000);
    const { body: gone } = await set({ available: false, until }).expect(200);
    expect(gone.until).toBe(until);
    await eventually(async () => expect(await told()).toHaveLength(2), { within: 3_000 });
    expect((await told()).at(-1)).toMatchObject({
      subject: gone.id,
      version: 2,
      data: { available: true, until: null },
    });
    expect(await listed()).toEqual([]);
  });

  test('what is back by the clock is not listed as gone, told or not', async () => {
    await set({ available: false, until: soon(800) }).expect(200);
    await it.sql.query('begin');
    await it.sql.query('select 1 from availability where location_id = $1 for update', [here.id]);
    expect(await listed()).toHaveLength(1);
    await eventually(async () => expect(await listed()).toEqual([]), { within: 1_500 });
    expect(await told()).toHaveLength(1);
    await it.sql.query('commit');
    await eventually(async () => expect(await told()).toHaveLength(2), { within: 2_000 });
  });

  test('another time is a change of its own', async () => {
    const [early, late] = [soon(60_000), soon(120_000)];
    await set({ available: false, until: early }).expect(200);
    await set({ available: false, until: early }).expect(200);
    await set({ available: false, until: late }).expect(200);
    await set({ available: false }).expect(200);
    expect((await told()).map(({ version, data }) => [version, data.until])).toEqual([
      [1, early],
      [2, late],
      [3, null],
    ]);
  });

  test('a list goes on where the last page ended', async () => {
    for (const variationId of [null, pizza.small, pizza.large])
      await set({ available: false, variationId }).expect(200);
    const { body: first } = await it.call('get', `${path()}?limit=2`).expect(200);
    const { body: second } = await it.call('get', `${path()}?limit=2&cursor=${first.nextCursor}`).expect(200);
    const ids = [...first.data, ...second.data].map(({ id }: Availability) => id);
    expect(ids).toEqual((await listed()).map(({ id }) => id));
    expect(ids).toHaveLength(3);
  });

  test('what was archived since may still be on a menu, and goes off sale', async () => {
    await it.call('delete', `/v1/catalog/items/${pizza.id}`).set('if-match', '"1"').expect(204);
    await set({ available: false, variationId: pizza.small }).expect(200);
  });
});

const affected = (...variationIds: string[]) => variationIds.map((variationId) => ({ itemId: pizza.id, variationId }));
const level = (id: string, variations: object[]) => ({
  id,
  locationId: here.id,
  stockItemId: newId(),
  name: 'Mozzarella Cheese',
  quantity: 0,
  unit: 'g',
  affected: variations,
});
const depleted = (id: string, version: number, ...variationIds: string[]) =>
  it.deliver(StockDepleted, level(id, affected(...variationIds)), { aggregateVersion: version });
const replenished = (id: string, version: number, ...variationIds: string[]) =>
  it.deliver(StockReplenished, level(id, affected(...variationIds)), { aggregateVersion: version });
const replenishment = (id: string, ...variationIds: string[]): Envelope<typeof StockReplenished> => ({
  id: newId(),
  type: StockReplenished.type,
  source: '/comanda/inventory',
  subject: id,
  time: new Date().toISOString(),
  recordedAt: new Date().toISOString(),
  organizationId: it.id,
  aggregateVersion: 2,
  traceparent: null,
  data: StockReplenished.data.parse(level(id, affected(...variationIds))),
});
const off = async () => (await listed()).map(({ variationId }) => variationId);

describe('by stock', () => {
  test('what can no longer be made goes off sale when it ran out, and comes back when it is received', async () => {
    const cheese = newId();
    const { time } = await depleted(cheese, 1, pizza.small, pizza.large);
    expect(new Set(await off())).toEqual(new Set([pizza.small, pizza.large]));
    await replenished(cheese, 2, pizza.small, pizza.large);
    expect(await off()).toEqual([]);
    const events = await told();
    expect(events.map(({ version, data }) => [version, data.reason, data.available])).toEqual([
      [1, 'stock', false],
      [1, 'stock', false],
      [2, 'stock', true],
      [2, 'stock', true],
    ]);
    expect(events[0]?.occurredAt).toEqual(new Date(time));
  });

  test('what two things keep from being sold comes back when both are there', async () => {
    const [cheese, ham] = [newId(), newId()];
    await depleted(cheese, 1, pizza.small, pizza.large);
    await depleted(ham, 1, pizza.large);
    await replenished(cheese, 2, pizza.small);
    expect(await off()).toEqual([pizza.large]);
    await replenished(ham, 2, pizza.large);
    expect(await off()).toEqual([]);
  });

  test('news of two stock items that overtake one another lead to the same end', async () => {
    const [cheese, ham] = [newId(), newId()];
    await depleted(cheese, 1, pizza.large);
    await replenished(cheese, 2, pizza.large);
    await depleted(ham, 1, pizza.large);
    await replenished(ham, 2);
    expect(await off()).toEqual([]);
  });

  test('two that are replenished at once do not overlook each other', async () => {
    const [cheese, ham] = [newId(), newId()];
    await depleted(cheese, 1, pizza.large);
    await depleted(ham, 1, pizza.large);
    const lock = [`catalog.stock:${here.id}`];
    await it.sql.query('select pg_advisory_lock(hashtextextended($1, 0))', lock);
    const consumer = it.service.app.get(StockConsumer);
    const both = Promise.all(
      [cheese, ham].map((id) =>
        inTransaction(it.service.app.get(DataSource), it.id, (tx) =>
          consumer.moved([replenishment(id, pizza.large)], tx),
        ),
      ),
    );
    await eventually(
      async () => {
        const { rows } = await it.sql.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(2);
      },
      { within: 1_500 },
    );
    await it.sql.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock);
    await both;
    expect(await off()).toEqual([]);
  });

  test('old news change nothing', async () => {
    const cheese = newId();
    await replenished(cheese, 4, pizza.small);
    await depleted(cheese, 3, pizza.small);
    expect(await off()).toEqual([]);
    expect(await told()).toEqual([]);
  });

  test('a hand does not put on sale what is out of stock, nor stock what a hand took off', async () => {
    const cheese = newId();
    await depleted(cheese, 1, pizza.small);
    await set({ available: true, variationId: pizza.small }).expect(200);
    expect(await listed()).toMatchObject([{ variationId: pizza.small, reason: 'stock' }]);
    await set({ available: false, variationId: pizza.small }).expect(200);
    await replenished(cheese, 2, pizza.small);
    expect(await listed()).toMatchObject([{ variationId: pizza.small, reason: 'manual' }]);
  });
});

describe('403, 404 and 422', () => {
  test('a credential of one location takes things off sale there alone', async () => {
    const key = await it.makeKey({ locationIds: [here.id] });
    await it.call('put', path(pizza.id), { key }).send({ available: false }).expect(200);
    const elsewhere = path(pizza.id, it.location.id);
    expect((await it.call('put', elsewhere, { key }).send({ available: false }).expect(403)).body.code).toBe(
      'location_forbidden',
    );
  });

  test('another organization’s locations and items are not there', async () => {
    const { key, location } = it.other;
    const send = (target: string) => it.call('put', target, { key }).send({ available: false });
    await send(path(pizza.id)).expect(404);
    await send(path(pizza.id, location.id)).expect(404);
    await it.call('get', path(), { key }).expect(404);
    await set({ available: false }, newId()).expect(404);
  });

  test('a variation of another item is refused', async () => {
    expect((await set({ available: false, variationId: newId() }).expect(422)).body).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/variationId' }],
    });
  });

  test('nothing comes back in the past', async () => {
    expect((await set({ available: false, until: soon(-1_000) }).expect(422)).body).toMatchObject({
      code: 'until_passed',
      errors: [{ pointer: '/until' }],
    });
  });
});
