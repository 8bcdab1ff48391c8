import {
  type Movement,
  type Recipe,
  type StockItem,
  type StockLevel,
  StockDepleted,
  StockLow,
  StockMoved,
  StockReplenished,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { expectContract, expectNoDrift, expectTenancy, type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { inventory } from './inventory.service.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(inventory);
});

const grams = (amount: number) => ({ amount, unit: 'g' });

async function makeStockItem(fields: object = {}, key = it.key): Promise<StockItem> {
  const { body } = await it
    .call('post', '/v1/inventory/stock-items', { key })
    .send({ name: 'Mozzarella', unit: 'g', ...fields })
    .expect(201);
  return body;
}

const enter = (what: 'receipts' | 'counts' | 'waste' | 'adjustments', lines: object[], fields: object = {}) =>
  it.call('post', `/v1/inventory/${what}`).send({ locationId: it.location.id, lines, ...fields });

async function levelOf(stockItemId: string): Promise<StockLevel | undefined> {
  const { body } = await it.call('get', `/v1/inventory/levels?stockItemId=${stockItemId}`).expect(200);
  return body.data[0];
}

async function movements(query: string): Promise<Movement[]> {
  const { body } = await it.call('get', `/v1/inventory/movements?${query}`).expect(200);
  return body.data;
}

describe('stock items', () => {
  test('are made, read, listed oldest first, and changed by version', async () => {
    const flour = await makeStockItem({ name: 'Flour', unit: 'kg', lowAt: 10, recoveredAt: 20, floor: 0 });
    expect(flour).toMatchObject({ name: 'Flour', unit: 'kg', lowAt: 10, recoveredAt: 20, floor: 0, version: 1 });
    const path = `/v1/inventory/stock-items/${flour.id}`;
    expect((await it.call('get', path).expect(200)).body).toEqual(flour);
    const { body: changed } = await it.call('patch', path).send({ lowAt: 15, version: 1 }).expect(200);
    expect(changed).toMatchObject({ name: 'Flour', lowAt: 15, recoveredAt: 20, version: 2 });
    const stale = await it.call('patch', path).set('if-match', '"1"').send({ lowAt: 12 }).expect(412);
    expect(stale.body).toMatchObject({ code: 'version_stale', current: { lowAt: 15, version: 2 } });
    await it.call('patch', path).send({ lowAt: 12 }).expect(428);
    const oil = await makeStockItem({ name: 'Oil', unit: 'l' });
    const { body: first } = await it.call('get', '/v1/inventory/stock-items?limit=1').expect(200);
    const { body: rest } = await it
      .call('get', `/v1/inventory/stock-items?limit=200&cursor=${first.nextCursor}`)
      .expect(200);
    const ids = [...first.data, ...rest.data].map(({ id }: StockItem) => id);
    expect(ids.indexOf(flour.id)).toBeLessThan(ids.indexOf(oil.id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([
    [{ lowAt: 500, recoveredAt: 500 }],
    [{ lowAt: 500, recoveredAt: 499 }],
    [{ lowAt: null, recoveredAt: 500 }],
  ])('are refused with thresholds that contradict each other: %o', async (thresholds) => {
    const made = it.call('post', '/v1/inventory/stock-items').send({ name: 'Ham', unit: 'g', ...thresholds });
    expect((await made.expect(422)).body).toMatchObject({ code: 'thresholds_invalid' });
    const { id } = await makeStockItem();
    const change = it.call('patch', `/v1/inventory/stock-items/${id}`).send({ ...thresholds, version: 1 });
    expect((await change.expect(422)).body).toMatchObject({ code: 'thresholds_invalid' });
  });

  test('have an id that nobody else has', async () => {
    const { id } = await makeStockItem();
    const again = it.call('post', '/v1/inventory/stock-items').send({ id, name: 'Ham', unit: 'g' });
    expect((await again.expect(409)).body.code).toBe('id_taken');
  });
});

describe('recipes', () => {
  const put = (...recipes: object[]) => it.call('put', '/v1/inventory/recipes').send({ recipes });
  const variation = () => ({ of: 'variation', itemId: newId(), variationId: newId() });

  test('are put together, in the stock items’ own units, and hold from the beginning', async () => {
    const [cheese, wine] = [await makeStockItem(), await makeStockItem({ name: 'Wine', unit: 'ml' })];
    const pizza = variation();
    const extra = { of: 'modifier', modifierId: newId() };
    const { body } = await put(
      { ...pizza, components: [{ stockItemId: cheese.id, quantity: { amount: 1, unit: 'kg' } }] },
      { ...extra, components: [{ stockItemId: wine.id, quantity: { amount: 2, unit: 'l' } }] },
    ).expect(200);
    expect(body.data).toMatchObject([
      {
        ...pizza,
        modifierId: null,
        version: 1,
        components: [{ stockItemId: cheese.id, quantity: 1_000, unit: 'g' }],
        effectiveFrom: '1970-01-01T00:00:00.000Z',
      },
      { of: 'modifier', itemId: null, variationId: null, modifierId: extra.modifierId, version: 1 },
    ]);
    const { body: ofOne } = await it.call('get', `/v1/inventory/recipes?modifierId=${extra.modifierId}`).expect(200);
    expect(ofOne).toEqual({ data: [body.data[1]], nextCursor: null });
  });

  test('become a new version when they change, and a repeat changes nothing', async () => {
    const { id: stockItemId } = await makeStockItem();
    const pizza = variation();
    const recipe = (amount: number) => ({ ...pizza, components: [{ stockItemId, quantity: grams(amount) }] });
    const [first] = (await put(recipe(100)).expect(200)).body.data as [Recipe];
    expect((await put(recipe(100)).expect(200)).body.data).toEqual([first]);
    const [second] = (await put(recipe(120)).expect(200)).body.data as [Recipe];
    expect(second).toMatchObject({ id: first.id, version: 2 });
    const path = `/v1/inventory/recipes/${first.id}/versions`;
    const { body: newest } = await it.call('get', `${path}?limit=1`).expect(200);
    const { body: oldest } = await it.call('get', `${path}?limit=1&cursor=${newest.nextCursor}`).expect(200);
    expect([...newest.data, ...oldest.data]).toEqual([second, first]);
    const query = `variationId=${pizza.variationId}`;
    const { body: before } = await it.call('get', `/v1/inventory/recipes?${query}&at=2020-01-01T00:00:00Z`).expect(200);
    expect(before.data).toEqual([first]);
    expect((await it.call('get', `/v1/inventory/recipes?${query}`).expect(200)).body.data).toEqual([second]);
  });

  test('come two hundred at a time', async () => {
    const { id: stockItemId } = await makeStockItem();
    const many = Array.from({ length: 200 }, () => ({
      ...variation(),
      components: [{ stockItemId, quantity: grams(100) }],
    }));
    const { body } = await put(...many).expect(200);
    expect(body.data).toHaveLength(200);
    await put(...many, ...many.slice(0, 1)).expect(400);
  });

  test('are all refused when one of them is wrong', async () => {
    const { id: stockItemId } = await makeStockItem({ unit: 'kg' });
    const [right, wrong] = [variation(), variation()];
    const kilo = { stockItemId, quantity: { amount: 1, unit: 'kg' } };
    const refused = async (component: object) =>
      (await put({ ...right, components: [kilo] }, { ...wrong, components: [kilo, component] }).expect(422)).body;
    const pointer = '/recipes/1/components/1';
    expect(await refused({ stockItemId: newId(), quantity: grams(1) })).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: `${pointer}/stockItemId` }],
    });
    expect(await refused({ stockItemId, quantity: grams(1_500) })).toMatchObject({
      code: 'unit_mismatch',
      errors: [{ pointer: `${pointer}/quantity` }],
    });
    expect(await refused({ stockItemId, quantity: { amount: 1, unit: 'piece' } })).toMatchObject({
      code: 'unit_mismatch',
    });
    for (const effectiveFrom of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00'])
      expect((await put({ ...wrong, components: [], effectiveFrom }).expect(422)).body).toMatchObject({
        code: 'time_not_allowed',
        errors: [{ pointer: '/recipes/0/effectiveFrom' }],
      });
    const { body } = await it.call('get', `/v1/inventory/recipes?variationId=${right.variationId}`).expect(200);
    expect(body.data).toEqual([]);
  });
});

describe('what is entered by hand', () => {
  test('receipt, waste, adjustment and count make the level, each told once and kept for ever', async () => {
    const { id } = await makeStockItem({ name: 'Salami' });
    const { body: receipt } = await enter('receipts', [{ stockItemId: id, quantity: { amount: 5, unit: 'kg' } }], {
      reference: 'DN-1042',
    }).expect(201);
    expect(receipt).toMatchObject({
      kind: 'receipt',
      reference: 'DN-1042',
      movements: [{ stockItemId: id, quantity: 5_000, unit: 'g' }],
    });
    expect(await levelOf(id)).toMatchObject({ name: 'Salami', quantity: 5_000, unit: 'g', countedAt: null });
    await enter('waste', [{ stockItemId: id, quantity: grams(200) }], { reason: 'Fell' }).expect(201);
    await enter('adjustments', [{ stockItemId: id, quantity: grams(-300) }], { reason: 'Typed wrong' }).expect(201);
    expect(await levelOf(id)).toMatchObject({ quantity: 4_500 });
    const { body: count } = await enter('counts', [
      { stockItemId: id, quantity: { amount: 4, unit: 'kg' } },
      { stockItemId: id, quantity: grams(250) },
    ]).expect(201);
    expect(count.movements).toMatchObject([{ quantity: 4_250 }]);
    expect(await levelOf(id)).toMatchObject({ quantity: 4_250, countedAt: count.occurredAt });

    expect(
      (await movements(`stockItemId=${id}`)).map(({ kind, quantity, reason }) => [kind, quantity, reason]),
    ).toEqual([
      ['count', 4_250, null],
      ['adjustment', -300, 'Typed wrong'],
      ['waste', -200, 'Fell'],
      ['receipt', 5_000, null],
    ]);
    const told = (await it.published(StockMoved)).filter(({ data }) => data.movements[0]?.stockItemId === id);
    expect(told.map(({ version, data }) => [version, data.kind])).toEqual([
      [1, 'receipt'],
      [1, 'waste'],
      [1, 'adjustment'],
      [1, 'count'],
    ]);
    expect(told[0]).toMatchObject({ subject: receipt.id, data: { movements: [{ id: receipt.movements[0].id }] } });
  });

  test('a receipt that comes to be known late counts all the same, unless it was counted since', async () => {
    const [counted, not] = [await makeStockItem(), await makeStockItem()];
    await enter('counts', [{ stockItemId: counted.id, quantity: grams(700) }]).expect(201);
    const lines = [counted, not].map(({ id }) => ({ stockItemId: id, quantity: grams(5_000) }));
    const { body } = await enter('receipts', lines, { occurredAt: '2015-01-01T06:00:00Z' }).expect(201);
    expect(body).toMatchObject({ businessDate: '2014-12-31', occurredAt: '2015-01-01T06:00:00.000Z' });
    expect(await levelOf(counted.id)).toMatchObject({ quantity: 700 });
    expect(await levelOf(not.id)).toMatchObject({ quantity: 5_000 });
  });

  test('an old count that comes to be known after a newer one changes nothing', async () => {
    const { id } = await makeStockItem();
    await enter('counts', [{ stockItemId: id, quantity: grams(700) }]).expect(201);
    const occurredAt = '2015-01-01T06:00:00Z';
    await enter('counts', [{ stockItemId: id, quantity: grams(1) }], { occurredAt }).expect(201);
    expect(await levelOf(id)).toMatchObject({ quantity: 700 });
  });

  test('more than there is may go: that is reported, not refused', async () => {
    const { id } = await makeStockItem({ floor: 0 });
    await enter('waste', [{ stockItemId: id, quantity: grams(10) }], { reason: 'Fell' }).expect(201);
    expect(await levelOf(id)).toMatchObject({ quantity: -10, belowFloor: true, depleted: true });
    const { body } = await it.call('get', '/v1/inventory/levels?state=below_floor').expect(200);
    expect(body.data).toMatchObject([{ stockItemId: id }]);
  });

  test.each([
    ['a stock item there is not', () => [{ stockItemId: newId(), quantity: grams(1) }], 'reference_unknown'],
    [
      'more than anybody moves',
      (id: string) => [{ stockItemId: id, quantity: { amount: 10 ** 7, unit: 'kg' } }],
      'amount_too_large',
    ],
    [
      'litres of what is weighed',
      (id: string) => [{ stockItemId: id, quantity: { amount: 1, unit: 'l' } }],
      'unit_mismatch',
    ],
  ] as const)('%s is refused', async (_, lines, code) => {
    const { id } = await makeStockItem();
    expect((await enter('receipts', lines(id)).expect(422)).body.code).toBe(code);
    expect(await levelOf(id)).toBeUndefined();
  });

  test('a location there is not, and a time that may not be set', async () => {
    const { id } = await makeStockItem();
    const lines = [{ stockItemId: id, quantity: grams(1) }];
    expect((await enter('receipts', lines, { locationId: newId() }).expect(422)).body.code).toBe('reference_unknown');
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await enter('receipts', lines, { occurredAt: tomorrow }).expect(422)).body.code).toBe('time_not_allowed');
    const key = await it.makeKey({ scopes: ['inventory:write'] });
    const old = it
      .call('post', '/v1/inventory/receipts', { key })
      .send({ locationId: it.location.id, lines, occurredAt: '2015-01-01T06:00:00Z' });
    expect((await old.expect(422)).body).toMatchObject({ code: 'time_not_allowed', scope: 'orders:import' });
  });

  test('one key is one receipt, also weeks later; another body is refused', async () => {
    const { id } = await makeStockItem();
    const idempotencyKey = newId();
    const post = (amount: number) =>
      it
        .call('post', '/v1/inventory/receipts', { idempotencyKey })
        .send({ locationId: it.location.id, lines: [{ stockItemId: id, quantity: grams(amount) }] });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(100)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(await levelOf(id)).toMatchObject({ quantity: 100 });
    expect((await post(200).expect(422)).body.code).toBe('idempotency_key_reused');
  });

  test('one id is one entry, whatever the key', async () => {
    const [{ id: stockItemId }, id] = [await makeStockItem(), newId()];
    const lines = [{ stockItemId, quantity: grams(100) }];
    await enter('receipts', lines, { id }).expect(201);
    expect((await enter('receipts', lines, { id }).expect(409)).body.code).toBe('id_taken');
    expect(await levelOf(stockItemId)).toMatchObject({ quantity: 100 });
  });

  test('nothing that was recorded can be altered, not even by the owner', async () => {
    const { id } = await makeStockItem();
    await enter('receipts', [{ stockItemId: id, quantity: grams(100) }]).expect(201);
    for (const table of ['movements', 'stock_entries', 'recipe_versions'])
      for (const statement of [
        `update ${table} set organization_id = organization_id`,
        `delete from ${table}`,
        `truncate ${table}`,
      ])
        await expect(it.sql.query(statement), statement).rejects.toThrow(`${table} is append-only`);
  });
});

describe('thresholds', () => {
  test('low is told once, out and back with what is made of it', async () => {
    const { id } = await makeStockItem({ lowAt: 500, recoveredAt: 1_000 });
    const pizza = { itemId: newId(), variationId: newId() };
    await it
      .call('put', '/v1/inventory/recipes')
      .send({ recipes: [{ of: 'variation', ...pizza, components: [{ stockItemId: id, quantity: grams(100) }] }] })
      .expect(200);
    const receive = (amount: number) => enter('receipts', [{ stockItemId: id, quantity: grams(amount) }]).expect(201);
    const waste = (amount: number) =>
      enter('waste', [{ stockItemId: id, quantity: grams(amount) }], { reason: 'Fell' }).expect(201);
    await receive(800);
    await waste(350); // 450: low
    await receive(200); // 650: not recovered yet
    await waste(300); // 350: told already
    await waste(350); // 0: out
    await waste(10);
    await receive(2_000); // back, and recovered
    await waste(1_600); // low again
    const ofItem = ({ data }: { data: { stockItemId: string } }): boolean => data.stockItemId === id;
    const low = await it.published(StockLow);
    const out = await it.published(StockDepleted);
    const back = await it.published(StockReplenished);
    expect(low.filter(ofItem)).toMatchObject([
      { version: 1, data: { quantity: 450 } },
      { version: 4, data: { quantity: 390 } },
    ]);
    expect(out.filter(ofItem)).toMatchObject([{ version: 2, data: { quantity: 0, affected: [pizza] } }]);
    expect(back.filter(ofItem)).toMatchObject([{ version: 3, data: { quantity: 1_990, affected: [pizza] } }]);
    expect(await levelOf(id)).toMatchObject({ quantity: 390, low: true, depleted: false });
    const { text } = await it.http.get('/metrics').expect(200);
    expect(Number(/^stock_outs_total\S* (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  });

  test('that are raised above the level tell at once', async () => {
    const { id } = await makeStockItem();
    await enter('receipts', [{ stockItemId: id, quantity: grams(300) }]).expect(201);
    await it.call('patch', `/v1/inventory/stock-items/${id}`).send({ lowAt: 400, version: 1 }).expect(200);
    const told = (await it.published(StockLow)).filter(({ data }) => data.stockItemId === id);
    expect(told).toMatchObject([{ version: 1, data: { quantity: 300, locationId: it.location.id } }]);
    const { body } = await it.call('get', `/v1/inventory/levels?state=low&stockItemId=${id}`).expect(200);
    expect(body.data).toHaveLength(1);
  });
});

describe('lists', () => {
  test('of levels go by location and stock item, page by page', async () => {
    const { id: locationId } = await it.makeLocation();
    const items = await Promise.all(Array.from({ length: 5 }, () => makeStockItem()));
    await enter(
      'receipts',
      items.map(({ id }) => ({ stockItemId: id, quantity: grams(100) })),
      { locationId },
    ).expect(201);
    const seen: StockLevel[] = [];
    let cursor = '';
    do {
      const page = `/v1/inventory/levels?locationId=${locationId}&limit=2${cursor}`;
      const { body } = await it.call('get', page).expect(200);
      seen.push(...body.data);
      cursor = body.nextCursor && `&cursor=${body.nextCursor}`;
    } while (cursor);
    expect(seen.map(({ stockItemId }) => stockItemId)).toEqual(items.map(({ id }) => id).toSorted());
  });

  test('of movements are filtered, newest first, page by page', async () => {
    const { id } = await makeStockItem();
    const days = ['2016-03-06', '2016-03-07', '2016-03-07', '2016-03-08'];
    for (const day of days)
      await enter('receipts', [{ stockItemId: id, quantity: grams(1) }], { occurredAt: `${day}T18:00:00Z` }).expect(
        201,
      );
    const dates = (found: Movement[]) => found.map(({ businessDate }) => businessDate);
    expect(dates(await movements(`stockItemId=${id}`))).toEqual(days.toReversed());
    expect(dates(await movements(`stockItemId=${id}&businessDate=2016-03-07`))).toEqual(['2016-03-07', '2016-03-07']);
    expect(await movements(`stockItemId=${id}&kind=waste`)).toEqual([]);
    const { body: first } = await it.call('get', `/v1/inventory/movements?stockItemId=${id}&limit=3`).expect(200);
    const { body: rest } = await it
      .call('get', `/v1/inventory/movements?stockItemId=${id}&limit=3&cursor=${first.nextCursor}`)
      .expect(200);
    expect(dates([...first.data, ...rest.data])).toEqual(days.toReversed());
    expect(await movements(`causeId=${first.data[0].causeId}`)).toEqual([first.data[0]]);
    expect(await movements(`orderId=${first.data[0].causeId}`)).toEqual([]);
  });

  test('take no cursor of another list', async () => {
    const { body } = await it.call('get', '/v1/inventory/levels?cursor=WzFd').expect(422);
    expect(body.errors[0].pointer).toBe('query/cursor');
  });
});

describe('whom it concerns', () => {
  test('another organization’s stock is not there: 404, empty lists, unknown references', async () => {
    const theirs = await makeStockItem({}, it.other.key);
    await it
      .call('post', '/v1/inventory/receipts', { key: it.other.key })
      .send({ locationId: it.other.location.id, lines: [{ stockItemId: theirs.id, quantity: grams(1) }] })
      .expect(201);
    const { body: recipes } = await it
      .call('put', '/v1/inventory/recipes', { key: it.other.key })
      .send({ recipes: [{ of: 'modifier', modifierId: newId(), components: [] }] })
      .expect(200);
    await it.call('get', `/v1/inventory/stock-items/${theirs.id}`).expect(404);
    await it.call('patch', `/v1/inventory/stock-items/${theirs.id}`).send({ name: 'Ours', version: 1 }).expect(404);
    await it.call('get', `/v1/inventory/recipes/${recipes.data[0].id}/versions`).expect(404);
    expect(await levelOf(theirs.id)).toBeUndefined();
    expect(await movements(`stockItemId=${theirs.id}`)).toEqual([]);
    const lines = [{ stockItemId: theirs.id, quantity: grams(1) }];
    expect((await enter('receipts', lines).expect(422)).body.code).toBe('reference_unknown');
    const { id } = await makeStockItem();
    const { body } = await enter('receipts', [{ stockItemId: id, quantity: grams(1) }], {
      locationId: it.other.location.id,
    }).expect(422);
    expect(body.code).toBe('reference_unknown');
  });

  test('a key of one location sees and moves that location alone', async () => {
    const { id: elsewhere } = await it.makeLocation();
    const { id } = await makeStockItem();
    const lines = [{ stockItemId: id, quantity: grams(1) }];
    await enter('receipts', lines).expect(201);
    await enter('receipts', lines, { locationId: elsewhere }).expect(201);
    const key = await it.makeKey({ locationIds: [elsewhere] });
    const { body } = await it.call('get', `/v1/inventory/levels?stockItemId=${id}`, { key }).expect(200);
    expect(body.data).toMatchObject([{ locationId: elsewhere }]);
    const list = await it.call('get', `/v1/inventory/movements?stockItemId=${id}`, { key }).expect(200);
    expect(list.body.data).toMatchObject([{ locationId: elsewhere }]);
    const foreign = it.call('post', '/v1/inventory/receipts', { key }).send({ locationId: it.location.id, lines });
    expect((await foreign.expect(403)).body.code).toBe('location_forbidden');
    await it.call('get', `/v1/inventory/levels?locationId=${it.location.id}`, { key }).expect(403);
    await it.call('get', `/v1/inventory/movements?locationId=${it.location.id}`, { key }).expect(403);
  });

  test('a key without the scope moves nothing', async () => {
    const key = await it.makeKey({ scopes: ['inventory:read'] });
    const { body } = await it.call('put', '/v1/inventory/recipes', { key }).send({ recipes: [] }).expect(403);
    expect(body).toMatchObject({ code: 'scope_missing', scope: 'inventory:write' });
  });

  test('no table shows a row to another organization', () => expectTenancy(it));
});

test('every route of the contract is served, and no other', () => expectContract(it));

test('the tables are what the entities say', () => expectNoDrift(inventory));
