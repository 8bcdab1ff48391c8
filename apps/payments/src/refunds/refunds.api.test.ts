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

  test('seven partial refunds sum to the full payment to the cent, its tax and its fee, and none is more than is left', async () => {
    const location = await house.makeLocation({
      platformFee: { rate: 33_333, fixed: 7 },
      cashRounding: { step: 5, mode: 'half-up' },
    });
    for (const method of [visa, { method: 'cash' }]) {
      const tip = 3_33;
      const { payment } = await paid(29_97, { ...method, tip: usd(tip) }, { tax: 2_49, location });
      const [capture] = await house.legs(payment.id);
      for (const cents of [1, 333, 1_000, 7, 999, 58])
        await house.refund(payment.id, { amount: usd(cents) }).expect(201);
      await house.refund(payment.id, { tip: usd(1_11) }).expect(201);
      expect((await house.refund(payment.id, { amount: usd(6_00) }).expect(409)).body).toMatchObject({
        code: 'amount_exceeds_refundable',
        refundable: { amount: usd(5_99), tip: usd(2_22) },
      });
      await house.refund(payment.id).expect(201);
      const back = (await house.legs(payment.id)).slice(1);
      const sum = (account: string) => back.reduce((total, legs) => total + (legs[account] ?? 0), 0);
      for (const account of ['card', 'cash', 'tax', 'tip', 'platform_fee', 'rounding'])
        expect([account, 0 - sum(account)]).toEqual([account, capture?.[account] ?? 0]);
      expect(await house.payment(payment.id)).toMatchObject({ refunded: payment.collected, fee: usd(0) });
    }
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

describe('a claim of a return', () => {
  const cash = { method: 'cash' };

  test('gives back exactly its amount with exactly its tax; what is left later takes the rest of the tax along', async () => {
    for (const method of [cash, visa]) {
      const { bill, payment } = await paid(30_00, method, { tax: 3_00 });
      const claim = house.claim(bill, 12_00, 2_00);
      const { body: refund } = await house.refund(payment.id, { claim }).expect(201);
      expect(refund).toMatchObject({ amount: usd(12_00), tip: usd(0), returnId: claim.returnId });
      await house.refund(payment.id).expect(201);
      const [, first, second] = await house.legs(payment.id);
      expect([first?.['tax'], second?.['tax']]).toEqual([2_00, 1_00]);
      const told = (await house.published(PaymentRefunded)).filter(({ subject }) => subject === payment.id);
      expect(told.map(({ data }) => data.refund.returnId)).toEqual([claim.returnId, undefined]);
    }
  });

  test('is paid by several payments of the order where one cannot bear all, also of another check, and once in all', async () => {
    const bill = house.bill(30_00, { tax: 3_00 });
    const { body: first } = await house.pay(bill, { ...cash, amount: usd(5_00) }).expect(201);
    await house.pay(bill, cash).expect(201);
    const { orderId } = bill;
    const { payment: other } = await paid(20_00, cash, { orderId });
    const claim = house.claim(bill, 12_00, 1_00);
    const { body: part } = await house.refund(first.id, { claim }).expect(201);
    expect(part.amount).toEqual(usd(5_00));
    expect((await house.refund(other.id, { claim, amount: usd(7_01) }).expect(409)).body).toMatchObject({
      code: 'amount_exceeds_refundable',
      refundable: { amount: usd(7_00) },
    });
    const { body: rest } = await house.refund(other.id, { claim }).expect(201);
    expect(rest.amount).toEqual(usd(7_00));
    const taxes = await Promise.all([first, other].map(async ({ id }) => (await house.legs(id))[1]?.['tax']));
    expect(taxes).toEqual([42, 58]);
    expect((await house.refund(other.id, { claim }).expect(409)).body.code).toBe('claim_used');
  });

  test('sent twenty times at once, to two payments of two checks, gives back what it entitles to', async () => {
    const { bill, payment } = await paid(30_00, cash);
    const { payment: other } = await paid(30_00, visa, { orderId: bill.orderId });
    const claim = house.claim(bill, 12_00);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => house.refund(at % 2 ? payment.id : other.id, { claim, amount: usd(4_00) })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refunded = await Promise.all(
      [payment, other].map(async ({ id }) => (await house.payment(id)).refunded.amount),
    );
    expect(refunded[0]! + refunded[1]!).toBe(12_00);
  });

  test('that a provider did not pay out can be used again', async () => {
    const { bill, payment } = await paid(30_00, visa);
    const claim = house.claim(bill, 12_00, 1_00);
    await house.sql.query(
      `insert into refunds (organization_id, id, payment_id, status, currency, amount_minor, tip_minor, rounding_minor,
        fee_minor, tax_minor, return_id, claimed_tax_minor, reason, business_date, occurred_at, recorded_at)
       values ($1, $2, $3, 'failed', 'USD', 1200, 0, 0, 0, 0, $4, 100, 'Cold', '2026-03-06', now(), now())`,
      [house.id, newId(), payment.id, claim.returnId],
    );
    await house.refund(payment.id, { claim }).expect(201);
  });

  test('that was changed, is another organization’s, or of another order gives nothing back', async () => {
    const { bill, payment } = await paid(30_00, cash);
    const claim = house.claim(bill, 12_00, 1_00);
    const refused = async (of: object) => (await house.refund(payment.id, { claim: of }).expect(422)).body.code;
    expect(await refused({ ...claim, total: usd(13_00) })).toBe('claim_signature_invalid');
    expect(await refused({ ...claim, tax: usd(0) })).toBe('claim_signature_invalid');
    expect(await refused(house.claim({ ...bill, organizationId: house.other.id }, 12_00))).toBe(
      'claim_signature_invalid',
    );
    expect(await refused(house.claim(house.bill(30_00), 12_00))).toBe('claim_foreign');
    expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(0) });
  });
});
