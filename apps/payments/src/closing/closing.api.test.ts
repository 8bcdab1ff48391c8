import { PaymentAuthorized, PaymentCaptured } from '@comanda/contracts';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, usd } from '../testing/house.js';
import { ClosingTime } from './closing-time.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ PAYMENT_CLOSING_GRACE_MINUTES: '0' });
});
afterEach(() => house.expectBalancedBooks());

const YESTERDAY = new Date(Date.now() - 26 * 3_600_000).toISOString();
const authorize = async (total: number, body: object = {}) => {
  const bill = house.bill(total);
  const { body: payment } = await house
    .pay(bill, { method: 'card', source: 'tok_visa', capture: false, ...body })
    .expect(201);
  return { bill, payment };
};
const tip = (id: string, cents: number, options = {}) =>
  house.call('post', `/v1/payments/${id}/tip`, options).send({ tip: usd(cents) });
const capture = (id: string) => house.call('post', `/v1/payments/${id}/capture`).send({});
const close = () => house.service.app.get(ClosingTime).sweep();
const tasksOf = async (paymentId: string) =>
  (await house.call('get', '/v1/payments/tasks?limit=200').expect(200)).body.data
    .filter((task: { paymentId: string }) => task.paymentId === paymentId)
    .map(({ kind, status }: { kind: string; status: string }) => `${kind} ${status}`);

describe('a tip that is left after the card was authorised', () => {
  test('is captured once, however often the tip is written and the capture asked for', async () => {
    const { payment } = await authorize(30_00, { tip: usd(1_00) });
    expect((await tip(payment.id, 3_00).expect(200)).body).toMatchObject({
      tip: usd(3_00),
      status: 'authorized',
      version: 2,
    });
    await tip(payment.id, 4_00).expect(200);
    const answers = await Promise.all(Array.from({ length: 10 }, () => capture(payment.id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await house.payment(payment.id)).toMatchObject({
      status: 'captured',
      tip: usd(4_00),
      collected: usd(34_00),
      version: 4,
    });
    expect(await house.legs(payment.id)).toMatchObject([{ card: 34_00, tip: -4_00 }]);
    const told = [...(await house.published(PaymentAuthorized)), ...(await house.published(PaymentCaptured))];
    expect(told.filter(({ subject }) => subject === payment.id).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  test('is at most what the provider allows beyond what was authorised, and none once it is captured', async () => {
    const { payment } = await authorize(30_00);
    expect((await tip(payment.id, 6_01).expect(409)).body).toMatchObject({
      code: 'tip_exceeds_allowance',
      allowed: usd(6_00),
    });
    await tip(payment.id, 6_00).expect(200);
    await capture(payment.id).expect(200);
    expect((await tip(payment.id, 1_00).expect(409)).body.code).toBe('payment_state');
    expect((await tip(payment.id, 1_00, { key: house.other.key }).expect(404)).body.code).toBe('not_found');
  });

  test('is not written in another currency, nor at another location', async () => {
    const { payment } = await authorize(30_00);
    const path = `/v1/payments/${payment.id}/tip`;
    const euros = { tip: { amount: 1_00, currency: 'EUR' } };
    expect((await house.call('post', path).send(euros).expect(422)).body.code).toBe('currency_mismatch');
    const key = await house.makeKey({ locationIds: [(await house.makeLocation()).id] });
    expect((await tip(payment.id, 1_00, { key }).expect(403)).body.code).toBe('location_forbidden');
  });
});

describe('an authorisation that nobody captured before its location closed', () => {
  test('is alerted, and captured once with its tip, for the evening that it is of', async () => {
    const { bill, payment } = await authorize(30_00, { occurredAt: YESTERDAY });
    await tip(payment.id, 4_00).expect(200);
    await Promise.all([close(), close()]);
    await close();
    expect(await house.payment(payment.id)).toMatchObject({
      status: 'captured',
      collected: usd(34_00),
      businessDate: payment.businessDate,
      version: 3,
    });
    expect(await house.legs(payment.id)).toHaveLength(1);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 30_00, pending: 0, due: 0 });
    expect(await tasksOf(payment.id)).toEqual(['authorization_open open']);
  });

  test('is left alone while the evening lasts', async () => {
    const { payment } = await authorize(30_00);
    await close();
    expect(await house.payment(payment.id)).toMatchObject({ status: 'authorized', version: 1 });
    expect(await tasksOf(payment.id)).toEqual([]);
  });

  test('and that the provider has let expire stays open, for somebody to see', async () => {
    const { payment } = await authorize(30_00, { occurredAt: YESTERDAY, source: 'tok_capture_declined' });
    await close();
    await close();
    expect(await house.payment(payment.id)).toMatchObject({ status: 'authorized' });
    expect(await tasksOf(payment.id)).toEqual(['authorization_open open']);
    await house.call('post', `/v1/payments/${payment.id}/void`).expect(200);
  });
});

test('an authorisation that is about to expire is alerted, and no longer once it is captured', async () => {
  const { payment } = await authorize(30_00);
  await house.sql.query(`update payments set recorded_at = now() - interval '6 days 1 hour' where id = $1`, [
    payment.id,
  ]);
  await close();
  expect(await tasksOf(payment.id)).toEqual(['authorization_expiring open']);
  await capture(payment.id).expect(200);
  expect(await tasksOf(payment.id)).toEqual(['authorization_expiring done']);
});
