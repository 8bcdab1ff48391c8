import { OrderPaid, PaymentRefunded, PointsEarned, PointsRedeemed, PointsReversed } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { customers, guestsOf } from '../testing/guests.js';

let it: TestService;
let guests: ReturnType<typeof guestsOf>;

beforeAll(async () => {
  it = await testService(loyalty);
  guests = guestsOf(it);
});

const entriesOf = async (id: string) => (await it.call('get', `${customers}/${id}/points`).expect(200)).body.data;
const move = (id: string, body: object) => it.call('post', `${customers}/${id}/points`).send(body);

describe('points', () => {
  test('come with a paid order, one for each whole unit, once, however often it is told', async () => {
    const { id } = await guests.makeCustomer();
    const order = guests.order(id, 32_50);
    const event = await it.deliver(OrderPaid, order, { time: '2026-03-06T20:10:00.000Z' });
    await it.deliver(OrderPaid, order, { id: event.id });
    await it.deliver(OrderPaid, order, { aggregateVersion: 3 });
    await guests.expectBalance(id, 32);
    expect(await entriesOf(id)).toMatchObject([
      { kind: 'earn', points: 32, orderId: order.id, paymentId: null, occurredAt: '2026-03-06T20:10:00.000Z' },
    ]);
    const earned = (await it.published(PointsEarned)).filter(({ subject }) => subject === id);
    expect(earned).toMatchObject([{ version: 2, data: { points: 32, balance: 32, orderId: order.id } }]);
    const [, points] =
      /^loyalty_points_total\{kind="earned",.*\} (\d+)$/m.exec(await it.service.metrics.metrics()) ?? [];
    expect(Number(points)).toBeGreaterThanOrEqual(32);
  });

  test('go back with refunds: their share, and of everything all', async () => {
    const { id } = await guests.makeCustomer();
    const order = guests.order(id, 20_00);
    await it.deliver(OrderPaid, order);
    await guests.expectBalance(id, 20);
    for (const [amount, left] of [
      [5_00, 15],
      [14_99, 0],
      [1, 0],
    ] as const) {
      await it.deliver(PaymentRefunded, guests.refund(order.id, amount));
      await guests.expectBalance(id, left);
    }
    const reversed = (await it.published(PointsReversed)).filter(({ subject }) => subject === id);
    expect(reversed.map(({ version, data }) => [version, data.points, data.balance])).toEqual([
      [3, -5, 15],
      [4, -15, 0],
    ]);
  });

  test('are the same when a refund is heard of before the payment', async () => {
    const { id } = await guests.makeCustomer();
    const order = guests.order(id, 20_00);
    const refund = guests.refund(order.id, 5_00);
    await it.deliver(PaymentRefunded, refund);
    await it.deliver(OrderPaid, order);
    await it.deliver(PaymentRefunded, guests.refund(order.id, 5_00));
    await it.deliver(PaymentRefunded, refund, { aggregateVersion: 2 });
    await guests.expectBalance(id, 10);
    const kinds = (await entriesOf(id)).map(({ kind, points }: { kind: string; points: number }) => [kind, points]);
    expect(kinds.toReversed()).toEqual([
      ['earn', 20],
      ['reverse', -5],
      ['reverse', -5],
    ]);
    const summary = it.call('post', '/v1/loyalty/points/summary').send({ orderIds: [order.id, newId()] });
    expect((await summary.expect(200)).body).toEqual({ orders: 1, earned: 20, reversed: -10 });
  });

  test('follow what was paid in the end where a void raced the payment, whatever is heard of first', async () => {
    for (const hearsRefundFirst of [false, true]) {
      const { id } = await guests.makeCustomer();
      // A hundred had been paid when a void brought the order to eighty: nothing was left to pay, and twenty went back.
      const order = guests.withPaid(guests.order(id, 80_00), 100_00);
      const refund = guests.refund(order.id, 20_00);
      if (hearsRefundFirst) await it.deliver(PaymentRefunded, refund);
      await it.deliver(OrderPaid, order);
      if (!hearsRefundFirst) await it.deliver(PaymentRefunded, refund);
      await it.deliver(OrderPaid, order, { aggregateVersion: 2 });
      await it.deliver(PaymentRefunded, refund, { aggregateVersion: 2 });
      await guests.expectBalance(id, 80);
      await it.deliver(PaymentRefunded, guests.refund(order.id, 80_00));
      await guests.expectBalance(id, 0);
    }
  });

  test('of an order of nobody, or of somebody who is not there, are nobody’s, and stop nothing', async () => {
    const { id: theirs } = await guests.makeCustomer({}, it.other.key);
    for (const customerId of [null, newId(), theirs]) await it.deliver(OrderPaid, guests.order(customerId, 10_00));
    const { id } = await guests.makeCustomer();
    await it.deliver(OrderPaid, guests.order(id, 10_00));
    await guests.expectBalance(id, 10);
    const { body } = await it.call('get', `${customers}/${theirs}`, { key: it.other.key }).expect(200);
    expect(body.points).toBe(0);
  });

  test('are as many as the program says, for orders paid from then on', async () => {
    const { body: program } = await it.call('get', '/v1/loyalty/program').expect(200);
    expect(program).toEqual({ pointsPerUnit: 1, tiers: null, version: 1 });
    const change = (pointsPerUnit: number, version: number) =>
      it.call('patch', '/v1/loyalty/program').send({ pointsPerUnit, version });
    await change(3, 1).expect(200);
    expect((await change(4, 1).expect(412)).body).toMatchObject({ current: { pointsPerUnit: 3, version: 2 } });
    const { id } = await guests.makeCustomer();
    await it.deliver(OrderPaid, guests.order(id, 10_99));
    await guests.expectBalance(id, 30);
    await change(1, 2).expect(200);
    const { body: theirs } = await it.call('get', '/v1/loyalty/program', { key: it.other.key }).expect(200);
    expect(theirs).toEqual({ pointsPerUnit: 1, tiers: null, version: 1 });
  });

  test('that a killed process left are booked by the next look', async () => {
    const { id } = await guests.makeCustomer();
    await it.sql.query(
      `insert into points_facts (organization_id, fact_id, order_id, kind, customer_id, earns, amount_minor, occurred_at, state)
       values ($1, $2, $2, 'paid', $3, 7, 700, now(), 'new')`,
      [it.id, newId(), id],
    );
    await guests.expectBalance(id, 7);
  });

  test('cannot be altered once they are booked, not even by the owner', async () => {
    for (const statement of [
      'update points_entries set points = 0',
      'delete from points_entries',
      'truncate points_entries',
    ])
      await expect(it.sql.query(statement), statement).rejects.toThrow('points_entries is append-only');
  });
});

describe('moved by hand', () => {
  test('points are given and taken with a reason, and told', async () => {
    const { id } = await guests.makeCustomer();
    const { body: given } = await move(id, { points: 50, reason: 'Waited too long' }).expect(201);
    expect(given).toMatchObject({
      customerId: id,
      kind: 'adjust',
      points: 50,
      reason: 'Waited too long',
      orderId: null,
    });
    await move(id, { kind: 'redeem', points: -20, reason: 'Coffee' }).expect(201);
    await guests.expectBalance(id, 30);
    expect(await entriesOf(id)).toMatchObject([{ kind: 'redeem', points: -20 }, given]);
    const redeemed = (await it.published(PointsRedeemed)).filter(({ subject }) => subject === id);
    expect(redeemed).toMatchObject([{ version: 3, data: { points: -20, balance: 30, reason: 'Coffee' } }]);
  });

  test('a hundred redemptions at once never take more than there is', async () => {
    const { id } = await guests.makeCustomer();
    await move(id, { points: 50, reason: 'Welcome' }).expect(201);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => move(id, { kind: 'redeem', points: -10, reason: 'Coffee' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'points_insufficient',
      points: 0,
    });
    await guests.expectBalance(id, 0);
  });

  test('one key moves them once', async () => {
    const [{ id }, idempotencyKey] = [await guests.makeCustomer(), newId()];
    const give = (points: number) =>
      it.call('post', `${customers}/${id}/points`, { idempotencyKey }).send({ points, reason: 'Welcome' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => give(50)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect((await give(60).expect(422)).body.code).toBe('idempotency_key_reused');
    await guests.expectBalance(id, 50);
  });

  test('a redemption that gives, or a move of nothing, is refused', async () => {
    const { id } = await guests.makeCustomer();
    expect((await move(id, { kind: 'redeem', points: 5, reason: 'x' }).expect(422)).body.code).toBe('points_sign');
    await move(id, { points: 0, reason: 'x' }).expect(400);
  });

  test('a balance is the sum of its entries, page by page', async () => {
    const { id } = await guests.makeCustomer();
    for (const points of [10, 20, -5]) await move(id, { points, reason: 'x' }).expect(201);
    const { body: first } = await it.call('get', `${customers}/${id}/points?limit=2`).expect(200);
    const { body: rest } = await it
      .call('get', `${customers}/${id}/points?limit=2&cursor=${first.nextCursor}`)
      .expect(200);
    expect([...first.data, ...rest.data].map(({ points }: { points: number }) => points)).toEqual([-5, 20, 10]);
    await guests.expectBalance(id, 25);
  });
});
