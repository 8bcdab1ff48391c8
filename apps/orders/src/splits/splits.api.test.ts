import { type Order, OrderChanged, type OrderFacts, OrderPlaced } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { ON_THE_MENU as on } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

const split = (order: Order, body: object, version: number | undefined = order.version) =>
  it.call('post', `/v1/orders/${order.id}/split`).send({ ...body, ...(version !== undefined && { version }) });
const unsplit = (order: Order) =>
  it.call('post', `/v1/orders/${order.id}/unsplit`).set('if-match', `"${order.version}"`);
const read = async (order: Order): Promise<Order> => (await it.call('get', `/v1/orders/${order.id}`).expect(200)).body;
const totals = (order: Order): number[] => order.checks.map((check) => check.totals.total.amount);
const addTo = (order: Order, more: object = {}) =>
  it.call('post', `/v1/orders/${order.id}/lines`).send({ lines: [{ variationId: on.beerPint }], ...more });

async function told(order: Order): Promise<[type: string, version: number, facts: OrderFacts][]> {
  const { rows } = await it.sql.query<{ type: string; version: number; data: OrderFacts }>(
    'select type, aggregate_version as version, data from outbox where subject = $1 order by id',
    [order.id],
  );
  return rows.map(({ type, version, data }) => [type, version, data]);
}

describe('200', () => {
  test('a split order answers with a signed bill for each check, and is told of once', async () => {
    const order = await shop.place();
    const { body } = await split(order, { by: 'evenly', ways: 3 }).expect(200);
    expect(totals(body)).toEqual([9_20, 9_20, 9_20]);
    expect(body.checks.map(({ bill }: Order['checks'][0]) => [bill.version, bill.total.amount])).toEqual([
      [2, 9_20],
      [1, 9_20],
      [1, 9_20],
    ]);
    const events = await told(order);
    expect(events.map(([type, version]) => [type, version])).toEqual([
      [OrderPlaced.type, 1],
      [OrderChanged.type, 2],
    ]);
    expect(events[1]?.[2].checks.map((check) => check.totals.total.amount)).toEqual([9_20, 9_20, 9_20]);
    expect(await read(order)).toEqual(body);
  });

  test('a repeated request gets the stored answer, though the order is another version by now', async () => {
    const order = await shop.place();
    const idempotencyKey = newId();
    const twice = () =>
      it.call('post', `/v1/orders/${order.id}/split`, { idempotencyKey }).send({ by: 'evenly', ways: 2, version: 1 });
    const { body } = await twice().expect(200);
    const { body: again, headers } = await twice().expect(200);
    expect(headers['idempotency-replayed']).toBe('true');
    expect(again).toEqual(body);
  });

  test('split after a payment: the paid part is frozen, the rest is divided, added to and paid to the end', async () => {
    const order = await shop.place();
    await shop.pay(order, 7_60);
    const { body: divided } = await split(await read(order), { by: 'evenly', ways: 2 }).expect(200);
    expect(totals(divided)).toEqual([7_60, 10_00, 10_00]);
    await shop.pay(order, 10_00, { checkId: divided.checks[1].id });
    const { body: more } = await addTo(order).expect(201);
    expect(totals(more)).toEqual([7_60, 10_00, 17_20]);
    expect(more).toMatchObject({ paymentStatus: 'partly_paid', totals: { total: { amount: 34_80 } } });
    await shop.pay(order, 17_20, { checkId: divided.checks[2].id });
    expect((await read(order)).paymentStatus).toBe('paid');
    expect((await told(order)).map(([, version]) => version)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('what is voided is divided again, and what is cancelled comes to nothing on every check', async () => {
    const order = await shop.place();
    const { body: divided } = await split(order, { by: 'evenly', ways: 2 }).expect(200);
    const [line] = divided.checks[0].lines;
    const { body: voided } = await it
      .call('post', `/v1/orders/${order.id}/lines/${line.id}/void`)
      .send({ reason: 'Burnt' })
      .expect(200);
    expect(totals(voided)).toEqual([7_20, 7_20]);
    const { body } = await it.call('post', `/v1/orders/${order.id}/cancel`).send({ reason: 'Left' }).expect(200);
    expect(totals(body)).toEqual([0, 0]);
  });

  test('an undone split leaves one check to pay, and the others nothing under a newer bill', async () => {
    const order = await shop.place();
    const { body: divided } = await split(order, { by: 'amounts', amounts: [5_00] }).expect(200);
    expect(totals(divided)).toEqual([5_00, 22_60]);
    const { body } = await unsplit(divided).expect(200);
    expect(body.checks).toMatchObject([
      { bill: { version: 3, total: { amount: 27_60 } } },
      { bill: { version: 2, total: { amount: 0 } } },
    ]);
    expect((await unsplit(body).expect(200)).body.version).toBe(body.version);
  });

  test('one check of a split is read by itself, with what it pays of which line', async () => {
    const order = await shop.place();
    const [, pints] = order.checks[0]?.lines ?? [];
    const checks = [{ lines: [] }, { lines: [{ lineId: pints?.id, parts: 1 }] }];
    const { body: divided } = await split(order, { by: 'items', checks }).expect(200);
    const { body } = await it.call('get', `/v1/orders/${order.id}/checks/${divided.checks[1].id}`).expect(200);
    expect(body).toMatchObject({
      totals: { total: { amount: 7_20 } },
      shares: [{ lineId: pints?.id, parts: 1, of: 2, amount: { amount: 7_20 } }],
    });
  });
});

describe('409', () => {
  test('what is cancelled is not divided, what is paid neither, and a paid check is not undone', async () => {
    const cancelled = await shop.place();
    await it.call('post', `/v1/orders/${cancelled.id}/cancel`).send({ reason: 'Left' }).expect(200);
    expect((await split(cancelled, { by: 'evenly', ways: 2 }, 2).expect(409)).body.code).toBe('order_state');
    const paid = await shop.place();
    await shop.pay(paid, 27_60);
    expect((await split(paid, { by: 'evenly', ways: 2 }, 2).expect(409)).body.code).toBe('nothing_due');
    const { body: divided } = await split(await shop.place(), { by: 'evenly', ways: 2 }).expect(200);
    await shop.pay(divided, 1_00, { checkId: divided.checks[1].id });
    expect((await unsplit(await read(divided)).expect(409)).body.code).toBe('check_paid');
  });
});

describe('412 and 428', () => {
  test('nobody divides what he has not seen', async () => {
    const order = await shop.place();
    await addTo(order).expect(201);
    const { body } = await split(order, { by: 'evenly', ways: 2 }).expect(412);
    expect(body).toMatchObject({ code: 'version_stale', current: { version: 2 } });
    const without = it.call('post', `/v1/orders/${order.id}/split`).send({ by: 'evenly', ways: 2 });
    expect((await without.expect(428)).body.code).toBe('version_missing');
    expect(await told(order)).toHaveLength(2);
  });
});

describe('422', () => {
  test('a line, a seat or an amount that the order does not have, pointing at it', async () => {
    const order = await shop.place();
    const stranger = { by: 'items', checks: [{ lines: [{ lineId: newId() }] }] };
    const { body } = await split(order, stranger).expect(422);
    expect(body).toMatchObject({ code: 'split_invalid', errors: [{ pointer: '/checks/0/lines/0/lineId' }] });
    expect((await split(order, { by: 'seats' }).expect(422)).body.code).toBe('split_invalid');
    expect((await split(order, { by: 'amounts', amounts: [27_61] }).expect(422)).body.code).toBe('split_invalid');
    expect(await told(order)).toHaveLength(1);
  });
});
