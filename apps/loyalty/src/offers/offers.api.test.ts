import {
  type Grant,
  type OrderFacts,
  OrderCancelled,
  OrderChanged,
  OrderPaid,
  OrderPlaced,
  PaymentRefunded,
} from '@comanda/contracts';
import { grantKey, isGrantSigned, newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { customers, guestsOf, usd } from '../testing/guests.js';

const rewards = '/v1/loyalty/rewards';
const coupons = '/v1/loyalty/coupons';

let it: TestService;
let guests: ReturnType<typeof guestsOf>;
/** Costs 100 points. */
let coffee: string;

beforeAll(async () => {
  it = await testService(loyalty);
  guests = guestsOf(it);
  const body = { name: 'Free coffee', points: 100, gives: { kind: 'free_item', quantity: 1 } };
  coffee = (await it.call('post', rewards).send(body).expect(201)).body.id;
});

/** A customer with so many points. */
async function guestWith(points: number): Promise<string> {
  const { id } = await guests.makeCustomer();
  await it.call('post', `${customers}/${id}/points`).send({ points, reason: 'Welcome' }).expect(201);
  return id;
}

const reserve = (customerId: string, more: object = { orderId: newId() }) =>
  it.call('post', `${rewards}/${coffee}/reservations`).send({ customerId, ...more });
const claim = (code: string, more: object = {}) =>
  it.call('post', `${coupons}/claims`).send({ code, orderId: newId(), ...more });
const makeCoupon = async (code: string, more: object = {}): Promise<string> =>
  (
    await it
      .call('post', coupons)
      .send({ name: code, codes: [code], gives: { kind: 'percent', rate: 100_000 }, ...more })
      .expect(201)
  ).body.id;
const usesOf = async (couponId: string) => (await it.call('get', `${coupons}/${couponId}`).expect(200)).body.uses;
const stateOf = async ({ id }: Grant) => (await it.call('get', `/v1/loyalty/grants/${id}`).expect(200)).body.state;
const becomes = (grant: Grant, state: string) =>
  eventually(async () => expect(await stateOf(grant)).toBe(state), { within: 5_000 });
const entriesOf = async (id: string): Promise<{ kind: string; points: number; orderId: string | null }[]> =>
  (await it.call('get', `${customers}/${id}/points`).expect(200)).body.data;

/** The order that a grant is on, and what it takes off there. */
function orderWith(
  grant: Grant,
  customerId: string | null,
  taken: number,
  total = 20_00,
  more: Partial<OrderFacts> = {},
) {
  const order = guests.order(customerId, total, { id: grant.orderId ?? newId(), ...more });
  const discounts = [{ id: grant.id, name: grant.name, amount: usd(taken), source: grant.source }];
  return { ...order, checks: order.checks.map((check) => ({ ...check, discounts })) };
}

describe('a reward', () => {
  test('is offered, listed, changed by version and withdrawn', async () => {
    const body = { name: 'Pizza', points: 900, gives: { kind: 'fixed', amount: usd(12_00) }, group: 'lunch' };
    const { body: made } = await it.call('post', rewards).send(body).expect(201);
    expect(made).toMatchObject({ ...body, priority: 100, active: true, version: 1 });
    const path = `${rewards}/${made.id}`;
    const { body: changed } = await it.call('patch', path).send({ active: false, points: 800, version: 1 }).expect(200);
    expect(changed).toMatchObject({ name: 'Pizza', points: 800, active: false, version: 2 });
    expect((await it.call('get', path).expect(200)).body).toEqual(changed);
    expect((await it.call('get', rewards).expect(200)).body.data.map(({ id }: { id: string }) => id)).toContain(
      made.id,
    );
    await it.call('patch', path).send({ points: 1, version: 1 }).expect(412);
    const refused = it
      .call('post', `${path}/reservations`)
      .send({ customerId: await guestWith(900), orderId: newId() });
    expect((await refused.expect(409)).body.code).toBe('offer_not_available');
  });

  test('is reserved for an order: the points are taken, and the grant is signed', async () => {
    const [customerId, orderId] = [await guestWith(150), newId()];
    const { body: grant } = await reserve(customerId, { orderId }).expect(201);
    expect(grant).toMatchObject({ name: 'Free coffee', customerId, orderId, source: { kind: 'reward', id: coffee } });
    expect(isGrantSigned(grantKey(it.environment['COMANDA_SECRET'] ?? ''), grant)).toBe(true);
    await guests.expectBalance(customerId, 50);
    const read = await it.call('get', `/v1/loyalty/grants/${grant.id}`).expect(200);
    expect(read.body).toMatchObject({ grant, state: 'reserved', points: 100, usedBy: null });
  });

  test('is never reserved twice with the same points: of 100 at once with points for three, three are', async () => {
    const customerId = await guestWith(350);
    const answers = await Promise.all(Array.from({ length: 100 }, () => reserve(customerId)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'points_insufficient',
      points: 50,
    });
    await guests.expectBalance(customerId, 50);
  });

  test('reserved ahead for tills that may be offline takes its points at once: never more than there are (server half)', async () => {
    const customerId = await guestWith(200);
    const tills = Array.from({ length: 5 }, () => newId());
    const answers = await Promise.all(
      tills.map((deviceId) => reserve(customerId, { deviceId, expiresInMinutes: 600 })),
    );
    const given = answers.filter(({ status }) => status === 201).map(({ body }) => body as Grant);
    expect(given).toHaveLength(2);
    for (const grant of given) await it.deliver(OrderPlaced, orderWith(grant, customerId, 3_00));
    for (const grant of given) await becomes(grant, 'used');
    await guests.expectBalance(customerId, 0);
    await reserve(customerId, { deviceId: newId(), orderId: newId() }).expect(400);
  });

  test('stays spent with the order, and its points come back in proportion to refunds', async () => {
    const customerId = await guestWith(100);
    const { body: grant } = await reserve(customerId).expect(201);
    const order = orderWith(grant, customerId, 3_00);
    await it.deliver(OrderPlaced, order, { aggregateVersion: 1 });
    await it.deliver(OrderPaid, order, { aggregateVersion: 2 });
    await guests.expectBalance(customerId, 20);
    for (const [amount, left] of [
      [5_00, 15 + 25],
      [14_99, 0 + 100],
      [1, 0 + 100],
    ] as const) {
      await it.deliver(PaymentRefunded, guests.refund(order.id, amount));
      await guests.expectBalance(customerId, left);
    }
    expect(await stateOf(grant)).toBe('used');
    const points = (await entriesOf(customerId)).filter(({ orderId }) => orderId === order.id);
    expect(points.reduce((sum, entry) => sum + entry.points, 0)).toBe(0);
  });

  test('gives its points back when the order is cancelled, once, and takes them again when it comes back on', async () => {
    const customerId = await guestWith(100);
    const { body: grant } = await reserve(customerId).expect(201);
    const on = (taken: number) => orderWith(grant, customerId, taken);
    await it.deliver(OrderPlaced, on(3_00), { aggregateVersion: 1 });
    await it.deliver(OrderChanged, on(0), { aggregateVersion: 2 });
    await guests.expectBalance(customerId, 100);
    expect(await stateOf(grant)).toBe('returned');
    await it.deliver(OrderChanged, on(3_00), { aggregateVersion: 3 });
    await guests.expectBalance(customerId, 0);
    await it.deliver(OrderCancelled, { ...on(0), status: 'cancelled' }, { aggregateVersion: 4 });
    await it.deliver(OrderChanged, on(3_00), { aggregateVersion: 2 });
    await it.deliver(OrderCancelled, { ...on(0), status: 'cancelled' }, { aggregateVersion: 4 });
    await guests.expectBalance(customerId, 100);
    expect((await entriesOf(customerId)).map(({ points }) => points).toReversed()).toEqual([100, -100, 100, -100, 100]);
  });

  test('whose order never comes is released after it has expired; an order that was only late takes the points again', async () => {
    const customerId = await guestWith(100);
    const { body: grant } = await reserve(customerId).expect(201);
    await it.sql.query(`update grants set expires_at = now() - interval '1 hour' where id = $1`, [grant.id]);
    await becomes(grant, 'released');
    await guests.expectBalance(customerId, 100);
    await it.deliver(OrderPlaced, orderWith(grant, customerId, 3_00));
    await guests.expectBalance(customerId, 0);
    expect(await stateOf(grant)).toBe('used');
  });

  test('is of nobody who is not there or has been erased', async () => {
    expect((await reserve(newId()).expect(422)).body.code).toBe('reference_unknown');
    const { id: theirs } = await guests.makeCustomer({}, it.other.key);
    expect((await reserve(theirs).expect(422)).body.code).toBe('reference_unknown');
    const customerId = await guestWith(100);
    await it.call('post', `${customers}/${customerId}/erase`).expect(200);
    expect((await reserve(customerId).expect(409)).body.code).toBe('customer_erased');
  });
});

describe('a coupon', () => {
  test('is made with its codes, found by them however they are written, and changed by version', async () => {
    const id = await makeCoupon('Welcome10', { totalLimit: 2 });
    expect(
      (
        await it
          .call('post', coupons)
          .send({ name: 'Other', codes: ['WELCOME10'], gives: { kind: 'percent', rate: 1 } })
          .expect(409)
      ).body.code,
    ).toBe('coupon_code_taken');
    const { body: grant } = await claim('welcome10').expect(201);
    expect(grant).toMatchObject({
      source: { kind: 'coupon', id },
      customerId: null,
      gives: { kind: 'percent', rate: 100_000 },
    });
    const change = { codes: ['HELLO'], customerLimit: 1, version: 1 };
    const { body: changed } = await it.call('patch', `${coupons}/${id}`).send(change).expect(200);
    expect(changed).toMatchObject({ codes: ['HELLO'], customerLimit: 1, totalLimit: 2, uses: 1, version: 2 });
    expect((await claim('WELCOME10').expect(422)).body.code).toBe('coupon_unknown');
    expect((await claim('HELLO').expect(422)).body.code).toBe('offer_not_for_customer');
    expect((await it.call('get', coupons).expect(200)).body.data.map((each: { id: string }) => each.id)).toContain(id);
  });

  test('with one use left is got by exactly one of fifty at once', async () => {
    const id = await makeCoupon('LAST', { totalLimit: 1 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => claim('LAST')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.code ?? 'ok'))).toEqual(new Set(['ok', 'offer_exhausted']));
    expect(await usesOf(id)).toBe(1);
  });

  test('is used as often by one customer as it may be, and once for an order', async () => {
    await makeCoupon('TWICE', { customerLimit: 2 });
    const [{ id: customerId }, orderId] = [await guests.makeCustomer(), newId()];
    await claim('TWICE', { customerId, orderId }).expect(201);
    expect((await claim('TWICE', { customerId, orderId }).expect(409)).body.code).toBe('offer_exhausted');
    await claim('TWICE', { customerId }).expect(201);
    expect((await claim('TWICE', { customerId }).expect(409)).body.code).toBe('offer_exhausted');
  });

  test('for a first order, or to win a guest back, goes by what they ordered', async () => {
    await makeCoupon('FIRST', { firstOrderOnly: true });
    await makeCoupon('COMEBACK', { absentForDays: 60 });
    const { id: customerId } = await guests.makeCustomer();
    expect((await claim('COMEBACK', { customerId }).expect(422)).body.code).toBe('offer_not_for_customer');
    await it.deliver(OrderPlaced, guests.order(customerId, 12_00, { occurredAt: '2026-01-06T18:00:00.000Z' }));
    expect((await claim('FIRST', { customerId }).expect(422)).body.code).toBe('offer_not_for_customer');
    await claim('COMEBACK', { customerId }).expect(201);
  });

  test('gives its use back when the order is cancelled or never comes', async () => {
    const id = await makeCoupon('ONCE', { totalLimit: 1 });
    const { body: first } = await claim('ONCE').expect(201);
    await it.deliver(OrderPlaced, orderWith(first, null, 2_00), { aggregateVersion: 1 });
    await becomes(first, 'used');
    expect(await usesOf(id)).toBe(1);
    await it.deliver(OrderCancelled, orderWith(first, null, 0, 0, { status: 'cancelled' }), { aggregateVersion: 2 });
    await becomes(first, 'returned');
    const { body: second } = await claim('ONCE').expect(201);
    await it.sql.query(`update grants set expires_at = now() - interval '1 hour' where id = $1`, [second.id]);
    await becomes(second, 'released');
    expect(await usesOf(id)).toBe(0);
  });
});

test('another organization sees none of it', async () => {
  const { body: grant } = await reserve(await guestWith(100)).expect(201);
  const couponId = await makeCoupon('MINE');
  for (const path of [`${rewards}/${coffee}`, `${coupons}/${couponId}`, `/v1/loyalty/grants/${grant.id}`])
    await it.call('get', path, { key: it.other.key }).expect(404);
  for (const path of [rewards, coupons])
    expect((await it.call('get', path, { key: it.other.key }).expect(200)).body.data).toEqual([]);
  const theirs = it.call('post', `${coupons}/claims`, { key: it.other.key }).send({ code: 'MINE', orderId: newId() });
  expect((await theirs.expect(422)).body.code).toBe('coupon_unknown');
});
