import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { menu, ON_THE_MENU as on } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;
let locationId: string;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

/** Each test has a location of its own, where nothing is counted yet. */
async function open(left: Record<string, number>): Promise<void> {
  ({ id: locationId } = await it.makeLocation());
  await shop.publish(menu({ locationId }), 1);
  for (const [variationId, remaining] of Object.entries(left)) await count(variationId, remaining);
}
const count = (variationId: string, remaining: number) =>
  it.call('put', `/v1/orders/countdowns/${locationId}/${variationId}`).send({ remaining }).expect(200);
const order = (lines: object[], more: object = {}) =>
  it.call('post', '/v1/orders').send({ locationId, lines, ...more });
const pints = (quantity: number) => ({ variationId: on.beerPint, quantity });
const remaining = async (): Promise<Record<string, number>> => {
  const { body } = await it.call('get', `/v1/orders/countdowns?locationId=${locationId}`).expect(200);
  return Object.fromEntries(
    body.data.map((row: { variationId: string; remaining: number }) => [row.variationId, row.remaining]),
  );
};

describe('a countdown', () => {
  test('with one left and fifty orders at once sells exactly one', async () => {
    await open({ [on.beerPint]: 1 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => order([pints(1)])));
    const statuses = answers.map(({ status }) => status).filter((status) => status !== 503);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.every((status) => [201, 409].includes(status))).toBe(true);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({
      code: 'countdown_exhausted',
      remaining: [{ variationId: on.beerPint, remaining: 0 }],
    });
    expect(await remaining()).toEqual({ [on.beerPint]: 0 });
    const { rows } = await it.sql.query('select id from orders where location_id = $1', [locationId]);
    expect(rows).toHaveLength(1);
  });

  test('is taken from by all lines of an order together, or not at all', async () => {
    await open({ [on.beerPint]: 3, [on.margheritaSmall]: 5 });
    await order([pints(2), pints(2), { variationId: on.margheritaSmall }]).expect(409);
    expect(await remaining()).toEqual({ [on.beerPint]: 3, [on.margheritaSmall]: 5 });
    await order([pints(1), pints(2), { variationId: on.margheritaSmall }]).expect(201);
    expect(await remaining()).toEqual({ [on.beerPint]: 0, [on.margheritaSmall]: 4 });
  });

  test('orders that take the same things in opposite order never wait for each other', async () => {
    const half = 15;
    await open({ [on.beerPint]: 2 * half, [on.margheritaSmall]: 2 * half });
    const both = [pints(1), { variationId: on.margheritaSmall }];
    const orders = Array.from({ length: 2 * half }, (_, n) => {
      const [lines, idempotencyKey] = [n % 2 === 0 ? both : both.toReversed(), newId()];
      return () => it.call('post', '/v1/orders', { idempotencyKey }).send({ locationId, lines });
    });
    const answers = await Promise.all(orders.map((place) => place()));
    // A machine that is busy lets in fewer at once: the others come back under the same key.
    for (const { status } of answers) expect([201, 503]).toContain(status);
    for (const place of orders) await place().expect(201);
    expect(await remaining()).toEqual({ [on.beerPint]: 0, [on.margheritaSmall]: 0 });
  });

  test('gets back what was voided or cancelled before the kitchen knew of it', async () => {
    await open({ [on.beerPint]: 10 });
    const { body: voiding } = await order([pints(2), pints(3)]).expect(201);
    const [first, second] = voiding.checks[0].lines;
    const voidLine = (id: string) =>
      it.call('post', `/v1/orders/${voiding.id}/lines/${id}/void`).send({ reason: 'No' });
    await voidLine(first.id).expect(200);
    expect(await remaining()).toEqual({ [on.beerPint]: 7 });
    await it.call('post', `/v1/orders/${voiding.id}/fire`).expect(200);
    await voidLine(second.id).expect(200);
    expect(await remaining()).toEqual({ [on.beerPint]: 7 });

    const { body: cancelling } = await order([pints(4)]).expect(201);
    await it.call('post', `/v1/orders/${cancelling.id}/cancel`).send({ reason: 'No' }).expect(200);
    expect(await remaining()).toEqual({ [on.beerPint]: 7 });
  });

  test('gets nothing back of what was ordered before the last count', async () => {
    await open({ [on.beerPint]: 10 });
    const { body } = await order([pints(4)]).expect(201);
    await count(on.beerPint, 10);
    await it.call('post', `/v1/orders/${body.id}/cancel`).send({ reason: 'No' }).expect(200);
    expect(await remaining()).toEqual({ [on.beerPint]: 10 });
  });

  test('is taken from by added lines too', async () => {
    await open({ [on.beerPint]: 3 });
    const { body } = await order([pints(1)]).expect(201);
    const add = (quantity: number) => it.call('post', `/v1/orders/${body.id}/lines`).send({ lines: [pints(quantity)] });
    expect((await add(3).expect(409)).body.code).toBe('countdown_exhausted');
    await add(2).expect(201);
    expect(await remaining()).toEqual({ [on.beerPint]: 0 });
  });

  test('does not stop what the guests already have', async () => {
    await open({ [on.beerPint]: 0 });
    await order([pints(1)], { completed: true }).expect(201);
    expect(await remaining()).toEqual({ [on.beerPint]: 0 });
  });
});

describe('the countdowns of a location', () => {
  test('are set, counted down, set anew, and removed', async () => {
    await open({});
    const { body: set } = await count(on.beerPint, 3);
    expect(set).toMatchObject({ locationId, variationId: on.beerPint, remaining: 3, version: 1 });
    await order([pints(1)]).expect(201);
    expect((await count(on.beerPint, 8)).body).toMatchObject({ remaining: 8, version: 3 });
    await it.call('delete', `/v1/orders/countdowns/${locationId}/${on.beerPint}`).expect(204);
    await it.call('delete', `/v1/orders/countdowns/${locationId}/${on.beerPint}`).expect(404);
    await order([pints(100)]).expect(201);
  });

  test('are listed a page at a time, for whom the location is', async () => {
    await open({ [on.beerPint]: 3, [on.margheritaSmall]: 4, [on.margheritaLarge]: 5 });
    const list = async (query = '') =>
      (await it.call('get', `/v1/orders/countdowns?locationId=${locationId}${query}`).expect(200)).body;
    const first = await list('&limit=2');
    const second = await list(`&limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map((row) => row.remaining)).toEqual([4, 5, 3]);
    const key = await it.makeKey({ locationIds: [it.location.id] });
    await it.call('get', `/v1/orders/countdowns?locationId=${locationId}`, { key }).expect(403);
    await it
      .call('put', `/v1/orders/countdowns/${locationId}/${on.beerPint}`, { key })
      .send({ remaining: 1 })
      .expect(403);
    expect((await it.call('get', '/v1/orders/countdowns', { key }).expect(200)).body.data).toEqual([]);
  });

  test('refuse a location nobody knows and a number below zero', async () => {
    await open({});
    const unknown = it.call('put', `/v1/orders/countdowns/${newId()}/${on.beerPint}`).send({ remaining: 1 });
    expect((await unknown.expect(404)).body.code).toBe('not_found');
    await it.call('put', `/v1/orders/countdowns/${locationId}/${on.beerPint}`).send({ remaining: -1 }).expect(400);
  });
});
