import { type Movement, OrderChanged, type OrderFacts, OrderPlaced, StockMoved } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, expect, test } from 'vitest';
import { inventory } from '../inventory.service.js';
import { chosen, orderLine, orderWith, voided } from './testing/orders.js';

let it: TestService;
let beef: string;
let cheese: string;
let eggs: string;
const burger = { itemId: newId(), variationId: newId() };
const extraCheese = newId();
const grams = (amount: number) => ({ amount, unit: 'g' });

async function makeStockItem(name: string, fields: object = {}): Promise<string> {
  const { body } = await it
    .call('post', '/v1/inventory/stock-items')
    .send({ name, unit: 'g', ...fields })
    .expect(201);
  return body.id;
}

const put = (...recipes: object[]) => it.call('put', '/v1/inventory/recipes').send({ recipes }).expect(200);

beforeAll(async () => {
  it = await testService(inventory);
  [beef, cheese] = [await makeStockItem('Beef'), await makeStockItem('Cheese')];
  eggs = await makeStockItem('Eggs', { unit: 'piece', pieceWeightMg: 55_000 });
  await put(
    {
      of: 'variation',
      ...burger,
      components: [
        { stockItemId: beef, quantity: grams(160), yieldPermille: 800 },
        { stockItemId: cheese, quantity: grams(20) },
        { stockItemId: eggs, quantity: grams(55) },
      ],
    },
    { of: 'modifier', modifierId: extraCheese, components: [{ stockItemId: cheese, quantity: grams(30) }] },
  );
});

/** Buys a kilogram at so much. */
const buy = (locationId: string, stockItemId: string, cost: number) =>
  it
    .call('post', '/v1/inventory/receipts')
    .send({ locationId, lines: [{ stockItemId, quantity: grams(1_000), cost }], occurredAt: '2026-03-06T12:00:00Z' })
    .expect(201);

const order = (locationId: string, quantity = 1): OrderFacts =>
  orderWith([orderLine({ id: newId(), ...burger, quantity, modifiers: [chosen(extraCheese)] })], {
    id: newId(),
    locationId,
  });

async function movementsOf(orderId: string): Promise<Movement[]> {
  return (await it.call('get', `/v1/inventory/movements?orderId=${orderId}&limit=200`).expect(200)).body.data;
}

const sumOf = (movements: Movement[], stockItemId: string) =>
  movements
    .filter((movement) => movement.stockItemId === stockItemId)
    .reduce(
      (sum, { quantity, cost }) => ({ quantity: sum.quantity + quantity, micros: sum.micros + (cost?.micros ?? 0) }),
      { quantity: 0, micros: 0 },
    );

test('a burger with extra cheese takes the right grams, yields and pieces, and says what the food cost', async () => {
  const { id: locationId } = await it.makeLocation();
  await buy(locationId, beef, 1_390);
  const facts = order(locationId, 2);
  await it.deliver(OrderPlaced, facts);
  const movements = await movementsOf(facts.id);
  expect(sumOf(movements, beef)).toEqual({ quantity: -400, micros: -556_000_000 });
  expect(sumOf(movements, cheese)).toEqual({ quantity: -100, micros: 0 });
  expect(sumOf(movements, eggs)).toEqual({ quantity: -2, micros: 0 });
  expect(new Set(movements.map(({ recipeVersion }) => recipeVersion))).toEqual(new Set([1]));
  const [told] = (await it.published(StockMoved)).filter(({ subject }) => subject === facts.id);
  const costs = told?.data.movements.map(({ stockItemId, cost }) => [stockItemId, cost]);
  expect(costs).toContainEqual([beef, { micros: -556_000_000, currency: 'USD' }]);
  expect(costs).toContainEqual([cheese, null]);
});

test('what is given back is given back at what it cost, though the price has moved since', async () => {
  const { id: locationId } = await it.makeLocation();
  await buy(locationId, beef, 1_000);
  const facts = order(locationId, 3);
  await it.deliver(OrderPlaced, facts);
  await buy(locationId, beef, 2_000);
  const [line] = facts.checks[0]?.lines ?? [];
  if (!line) throw new Error('The order has no line.');
  const { checks } = orderWith([{ ...line, ...voided(false) }], facts);
  await it.deliver(OrderChanged, { ...facts, checks }, { aggregateVersion: 2 });
  expect(sumOf(await movementsOf(facts.id), beef)).toEqual({ quantity: 0, micros: 0 });
  await eventually(
    async () => {
      const { body } = await it.call('get', `/v1/inventory/levels?locationId=${locationId}&stockItemId=${beef}`);
      expect(body.data).toMatchObject([{ quantity: 2_000, value: 3_000_000_000 }]);
    },
    { within: 5_000 },
  );
});

test('a late order takes the recipe version in force at its occurredAt, frozen on its stock movements', async () => {
  const { id: locationId } = await it.makeLocation();
  const soup = { itemId: newId(), variationId: newId() };
  const recipe = (amount: number, effectiveFrom?: string) => ({
    of: 'variation',
    ...soup,
    components: [{ stockItemId: beef, quantity: grams(amount) }],
    ...(effectiveFrom && { effectiveFrom }),
  });
  await put(recipe(100));
  await put(recipe(150, '2026-03-07T00:00:00Z'));
  const at = (orderedAt: string) =>
    orderWith([orderLine({ id: newId(), ...soup, quantity: 1, orderedAt })], { id: newId(), locationId });
  const [late, today] = [at('2026-03-06T19:30:00.000Z'), at('2026-03-08T19:30:00.000Z')];
  await it.deliver(OrderPlaced, today);
  await it.deliver(OrderPlaced, late);
  await put(recipe(900, '2026-03-06T00:00:00Z'));
  expect(await movementsOf(late.id)).toMatchObject([{ quantity: -100, recipeVersion: 1 }]);
  expect(await movementsOf(today.id)).toMatchObject([{ quantity: -150, recipeVersion: 2 }]);
  const [line] = late.checks[0]?.lines ?? [];
  if (!line) throw new Error('The order has no line.');
  const { checks } = orderWith([{ ...line, quantity: 2 }], late);
  await it.deliver(OrderChanged, { ...late, checks }, { aggregateVersion: 2 });
  expect((await movementsOf(late.id)).map(({ quantity, recipeVersion }) => [quantity, recipeVersion])).toEqual([
    [-100, 1],
    [-100, 1],
  ]);
});
