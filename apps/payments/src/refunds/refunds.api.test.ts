import { PaymentRefunded } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => house.expectBalancedBooks());

const visa = { method: 'card', source: 'tok_visa' };
const paid = async (total: number, body: object = visa, facts: Parameters<House['bill']>[1] = {}) => {
  const bill = house.bill(total, facts);
  const { body: payment } = await house.pay(bill, body).expect(201);
  return { bill, payment };
};

describe('201', () => {
  test('15.00 of 20.00 with a platform fee of 2.00 return 1.50 of it, and the other 5.00 the other 0.50', async () => {
    const location = await house.makeLocation({ platformFee: { rate: 100_000, fixed: 0 } });
    const { payment } = await paid(20_00, visa, { location });
    expect(payment.fee).toEqual(usd(2_00));
    const { body: most } = await house.refund(payment.id, { amount: usd(15_00) }).expect(201);
    expect(most).toMatchObject({ status: 'succeeded', amount: usd(15_00), returned: usd(15_00), fee: usd(1_50) });
    expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(15_00), fee: usd(50), version: 2 });
    const { body: rest } = await house.refund(payment.id).expect(201);
    expect(rest).toMatchObject({ amount: usd(5_00), fee: usd(50) });
    const [, first, second] = await house.legs(payment.id);
    expect([first?.['platform_fee'], second?.['platform_fee']]).toEqual([1_50, 50]);
  });

  test('of a card payment, tax and tip go back with it; the provider keeps its fee at the merchant’s cost', async () => {
    const { payment } = await paid(30_00, { ...visa, tip: usd(3_00) }, { tax: 2_50 });
    const { body: refund } = await house.refund(payment.id).expect(201);
    expect(refund).toMatchObject({
      amount: usd(30_00),
      tip: usd(3_00),
      returned: usd(33_00),
      fee: usd(40),
      declineCode: null,
    });
    const [capture, back] = await house.legs(payment.id);
    expect(capture).toEqual({
      card: 33_00,
      merchant: -25_84,
      tax: -2_50,
      tip: -3_00,
      psp_fee: -1_26,
      platform_fee: -40,
    });
    expect(back).toEqual({ card: -33_00, merchant: 27_10, tax: 2_50, tip: 3_00, platform_fee: 40 });
  });

  test('a tip alone goes back alone', async () => {
    const { payment } = await paid(30_00, { ...visa, tip: usd(3_00) }, { tax: 2_50 });
    await house.refund(payment.id, { tip: usd(3_00), reason: 'Never meant to' }).expect(201);
    expect((await house.legs(payment.id))[1]).toEqual({ card: -3_00, tip: 3_00 });
    expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(3_00), fee: usd(40) });
  });

  test('each is told with the payment as it stands after, and none makes the bill due again', async () => {
    const { bill, payment } = await paid(30_00, { method: 'cash' });
    const { body: first } = await house.refund(payment.id, { amount: usd(12_00) }).expect(201);
    const { body: second } = await house.refund(payment.id, { amount: usd(6_00) }).expect(201);
    const told = (await house.published(PaymentRefunded)).filter(({ subject }) => subject === payment.id);
    expect(told).toMatchObject([
      {
        version: 2,
        data: { refunded: usd(12_00), version: 2, refund: { id: first.id, amount: usd(12_00), reason: 'Cold food' } },
      },
      { version: 3, data: { refunded: usd(18_00), version: 3, refund: { id: second.id, amount: usd(6_00) } } },
    ]);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 12_00, refunded: 18_00, due: 0, refundDue: 0 });
    expect((await house.pay(bill).expect(409)).body.code).toBe('nothing_due');
  });

  test('they are listed oldest first, a page at a time', async () => {
    const { payment } = await paid(30_00, { method: 'cash' });
    for (const cents of [1, 2, 3]) await house.refund(payment.id, { amount: usd(cents) }).expect(201);
    const list = (query: string) => house.call('get', `/v1/payments/${payment.id}/refunds${query}`).expect(200);
    const { body: first } = await list('?limit=2');
    const { body: second } = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ amount }) => amount.amount)).toEqual([1, 2, 3]);
    expect(second.nextCursor).toBeNull();
  });

  test('counts for the day it is made on, not for the day of the payment', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    const { payment } = await paid(10_00, { method: 'cash', occurredAt: yesterday });
    const { body: refund } = await house.refund(payment.id).expect(201);
    expect(refund.businessDate > payment.businessDate).toBe(true);
    const { body } = await house.call('get', `/v1/payments/ledger?paymentId=${payment.id}`).expect(200);
    expect(body.data.map((entry: { businessDate: string }) => entry.businessDate)).toEqual([
      refund.businessDate,
      payment.businessDate,
    ]);
  });

  test('the same request again gets the same answer, and gives back nothing more', async () => {
    for (const method of [visa, { method: 'cash' }]) {
      const { payment } = await paid(30_00, method);
      const idempotencyKey = newId();
      const { body: first } = await house.refund(payment.id, { amount: usd(5_00) }, { idempotencyKey }).expect(201);
      const { body: again, headers } = await house
        .refund(payment.id, { amount: usd(5_00) }, { idempotencyKey })
        .expect(201);
      expect([again, headers['idempotency-replayed']]).toEqual([first, 'true']);
      const { body: reused } = await house.refund(payment.id, { amount: usd(6_00) }, { idempotencyKey }).expect(422);
      expect(reused.code).toBe('idempotency_key_reused');
      expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(5_00) });
    }
  });
});

describe('403', () => {
  test('a waiter’s key that may take payments may not give them back', async () => {
    const { payment } = await paid(10_00);
    const key = await house.makeKey({ scopes: ['payments:read', 'payments:write'] });
    expect((await house.refund(payment.id, {}, { key }).expect(403)).body.code).toBe('scope_missing');
  });
});

describe('409', () => {
  test('one cent more than is left is refused, and says what is left', async () => {
    const { payment } = await paid(30_00, { ...visa, tip: usd(3_00) });
    await house.refund(payment.id, { amount: usd(20_00) }).expect(201);
    const { body } = await house.refund(payment.id, { amount: usd(10_01) }).expect(409);
    expect(body).toMatchObject({
      code: 'amount_exceeds_refundable',
      refundable: { amount: usd(10_00), tip: usd(3_00) },
    });
  });

  test('what was never collected is not given back', async () => {
    const { payment } = await paid(30_00, { ...visa, capture: false });
    expect((await house.refund(payment.id).expect(409)).body.code).toBe('payment_state');
  });

  test('an id that another refund has is taken', async () => {
    const id = newId();
    for (const method of [visa, { method: 'cash' }]) {
      const { payment } = await paid(30_00, method);
      const answers = [
        await house.refund(payment.id, { id, amount: usd(1) }),
        await house.refund(payment.id, { id, amount: usd(1) }),
      ];
      expect(answers.at(-1)?.body.code).toBe('id_taken');
    }
  });
});

describe('422', () => {
  test('a refund that the provider declines is told, kept as failed, and can be tried again', async () => {
    const { payment } = await paid(30_00, { method: 'card', source: 'tok_refund_declined' });
    const { body } = await house.refund(payment.id).expect(422);
    expect(body).toMatchObject({ code: 'payment_declined', declineCode: 'refund_declined', paymentId: payment.id });
    const { body: list } = await house.call('get', `/v1/payments/${payment.id}/refunds`).expect(200);
    expect(list.data).toMatchObject([{ id: body.refundId, status: 'failed', declineCode: 'refund_declined' }]);
    expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(0), version: 1 });
    expect((await house.refund(payment.id).expect(422)).body.code).toBe('payment_declined');
  });

  test('dollars are not given back as euros', async () => {
    const { payment } = await paid(30_00);
    const { body } = await house.refund(payment.id, { amount: { amount: 1, currency: 'EUR' } }).expect(422);
    expect(body.code).toBe('currency_mismatch');
  });
});
