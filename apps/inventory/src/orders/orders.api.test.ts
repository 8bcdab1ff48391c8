import {
  type Movement,
  OrderCancelled,
  OrderChanged,
  type OrderFacts,
  type OrderLine,
  OrderPlaced,
  StockDepleted,
  StockMoved,
  StockReplenished,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { inventory } from '../inventory.service.js';
import { chosen, orderLine, orderWith, voided } from './testing/orders.js';

let it: TestService;
let beef: string;
let cheese: string;
const burger = { itemId: newId(), variationId: newId() };
const extraCheese = newId();

const grams = (amount: number) => ({ amount, unit: 'g' });

async function makeStockItem(name: string): Promise<string> {
  const { body } = await it.call('post', '/v1/inventory/stock-items').send({ name, unit: 'g' }).expect(201);
  return body.id;
}

const put = (...recipes: object[]) => it.call('put', '/v1/inventory/recipes').send({ recipes }).expect(200);
const receive = (locationId: string, stockItemId: string, amount: number, fields: object = {}) =>
  it
    .call('post', '/v1/inventory/receipts')
    .send({ locationId, lines: [{ stockItemId, quantity: grams(amount) }], ...fields })
    .expect(201);

beforeAll(async () => {
  it = await testService(inventory);
  [beef, cheese] = [await makeStockItem('Beef'), await makeStockItem('Cheese')];
  await put(
    {
      of: 'variation',
      ...burger,
      components: [
        { stockItemId: beef, quantity: grams(180) },
        { stockItemId: cheese, quantity: grams(20) },
      ],
    },
    { of: 'modifier', modifierId: extraCheese, components: [{ stockItemId: cheese, quantity: grams(30) }] },
  );
});

const line = (fields: Partial<OrderLine> = {}): OrderLine =>
  orderLine({ id: newId(), ...burger, quantity: 1, ...fields });
const order = (locationId: string, ...lines: OrderLine[]): OrderFacts => orderWith(lines, { id: newId(), locationId });

async function levels(locationId: string): Promise<Record<string, number>> {
  const { body } = await it.call('get', `/v1/inventory/levels?locationId=${locationId}`).expect(200);
  return Object.fromEntries(
    body.data.map(({ stockItemId, quantity }: { stockItemId: string; quantity: number }) => [stockItemId, quantity]),
  );
}

/** Orders are booked when their event has been handled, and shown in the levels a moment later. */
const settled = (locationId: string, expected: Record<string, number>) =>
  eventually(async () => expect(await levels(locationId)).toEqual(expected), { within: 5_000 });

async function movementsOf(orderId: string): Promise<Movement[]> {
  const { body } = await it.call('get', `/v1/inventory/movements?orderId=${orderId}&limit=200`).expect(200);
  return body.data;
}

const moved = async (causeId: string) => (await it.published(StockMoved)).filter(({ subject }) => subject === causeId);

describe('an order', () => {
  test('takes what its recipes say, with extra cheese, and says by which recipe', async () => {
    const { id: locationId } = await it.makeLocation();
    await receive(locationId, beef, 1_000, { occurredAt: '2015-01-01T06:00:00Z' });
    const facts = order(locationId, line({ quantity: 2, modifiers: [chosen(extraCheese)] }));
    await it.deliver(OrderPlaced, facts);
    await settled(locationId, { [beef]: 640, [cheese]: -100 });
    const [lineId] = facts.checks[0]?.lines.map(({ id }) => id) ?? [];
    const movements = await movementsOf(facts.id);
    const taken = movements.map(({ stockItemId, quantity }) => `${stockItemId} ${quantity}`);
    expect(new Set(taken)).toEqual(new Set([`${beef} -360`, `${cheese} -40`, `${cheese} -60`]));
    for (const movement of movements)
      expect(movement).toMatchObject({
        kind: 'sale',
        orderId: facts.id,
        causeId: facts.id,
        locationId,
        lineId,
        recipeVersion: 1,
        businessDate: '2026-03-06',
        occurredAt: '2026-03-06T19:30:00.000Z',
        unit: 'g',
      });
    expect(await moved(facts.id)).toMatchObject([{ version: 1, data: { kind: 'sale', locationId } }]);
  });

  test('that changes books the difference, and tells each change with the next version', async () => {
    const { id: locationId } = await it.makeLocation();
    const [first, second] = [line(), line({ quantity: 3 })];
    const facts = order(locationId, first);
    await it.deliver(OrderPlaced, facts);
    await it.deliver(OrderChanged, { ...facts, ...withLines(facts, first, second) }, { aggregateVersion: 2 });
    await it.deliver(OrderChanged, { ...facts, ...withLines(facts, first, second) }, { aggregateVersion: 3 });
    await it.deliver(
      OrderChanged,
      { ...facts, ...withLines(facts, first, { ...second, ...voided(false) }) },
      { aggregateVersion: 4 },
    );
    await settled(locationId, { [beef]: -180, [cheese]: -20 });
    expect((await moved(facts.id)).map(({ version, data }) => [version, data.kind])).toEqual([
      [1, 'sale'],
      [2, 'sale'],
      [3, 'return'],
    ]);
  });

  test('that is cancelled gives back what the kitchen had not begun', async () => {
    const { id: locationId } = await it.makeLocation();
    const [fired, placed] = [line({ status: 'fired' }), line()];
    const facts = order(locationId, fired, placed);
    await it.deliver(OrderPlaced, facts);
    await it.deliver(OrderCancelled, { ...facts, status: 'cancelled' }, { aggregateVersion: 2 });
    await settled(locationId, { [beef]: -180, [cheese]: -20 });
  });

  test('is booked once, however often and in whatever order its events come', async () => {
    const { id: locationId } = await it.makeLocation();
    const [first, second] = [line(), line({ quantity: 2 })];
    const facts = order(locationId, first);
    const changed = { ...facts, ...withLines(facts, first, second) };
    const { id } = await it.deliver(OrderChanged, changed, { aggregateVersion: 2 });
    await it.deliver(OrderPlaced, facts, { aggregateVersion: 1 });
    await it.deliver(OrderChanged, changed, { aggregateVersion: 2, id });
    await it.deliver(OrderChanged, changed, { aggregateVersion: 2 });
    await settled(locationId, { [beef]: -540, [cheese]: -60 });
    expect(await movementsOf(facts.id)).toHaveLength(4);
  });

  test('of a line voided after a count gives it back before the count: what was counted stays', async () => {
    const { id: locationId } = await it.makeLocation();
    const sold = line({ orderedAt: '2026-03-06T19:30:00.000Z' });
    const facts = order(locationId, sold);
    await it.deliver(OrderPlaced, facts);
    await it
      .call('post', '/v1/inventory/counts')
      .send({ locationId, occurredAt: '2026-03-06T19:45:00Z', lines: [{ stockItemId: beef, quantity: grams(700) }] })
      .expect(201);
    await it.deliver(
      OrderChanged,
      { ...facts, ...withLines(facts, { ...sold, ...voided(false) }) },
      { aggregateVersion: 2 },
    );
    await settled(locationId, { [beef]: 700, [cheese]: 0 });
  });

  test('is booked by the recipe that held when it was ordered, as soon as that is known', async () => {
    const { id: locationId } = await it.makeLocation();
    const [item, stockItemId] = [{ itemId: newId(), variationId: newId() }, await makeStockItem('Flour')];
    const recipe = (amount: number, effectiveFrom: string) => ({
      of: 'variation',
      ...item,
      effectiveFrom,
      components: [{ stockItemId, quantity: grams(amount) }],
    });
    await put(recipe(200, '2026-01-01T00:00:00Z'), recipe(250, '2026-03-01T00:00:00Z'));
    await it.deliver(OrderPlaced, order(locationId, line({ ...item, orderedAt: '2026-02-28T23:59:59.999Z' })));
    await settled(locationId, { [stockItemId]: -200 });
    await it.deliver(OrderPlaced, order(locationId, line({ ...item, orderedAt: '2026-03-01T00:00:00.000Z' })));
    await settled(locationId, { [stockItemId]: -450 });
  });

  test('of things without a recipe moves nothing', async () => {
    const { id: locationId } = await it.makeLocation();
    const facts = order(locationId, line({ variationId: newId() }));
    await it.deliver(OrderPlaced, facts);
    expect(await movementsOf(facts.id)).toEqual([]);
    expect(await moved(facts.id)).toEqual([]);
  });

  test('is counted among those that stock has followed, with or without movements', async () => {
    const { id: locationId } = await it.makeLocation();
    const [sold, free] = [order(locationId, line(), line()), order(locationId, line({ variationId: newId() }))];
    const ask = async (key = it.key) =>
      (
        await it
          .call('post', '/v1/inventory/movements/summary', { key })
          .send({ orderIds: [sold.id, free.id, newId()] })
          .expect(200)
      ).body;
    expect(await ask()).toEqual({ orders: 0, movements: 0 });
    for (const facts of [sold, free]) await it.deliver(OrderPlaced, facts);
    expect(await ask()).toEqual({ orders: 2, movements: 4 });
    expect(await ask(await it.makeKey({ locationIds: [it.location.id] }))).toEqual({ orders: 0, movements: 0 });
    expect(await ask(it.other.key)).toEqual({ orders: 0, movements: 0 });
  });

  test('of five hundred lines is told in parts that a broker takes', async () => {
    const { id: locationId } = await it.makeLocation();
    const facts = order(locationId, ...Array.from({ length: 600 }, () => line()));
    await it.deliver(OrderPlaced, facts);
    await settled(locationId, { [beef]: -108_000, [cheese]: -12_000 });
    const told = await moved(facts.id);
    expect(told.map(({ version, data }) => [version, data.movements.length])).toEqual([
      [1, 1_000],
      [2, 200],
    ]);
  });

  test('sells out what runs out, and a receipt brings it back', async () => {
    const { id: locationId } = await it.makeLocation();
    await receive(locationId, beef, 300);
    await receive(locationId, cheese, 1_000);
    await it.deliver(OrderPlaced, order(locationId, line({ quantity: 2 })));
    await settled(locationId, { [beef]: -60, [cheese]: 960 });
    const here = ({ data }: { data: { locationId: string } }): boolean => data.locationId === locationId;
    expect((await it.published(StockDepleted)).filter(here)).toMatchObject([
      { version: 1, data: { name: 'Beef', quantity: -60, affected: [burger] } },
    ]);
    await receive(locationId, beef, 5_000);
    expect((await it.published(StockReplenished)).filter(here)).toMatchObject([
      { version: 2, data: { name: 'Beef', quantity: 4_940, affected: [burger] } },
    ]);
  });
});

test('a hundred orders at once, at two locations, come to the sum of what they took', async () => {
  const places = [(await it.makeLocation()).id, (await it.makeLocation()).id];
  await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      it.deliver(OrderPlaced, order(places[i % 2] ?? '', line(), line({ quantity: 2 }))),
    ),
  );
  for (const locationId of places) await settled(locationId, { [beef]: -27_000, [cheese]: -3_000 });
});

test('an order of another organization moves nothing of ours', async () => {
  const { id: locationId } = await it.makeLocation();
  const facts = order(locationId, line());
  await it.deliver(OrderPlaced, facts, { organizationId: it.other.id });
  expect(await movementsOf(facts.id)).toEqual([]);
  expect(await levels(locationId)).toEqual({});
});

test('what a killed process left is settled by the next look', async () => {
  const { id: locationId } = await it.makeLocation();
  await it.sql.query(
    `insert into unsettled (organization_id, location_id, counted, stock_item_ids, quantities, occurred_ats)
     values ($1, $2, false, array[$3]::uuid[], array[-180], array[now()])`,
    [it.id, locationId, beef],
  );
  await settled(locationId, { [beef]: -180 });
});

function withLines(facts: OrderFacts, ...lines: OrderLine[]): Pick<OrderFacts, 'checks'> {
  return { checks: orderWith(lines, facts).checks };
}
