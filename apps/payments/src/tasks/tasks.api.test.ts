import { newId } from '@comanda/platform';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => house.expectBalancedBooks());

const declined = { method: 'card', source: 'tok_declined', offline: true };
const tasksOf = async (paymentId: string, query = '') =>
  (await house.call('get', `/v1/payments/tasks?limit=200${query}`).expect(200)).body.data.filter(
    (task: { paymentId: string }) => task.paymentId === paymentId,
  );
const lateDeclines = async (query = '') =>
  (await house.call('get', `/v1/payments/late-declines${query}`).expect(200)).body.data;

describe('a card that a till took without a connection and that is declined later (server half)', () => {
  test('is recorded at the merchant’s risk, raises one task, is in the report, and its bill is due again', async () => {
    const bill = house.bill(20_00);
    const idempotencyKey = newId();
    const send = () => house.pay(bill, { ...declined, tip: usd(2_00) }, { idempotencyKey });
    const { body: payment } = await send().expect(201);
    expect(payment).toMatchObject({ status: 'declined', offline: true, declineCode: 'card_declined' });
    expect((await send().expect(201)).body).toEqual(payment);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 0, pending: 0, due: 20_00 });
    expect(await tasksOf(payment.id)).toMatchObject([
      { kind: 'late_decline', status: 'open', subjectId: payment.id, checkId: bill.checkId, amount: usd(22_00) },
    ]);
    const onItsDay = `?locationId=${payment.locationId}&businessDate=${payment.businessDate}`;
    expect(await lateDeclines(onItsDay)).toContainEqual(payment);
    expect(await lateDeclines('?businessDate=2015-01-01')).toEqual([]);
    await house.pay(bill).expect(201);
  });

  test('is told apart from one that is declined while the guest waits, which is refused', async () => {
    const { body } = await house.pay(house.bill(20_00), { ...declined, offline: false }).expect(422);
    expect(body.code).toBe('payment_declined');
    expect(await tasksOf(body.paymentId)).toEqual([]);
    expect(await lateDeclines()).not.toContainEqual(expect.objectContaining({ id: body.paymentId }));
  });

  test('of a bill that a guest has paid otherwise meanwhile nothing is taken', async () => {
    const bill = house.bill(20_00);
    await house.pay(bill).expect(201);
    expect((await house.pay(bill, declined).expect(409)).body.code).toBe('nothing_due');
  });
});

describe('a task', () => {
  test('is done once somebody says so, and stays done under whoever said it first', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), declined).expect(201);
    const [{ id }] = await tasksOf(payment.id, '&status=open&kind=late_decline');
    const done = (options = {}) => house.call('post', `/v1/payments/tasks/${id}/done`, options);
    const { body: task } = await done().expect(200);
    expect(task).toMatchObject({ status: 'done', doneAt: expect.any(String), doneBy: expect.any(String) });
    const { body: again } = await done({ key: await house.makeKey() }).expect(200);
    expect(again).toEqual(task);
    expect(await tasksOf(payment.id, '&status=open')).toEqual([]);
    expect(await tasksOf(payment.id, '&status=done')).toEqual([task]);
  });

  test('is a location’s own, and another organization’s is not there', async () => {
    const elsewhere = await house.makeLocation();
    const { body: payment } = await house.pay(house.bill(20_00), declined).expect(201);
    const [{ id }] = await tasksOf(payment.id);
    const key = await house.makeKey({ locationIds: [elsewhere.id] });
    expect((await house.call('post', `/v1/payments/tasks/${id}/done`, { key }).expect(403)).body.code).toBe(
      'location_forbidden',
    );
    expect((await house.call('get', '/v1/payments/tasks', { key }).expect(200)).body.data).toEqual([]);
    await house.call('post', `/v1/payments/tasks/${id}/done`, { key: house.other.key }).expect(404);
    expect((await house.call('get', '/v1/payments/tasks', { key: house.other.key }).expect(200)).body.data).toEqual([]);
  });

  test('is listed newest first, a page at a time', async () => {
    const location = await house.makeLocation();
    const ids = [];
    for (const total of [1_00, 2_00, 3_00])
      ids.unshift((await house.pay(house.bill(total, { location }), declined).expect(201)).body.id);
    const page = async (query: string) =>
      (await house.call('get', `/v1/payments/tasks?locationId=${location.id}${query}`).expect(200)).body;
    const first = await page('&limit=2');
    const second = await page(`&limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ paymentId }) => paymentId)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });
});
