import { OrderPlaced, type Variance } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { inventory } from '../inventory.service.js';
import { orderLine, orderWith } from '../orders/testing/orders.js';

let it: TestService;
let cheese: string;
let ham: string;

beforeAll(async () => {
  it = await testService(inventory);
  [cheese, ham] = [await makeStockItem('Mozzarella'), await makeStockItem('Ham')];
});

const grams = (amount: number) => ({ amount, unit: 'g' });
const at = (time: string): string => `2026-03-${time}:00Z`;

async function makeStockItem(name: string): Promise<string> {
  return (await it.call('post', '/v1/inventory/stock-items').send({ name, unit: 'g' }).expect(201)).body.id;
}

/** Enters something at a location of New York, whose business day ends hours after midnight of UTC. */
const enter = (what: string, locationId: string, amount: number, time: string, fields: object = {}) =>
  it
    .call('post', `/v1/inventory/${what}`)
    .send({
      locationId,
      occurredAt: at(time),
      lines: [{ stockItemId: cheese, quantity: grams(amount), ...(what === 'receipts' && { cost: amount }) }],
      ...(what === 'waste' && { reason: 'Fell' }),
      ...fields,
    })
    .expect(201);

async function variances(locationId: string, query = ''): Promise<Variance[]> {
  return (await it.call('get', `/v1/inventory/variances?locationId=${locationId}${query}`).expect(200)).body.data;
}

const rows = (found: Variance[]) =>
  found.map(({ businessDate, theoretical, counted, variance }) => [businessDate, theoretical, counted, variance]);

describe('the variance report', () => {
  test('says theoretical − counted = variance per ingredient per business day, with its cost', async () => {
    const { id: locationId } = await it.makeLocation();
    await enter('receipts', locationId, 5_000, '06T14:00');
    await enter('waste', locationId, 200, '06T15:00');
    await enter('counts', locationId, 4_700, '06T22:00');
    await enter('receipts', locationId, 1_000, '07T14:00');
    await enter('counts', locationId, 5_650, '07T18:00');
    await enter('counts', locationId, 5_660, '07T22:00');
    const found = await variances(locationId);
    expect(rows(found)).toEqual([
      ['2026-03-06', 4_800, 4_700, 100],
      ['2026-03-07', 5_700, 5_660, 40],
    ]);
    expect(found.map(({ name, unit, cost }) => [name, unit, cost])).toEqual([
      ['Mozzarella', 'g', { micros: 100_000_000, currency: 'USD' }],
      ['Mozzarella', 'g', { micros: 40_000_000, currency: 'USD' }],
    ]);
    expect(rows(await variances(locationId, '&from=2026-03-07'))).toHaveLength(1);
    expect(rows(await variances(locationId, `&to=2026-03-06&stockItemId=${cheese}`))).toHaveLength(1);
    expect(await variances(locationId, `&stockItemId=${ham}`)).toEqual([]);
  });

  test('shows what was too much as less than nothing, and no cost where no price is known', async () => {
    const { id: locationId } = await it.makeLocation();
    await it
      .call('post', '/v1/inventory/counts')
      .send({ locationId, occurredAt: at('06T22:00'), lines: [{ stockItemId: ham, quantity: grams(300) }] })
      .expect(201);
    expect(await variances(locationId)).toMatchObject([{ theoretical: 0, counted: 300, variance: -300, cost: null }]);
  });

  test('is told anew of a late offline sale from before the count, which changes nothing of the stock after it', async () => {
    const { id: locationId } = await it.makeLocation();
    const pizza = { itemId: newId(), variationId: newId() };
    const components = [{ stockItemId: cheese, quantity: grams(120) }];
    await it
      .call('put', '/v1/inventory/recipes')
      .send({ recipes: [{ of: 'variation', ...pizza, components }] })
      .expect(200);
    await enter('receipts', locationId, 1_000, '06T14:00');
    await enter('counts', locationId, 880, '06T22:00');
    expect(rows(await variances(locationId))).toEqual([['2026-03-06', 1_000, 880, 120]]);
    const line = orderLine({ id: newId(), ...pizza, quantity: 1, orderedAt: '2026-03-06T19:30:00.000Z' });
    await it.deliver(OrderPlaced, orderWith([line], { id: newId(), locationId }));
    await eventually(async () => expect(rows(await variances(locationId))).toEqual([['2026-03-06', 880, 880, 0]]), {
      within: 5_000,
    });
    const { body } = await it.call('get', `/v1/inventory/levels?locationId=${locationId}`).expect(200);
    expect(body.data).toMatchObject([{ quantity: 880 }]);
  });

  test('comes page by page, for a location that the caller may see', async () => {
    const { id: locationId } = await it.makeLocation();
    const lines = [cheese, ham].map((stockItemId) => ({ stockItemId, quantity: grams(10) }));
    for (const time of ['06T22:00', '07T22:00'])
      await it
        .call('post', '/v1/inventory/counts')
        .send({ locationId, occurredAt: at(time), lines })
        .expect(201);
    const path = `/v1/inventory/variances?locationId=${locationId}`;
    const { body: first } = await it.call('get', `${path}&limit=3`).expect(200);
    const { body: rest } = await it.call('get', `${path}&limit=3&cursor=${first.nextCursor}`).expect(200);
    const seen = [...first.data, ...rest.data].map(({ businessDate, stockItemId }) => `${businessDate} ${stockItemId}`);
    expect(seen).toEqual(
      ['2026-03-06', '2026-03-07'].flatMap((day) => [cheese, ham].toSorted().map((id) => `${day} ${id}`)),
    );
    expect((await it.call('get', path, { key: it.other.key }).expect(200)).body.data).toEqual([]);
    const key = await it.makeKey({ scopes: ['inventory:read'], locationIds: [it.location.id] });
    await it.call('get', path, { key }).expect(403);
    const { body: all } = await it.call('get', '/v1/inventory/variances', { key }).expect(200);
    expect(all.data.filter((row: Variance) => row.locationId !== it.location.id)).toEqual([]);
  });
});
