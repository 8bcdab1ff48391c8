import {
  type Order,
  OrderChanged,
  type OrderFacts,
  OrderMoved,
  OrderPlaced,
  type TableState,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { linesOf } from '../orders/order.js';
import { ON_THE_MENU as on } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const read = async (order: Order): Promise<Order> => (await it.call('get', `/v1/orders/${order.id}`).expect(200)).body;
const post = (order: Order, verb: string, body?: object) => {
  const request = it.call('post', `/v1/orders/${order.id}/${verb}`);
  return body ? request.send(body) : request;
};
const tables = async (): Promise<TableState[]> =>
  (await it.call('get', `/v1/orders/tables?locationId=${it.location.id}`).expect(200)).body.data;
const state = async (name: string): Promise<TableState | undefined> =>
  (await tables()).find((table) => table.name === name);
const transfer = (from: string, to: string, options?: { key?: string; idempotencyKey?: string }) =>
  it.call('post', '/v1/orders/tables/transfer', options).send({ locationId: it.location.id, from, to });
const planPath = () => `/v1/orders/floor-plans/${it.location.id}`;
const drawn = (...names: string[]) => [
  {
    name: 'Hall',
    tables: names.map((name) => ({
      name,
      seats: 4,
      shape: 'square',
      x: 10,
      y: 20,
      width: 60,
      height: 60,
      rotation: 0,
    })),
  },
];

async function told(order: Order): Promise<[type: string, version: number, facts: OrderFacts][]> {
  const { rows } = await it.sql.query<{ type: string; version: number; data: OrderFacts }>(
    'select type, aggregate_version as version, data from outbox where subject = $1 order by id',
    [order.id],
  );
  return rows.map(({ type, version, data }) => [type, version, data]);
}

describe('the floor plan', () => {
  test('begins empty, is drawn by version, and of two who draw at once one wins', async () => {
    expect((await it.call('get', planPath()).expect(200)).body).toEqual({
      locationId: it.location.id,
      areas: [],
      version: 1,
    });
    const draw = (version: number, ...names: string[]) =>
      it.call('put', planPath()).send({ areas: drawn(...names), version });
    const answers = await Promise.all([draw(1, '1', '2'), draw(1, '1', '3')]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const { body: second } = await draw(2, '1', '2', '3').expect(200);
    expect(second).toMatchObject({ version: 3, areas: drawn('1', '2', '3') });
    expect((await it.call('get', planPath()).expect(200)).body).toEqual(second);
    expect((await draw(2, '9').expect(412)).body.current).toEqual(second);
  });

  test('two tables of one name are refused, and so is a plan without its version', async () => {
    const twice = { areas: drawn('1', '1'), version: 3 };
    const { body: refused } = await it.call('put', planPath()).send(twice).expect(422);
    expect(refused).toMatchObject({ code: 'table_named_twice', errors: [{ pointer: '/areas/0/tables/1/name' }] });
    expect((await it.call('put', planPath()).send({ areas: [] }).expect(428)).body.code).toBe('version_missing');
  });

  test('a location of somebody else has none to show', async () => {
    const { key } = it.other;
    await it.call('get', planPath(), { key }).expect(404);
    await it.call('get', `/v1/orders/tables?locationId=${it.location.id}`, { key }).expect(404);
  });
});

describe('table status is derived from orders only', () => {
  test('free, ordered, sent, ready, paying, paid and free again, as its order goes', async () => {
    const table = newId().slice(-12);
    const seen: (string | undefined)[] = [(await state(table))?.status];
    const order = await shop.place({ table, covers: 2 });
    seen.push((await state(table))?.status);
    for (const verb of ['fire', 'ready']) {
      await post(order, verb).expect(200);
      seen.push((await state(table))?.status);
    }
    await shop.pay(order, 10_00);
    expect(await state(table)).toMatchObject({
      covers: 2,
      since: order.occurredAt,
      due: { amount: 17_60 },
      orders: [{ id: order.id, checkIds: [order.checks[0]?.id] }],
    });
    seen.push((await state(table))?.status);
    await shop.pay(order, 17_60);
    seen.push((await state(table))?.status);
    await post(order, 'complete').expect(200);
    seen.push((await state(table))?.status);
    expect(seen).toEqual([undefined, 'ordered', 'sent', 'ready', 'paying', 'paid', undefined]);
  });

  test('no stored flag can disagree: whatever writes orders, the list says what they say', async () => {
    const table = newId().slice(-12);
    const order = await shop.place({ table });
    await it.sql.query(`update orders set status = 'cancelled' where id = $1`, [order.id]);
    expect(await state(table)).toBeUndefined();
    const { rows } = await it.sql.query(
      `select table_name from information_schema.columns where column_name ~ 'table_status|seated|occupied'`,
    );
    expect(rows).toEqual([]);
  });

  test('tables of the plan are listed before those that only orders name', async () => {
    await shop.place({ table: 'bar' });
    const names = (await tables()).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['1', '2', '3']);
    expect(names).toContain('bar');
  });
});

describe('a transfer', () => {
  test('moves all unpaid checks, the partly paid too; the kitchen is told from where to where, and sums are unchanged', async () => {
    const [from, to] = [newId().slice(-12), newId().slice(-12)];
    const [one, partly, paid, done] = await Promise.all([1, 2, 3, 4].map(() => shop.place({ table: from })));
    if (!one || !partly || !paid || !done) throw new Error('Four orders were placed.');
    await shop.pay(partly, 10_00);
    await shop.pay(paid, 27_60);
    await post(done, 'complete').expect(200);
    await post(one, 'fire').expect(200);
    const { body } = await transfer(from, to).expect(200);
    expect(body.orders.map(({ id }: Order) => id).sort()).toEqual([one.id, partly.id].sort());
    const moved = await read(one);
    expect(moved).toMatchObject({
      table: to,
      status: 'fired',
      totals: one.totals,
      moves: [{ from, to, by: expect.any(String), at: expect.any(String) }],
    });
    expect(moved.checks[0]?.bill).toEqual(one.checks[0]?.bill);
    expect(await read(partly)).toMatchObject({ table: to, paymentStatus: 'partly_paid' });
    expect((await read(paid)).table).toBe(from);
    expect((await state(to))?.due?.amount).toBe(27_60 + 17_60);
    const events = await told(one);
    expect(events.map(([type, version]) => [type, version]).at(-1)).toEqual([OrderMoved.type, 3]);
    expect(events.at(-1)?.[2]).toMatchObject({ table: to, moves: [{ from, to }] });
  });

  test('is done once for its key, and back again is another move', async () => {
    const [from, to] = [newId().slice(-12), newId().slice(-12)];
    const order = await shop.place({ table: from });
    const idempotencyKey = newId();
    const { body } = await transfer(from, to, { idempotencyKey }).expect(200);
    expect((await transfer(from, to, { idempotencyKey }).expect(200)).body).toEqual(body);
    await transfer(to, from).expect(200);
    expect((await read(order)).moves?.map(({ from: was, to: is }) => [was, is])).toEqual([
      [from, to],
      [to, from],
    ]);
  });

  test('by a change of the order is told and kept as one, before whatever else changes', async () => {
    const [from, to] = [newId().slice(-12), newId().slice(-12)];
    const order = await shop.place({ table: from });
    const change = (body: object) => it.call('patch', `/v1/orders/${order.id}`).send(body).expect(200);
    const { body: moved } = await change({ table: to, covers: 3, version: 1 });
    expect(moved).toMatchObject({ table: to, covers: 3, version: 3, moves: [{ from, to, by: expect.any(String) }] });
    expect((await told(order)).map(([type, version]) => [type, version])).toEqual([
      [OrderPlaced.type, 1],
      [OrderMoved.type, 2],
      [OrderChanged.type, 3],
    ]);
    await change({ table: to, version: 3 });
    const { body: stood } = await change({ table: null, version: 3 });
    expect(stood).toMatchObject({ table: null, version: 4, moves: [{ from, to }] });
  });

  test('from a table where nothing is left to pay is refused; of another organization nothing moves', async () => {
    expect((await transfer('nowhere', '1').expect(409)).body.code).toBe('table_free');
    const table = newId().slice(-12);
    const order = await shop.place({ table });
    const answer = await transfer(table, '1', { key: it.other.key });
    expect(answer.status).toBe(409);
    expect((await read(order)).table).toBe(table);
  });
});

describe('merged tables', () => {
  const merge = (order: Order, others: readonly Order[], options?: { key?: string; idempotencyKey?: string }) =>
    it.call('post', `/v1/orders/${order.id}/merge`, options).send({ orderIds: others.map(({ id }) => id) });

  test('have one combined check with every bill; separated, each has its lines, checks and kitchen state again', async () => {
    const [one, other] = [await shop.place({ table: '1' }), await shop.place({ table: '2' })];
    await post(other, 'fire').expect(200);
    const before = [await read(one), await read(other)];
    const { body: party } = await merge(one, [other]).expect(200);
    expect(party.check).toMatchObject({ totals: { total: { amount: 55_20 } }, due: { amount: 55_20 } });
    expect(party.check.bills).toEqual(before.map((order) => order.checks[0]?.bill));
    expect((await it.call('get', `/v1/orders/${other.id}/party`).expect(200)).body).toEqual(party);
    expect((await state('1'))?.orders.find(({ id }) => id === one.id)?.party).toEqual([one.id, other.id]);
    await it.call('post', `/v1/orders/${one.id}/unmerge`).expect(200);
    for (const order of before) {
      const { version, ...after } = await read(order);
      const { version: was, ...original } = order;
      expect(after).toEqual(original);
      expect(version).toBe(was + 2);
      expect((await told(order)).map(([, each]) => each)).toEqual(Array.from({ length: version }, (_, at) => at + 1));
    }
  });

  test('what is added, fired or paid meanwhile stays with its order', async () => {
    const [one, other] = [await shop.place(), await shop.place()];
    await merge(one, [other]).expect(200);
    await it
      .call('post', `/v1/orders/${one.id}/lines`)
      .send({ lines: [{ variationId: on.beerPint }] })
      .expect(201);
    await post(other, 'fire').expect(200);
    await shop.pay(other, 27_60);
    const { body } = await it.call('get', `/v1/orders/${one.id}/party`).expect(200);
    expect(body.check).toMatchObject({ paid: { amount: 27_60 }, due: { amount: 34_80 } });
    expect(body.check.bills.map(({ orderId }: { orderId: string }) => orderId)).toEqual([one.id]);
    const { body: apart } = await it.call('post', `/v1/orders/${other.id}/unmerge`).expect(200);
    expect(apart.orders).toHaveLength(2);
    expect(await read(one)).toMatchObject({
      status: 'placed',
      paymentStatus: 'unpaid',
      totals: { total: { amount: 34_80 } },
    });
    expect(await read(other)).toMatchObject({
      status: 'fired',
      paymentStatus: 'paid',
      totals: { total: { amount: 27_60 } },
    });
  });

  test('three tables merged two by two, both at once, are one party', async () => {
    const [a, b, c] = [await shop.place(), await shop.place(), await shop.place()];
    const answers = await Promise.all([merge(a, [b]), merge(c, [b])]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    for (const order of [a, b, c]) expect((await read(order)).party?.toSorted()).toEqual([a.id, b.id, c.id].toSorted());
  });

  test('an order that is over, of nobody or of another organization is not merged', async () => {
    const [open, over] = [await shop.place(), await shop.place()];
    await post(over, 'complete').expect(200);
    expect((await merge(open, [over]).expect(409)).body.code).toBe('order_state');
    expect((await merge(open, [{ ...open, id: newId() }]).expect(404)).body.code).toBe('not_found');
    await merge(open, [over], { key: it.other.key }).expect(404);
    expect((await read(open)).version).toBe(1);
  });
});

test('two waiters add to one table concurrently, 50 times at once: all lines present, none twice', async () => {
  const order = await shop.place({ table: '10' });
  const added = Array.from({ length: 50 }, () => newId());
  const keys = added.map(() => newId());
  const add = (id: string, at: number) =>
    it
      .call('post', `/v1/orders/${order.id}/lines`, { idempotencyKey: keys[at] ?? '' })
      .send({ lines: [{ id, variationId: on.beerPint }] });
  // Every other request is repeated at once, as a till does that has heard nothing.
  const answers = await Promise.all(added.flatMap((id, at) => (at % 2 ? [add(id, at)] : [add(id, at), add(id, at)])));
  // Who waits for the others for two seconds is told to come back, and does so under the same key.
  for (const { status } of answers) expect([201, 409, 503]).toContain(status);
  for (const [at, id] of added.entries()) await add(id, at).expect(201);
  const after = await read(order);
  const ids = linesOf(after).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids.slice(2))).toEqual(new Set(added));
  expect(after).toMatchObject({ version: 51, totals: { total: { amount: 27_60 + 50 * 7_20 } } });
  const events = await told(order);
  expect(events.map(([, version]) => version)).toEqual(Array.from({ length: 51 }, (_, at) => at + 1));
  expect(events[0]?.[0]).toBe(OrderPlaced.type);
});

describe('a tab', () => {
  const openTab = async (tab: string, more: object = {}): Promise<Order> =>
    (
      await it
        .call('post', '/v1/orders')
        .send(shop.body({ tab, ...more }))
        .expect(201)
    ).body;
  const openTabs = async (query = ''): Promise<Order[]> =>
    (await it.call('get', `/v1/orders?tabs=open&locationId=${it.location.id}${query}`).expect(200)).body.data;
  const beer = { lines: [{ variationId: on.beerPint }] };

  test('is opened without a table and before anything is ordered, grows line by line, and is listed with what it comes to', async () => {
    const ada = await openTab('Ada, bar', { lines: [] });
    expect(ada).toMatchObject({ tab: 'Ada, bar', table: null, totals: { total: usd(0) }, version: 1 });
    for (let round = 0; round < 3; round += 1) await post(ada, 'lines', beer).expect(201);
    await post(ada, 'fire').expect(200);
    const ben = await openTab('Ben');
    await shop.place({ table: '4' });
    expect((await openTabs()).map(({ tab, totals }) => [tab, totals.total.amount])).toEqual([
      ['Ben', ben.totals.total.amount],
      ['Ada, bar', (await read(ada)).totals.total.amount],
    ]);
    expect((await read(ada)).checks[0]?.lines).toHaveLength(3);
    const [page] = await openTabs('&limit=1');
    expect(page?.tab).toBe('Ben');
    expect(await state('Ada, bar')).toBeUndefined();
    expect((await told(ada)).map(([, version, { tab }]) => [version, tab])).toEqual(
      [1, 2, 3, 4, 5].map((version) => [version, 'Ada, bar']),
    );

    await shop.pay(await read(ada), (await read(ada)).totals.total.amount);
    expect(await read(ada)).toMatchObject({ paymentStatus: 'paid', tab: 'Ada, bar' });
    await post(ada, 'complete').expect(200);
    await post(ben, 'cancel', { reason: 'Left' }).expect(200);
    expect(await openTabs()).toEqual([]);
  });

  test('can be made of an order, renamed, and be none again, under its version', async () => {
    const order = await shop.place();
    expect(order).not.toHaveProperty('tab');
    const amend = (tab: string | null, version: number) =>
      it.call('patch', `/v1/orders/${order.id}`).send({ tab, version });
    expect((await amend('Cleo', 1).expect(200)).body).toMatchObject({ tab: 'Cleo', version: 2, totals: order.totals });
    await amend('Dan', 1).expect(412);
    await amend('Cleo and Dan', 2).expect(200);
    expect((await openTabs()).map(({ tab }) => tab)).toEqual(['Cleo and Dan']);
    const { body: none } = await amend(null, 3).expect(200);
    expect(none).not.toHaveProperty('tab');
    expect(none.version).toBe(4);
    expect(await openTabs()).toEqual([]);
    await post(order, 'complete').expect(200);
    expect((await amend('Late', 5).expect(409)).body.code).toBe('order_state');
  });

  test('has a name of one line; an order that is none begins with a line', async () => {
    for (const tab of ['', 'Ada\nLovelace', 'a'.repeat(61)])
      await it.call('post', '/v1/orders').send(shop.body({ tab })).expect(400);
    const { body } = await it
      .call('post', '/v1/orders')
      .send(shop.body({ lines: [] }))
      .expect(422);
    expect(body).toMatchObject({ code: 'order_empty', errors: [{ pointer: '/lines' }] });
    await it.call('get', '/v1/orders?tabs=closed').expect(400);
  });

  test('is seen by nobody else', async () => {
    await openTab('Ada');
    const { key } = it.other;
    expect((await it.call('get', '/v1/orders?tabs=open', { key }).expect(200)).body.data).toEqual([]);
    const elsewhere = await it.makeLocation();
    const waiter = await it.makeKey({ locationIds: [elsewhere.id] });
    expect((await it.call('get', '/v1/orders?tabs=open', { key: waiter }).expect(200)).body.data).toEqual([]);
  });
});
