import { PaymentCaptured, PaymentFailed } from '@comanda/contracts';
import { eventually } from '@comanda/testing';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, IMPATIENT, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse(IMPATIENT);
});
afterEach(() => house.expectBalancedBooks());

const WITHIN = { within: 15_000 };
const becomes = (id: string, facts: object) =>
  eventually(async () => expect(await house.payment(id)).toMatchObject(facts), WITHIN);
const wallet = (facts: object = {}) => ({ method: 'wallet', ...facts });
const attemptOf = async (paymentId: string): Promise<string> => {
  const { rows } = await house.sql.query(`select id from payment_attempts where payment_id = $1 order by id`, [
    paymentId,
  ]);
  return rows[0].id;
};
/** The guest pays the code, by telephone; the provider tells by webhook, or leaves it to us to ask. */
const guestPays = async (paymentId: string, facts: object = {}) =>
  house.sandbox.control('POST', `/codes/${await attemptOf(paymentId)}/pay`, house.id, facts);
const told = async (definition: Parameters<House['published']>[0], id: string) =>
  (await house.published(definition)).filter(({ subject }) => subject === id).map(({ version }) => version);
/** Half the code's time to live, and the other half, go by. */
const expire = async (paymentId: string) => {
  await house.sandbox.books.query(`update codes set expires_at = now() where reference = $1`, [
    await attemptOf(paymentId),
  ]);
  await becomes(paymentId, { status: 'declined', declineCode: 'code_expired', code: null });
};

describe('a code that we show and the guest scans', () => {
  test('is paid when the guest says so: 32.00 with a tip of 3.00, told by webhook', async () => {
    const bill = house.bill(32_00);
    const { body: payment } = await house.pay(bill, wallet({ tip: usd(3_00) })).expect(201);
    expect(payment).toMatchObject({
      method: 'wallet',
      status: 'pending',
      collected: usd(0),
      code: { content: expect.stringContaining('https://'), expiresAt: expect.any(String) },
    });
    expect((await house.pay(bill).expect(409)).body.code).toBe('payment_unresolved');
    await guestPays(payment.id);
    await becomes(payment.id, {
      status: 'captured',
      collected: usd(35_00),
      code: null,
      card: { brand: 'alipay', last4: '8888' },
      version: 1,
    });
    expect(await told(PaymentCaptured, payment.id)).toEqual([1]);
    expect(await house.legs(payment.id)).toMatchObject([{ card: 35_00, tip: -3_00, psp_fee: -1_32 }]);
    await house.refund(payment.id).expect(201);
    expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(35_00) });
  });

  test('is found paid by asking, too, where no webhook comes', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), wallet()).expect(201);
    await guestPays(payment.id, { tell: false });
    await becomes(payment.id, { status: 'captured' });
  });

  test('that nobody pays in time expires, and the bill can be paid', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, wallet()).expect(201);
    await expire(payment.id);
    expect(await told(PaymentFailed, payment.id)).toEqual([1]);
    await house.pay(bill).expect(201);
  });

  test('and pays after the time-out: the money is found, and settles the bill once', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, wallet()).expect(201);
    await expire(payment.id);
    await guestPays(payment.id);
    await becomes(payment.id, { status: 'captured', declineCode: null, version: 2 });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 20_00, due: 0, refundDue: 0 });
    expect(await house.legs(payment.id)).toHaveLength(1);
  });

  test('and pays after the time-out, when the bill has been paid otherwise: the money goes back, once', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, wallet()).expect(201);
    await expire(payment.id);
    await house.pay(bill).expect(201);
    await guestPays(payment.id);
    await becomes(payment.id, { status: 'captured', refunded: usd(20_00) });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 20_00, due: 0, refundDue: 0 });
    expect(await house.legs(payment.id)).toHaveLength(2);
  });

  test('can be cancelled, so that the guest pays in cash; a repeat of the cancelling says the same', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, wallet()).expect(201);
    const cancel = () => house.call('post', `/v1/payments/${payment.id}/void`, { idempotencyKey: payment.id });
    const { body: cancelled } = await cancel().expect(200);
    expect(cancelled).toMatchObject({ status: 'declined', declineCode: 'code_cancelled', code: null });
    expect((await cancel().expect(200)).body).toEqual(cancelled);
    await house.pay(bill).expect(201);
  });

  test('that the guest paid at the moment it is cancelled is paid', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), wallet()).expect(201);
    await guestPays(payment.id, { tell: false });
    const { body } = await house.call('post', `/v1/payments/${payment.id}/void`).expect(200);
    expect(body).toMatchObject({ status: 'captured', collected: usd(20_00) });
  });

  test('is no card: it cannot be captured, and what waits is listed as such', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), wallet()).expect(201);
    const { body } = await house.call('post', `/v1/payments/${payment.id}/capture`).send({}).expect(409);
    expect(body.code).toBe('payment_unresolved');
    const list = async (why: string) =>
      (await house.call('get', `/v1/payments/attempts?paymentId=${payment.id}&why=${why}`).expect(200)).body.data;
    expect(await list('guest_pays')).toMatchObject([{ status: 'pending', why: 'guest_pays', kind: 'charge' }]);
    expect(await list('not_finished')).toEqual([]);
    await house.call('post', `/v1/payments/${payment.id}/void`).expect(200);
  });
});

describe('a code that the guest shows and we scan', () => {
  test.each(['wallet_alipay', 'wallet_wechat'])('of %s is charged at once', async (barcode) => {
    const { body: payment } = await house.pay(house.bill(20_00), wallet({ barcode })).expect(201);
    expect(payment).toMatchObject({ method: 'wallet', status: 'captured', code: null, version: 1 });
  });

  test('without money behind it is declined', async () => {
    const { body } = await house.pay(house.bill(20_00), wallet({ barcode: 'wallet_empty' })).expect(422);
    expect(body).toMatchObject({ code: 'payment_declined', declineCode: 'insufficient_funds' });
  });

  test('and has to confirm with a password is paid when the guest has', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), wallet({ barcode: 'wallet_password' })).expect(201);
    expect(payment).toMatchObject({ status: 'pending', code: null });
    await guestPays(payment.id, { wallet: 'wallet_wechat' });
    await becomes(payment.id, { status: 'captured', card: { brand: 'wechat_pay' } });
  });

  test('over which the provider falls silent is unknown, and found', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), wallet({ barcode: 'wallet_timeout' })).expect(201);
    expect(payment.status).toBe('unknown');
    await becomes(payment.id, { status: 'captured' });
  });
});
