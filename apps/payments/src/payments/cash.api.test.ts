import { LedgerPosted, PaymentCaptured } from '@comanda/contracts';
import { billKey, newId, signBill } from '@comanda/platform';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, IMPATIENT, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse(IMPATIENT);
});
afterEach(() => house.expectBalancedBooks());

describe('201', () => {
  test('over-tender in cash, 20.00 for 15.70: the change, the bill, the ledger and the events say the same', async () => {
    const bill = house.bill(15_70, { tax: 1_43 });
    const { body: payment } = await house.pay(bill, { method: 'cash', tendered: usd(20_00) }).expect(201);
    expect(payment).toMatchObject({
      status: 'captured',
      method: 'cash',
      amount: usd(15_70),
      rounding: usd(0),
      tip: usd(0),
      collected: usd(15_70),
      tendered: usd(20_00),
      change: usd(4_30),
      refunded: usd(0),
      fee: usd(26),
      card: null,
      version: 1,
    });
    expect(await house.billState(bill.checkId)).toEqual({
      total: 15_70,
      paid: 15_70,
      refunded: 0,
      pending: 0,
      due: 0,
      refundDue: 0,
    });
    expect(await house.legs(payment.id)).toEqual([{ cash: 15_70, merchant: -14_01, tax: -1_43, platform_fee: -26 }]);
    const captured = (await house.published(PaymentCaptured)).filter(({ subject }) => subject === payment.id);
    expect(captured).toMatchObject([{ version: 1, data: payment }]);
    const posted = (await house.published(LedgerPosted)).filter(({ data }) => data.paymentId === payment.id);
    expect(posted).toMatchObject([
      { version: 1, data: { kind: 'capture', currency: 'USD', businessDate: payment.businessDate } },
    ]);
    expect((await house.call('get', `/v1/payments/${payment.id}`).expect(200)).body).toEqual(payment);
  });

  test('15.72 in cash is 15.70 with −0.02 of rounding, by card 15.72; a refund returns what was paid, not rounded again', async () => {
    const location = await house.makeLocation({ cashRounding: { step: 5, mode: 'half-up' } });
    const byCard = await house.pay(house.bill(15_72, { location }), { method: 'card', source: 'tok_visa' }).expect(201);
    expect(byCard.body).toMatchObject({ rounding: usd(0), collected: usd(15_72) });
    const bill = house.bill(15_72, { location });
    const { body: payment } = await house.pay(bill, { method: 'cash', amount: usd(15_70) }).expect(201);
    expect(payment).toMatchObject({
      amount: usd(15_72),
      rounding: usd(-2),
      collected: usd(15_70),
      tendered: usd(15_70),
    });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 15_72, due: 0 });
    const { body: refund } = await house.refund(payment.id).expect(201);
    expect(refund).toMatchObject({ amount: usd(15_72), rounding: usd(-2), returned: usd(15_70), status: 'succeeded' });
    const [paid, back] = await house.legs(payment.id);
    expect(paid).toMatchObject({ cash: 15_70, rounding: 2 });
    expect(back).toMatchObject({ cash: -15_70, rounding: -2 });
  });

  test('10.00 by card and the rest in cash: only the cash is rounded', async () => {
    const location = await house.makeLocation({ cashRounding: { step: 5, mode: 'half-up' } });
    const bill = house.bill(15_72, { location });
    await house.pay(bill, { method: 'card', source: 'tok_visa', amount: usd(10_00) }).expect(201);
    const { body: cash } = await house.pay(bill).expect(201);
    expect(cash).toMatchObject({ amount: usd(5_72), rounding: usd(-2), collected: usd(5_70) });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 15_72, due: 0 });
  });

  test('three guests pay a third each: their taxes sum to the tax of the bill', async () => {
    const bill = house.bill(30_00, { tax: 2_50 });
    const taxes = [];
    for (const amount of [10_00, 10_00, 10_00]) {
      const { body } = await house.pay(bill, { method: 'cash', amount: usd(amount) }).expect(201);
      taxes.push((await house.legs(body.id))[0]?.['tax']);
    }
    expect(taxes).toEqual([-83, -84, -83]);
  });

  test('a tip can be left after the bill is paid; the platform takes nothing of it', async () => {
    const bill = house.bill(20_00);
    await house.pay(bill).expect(201);
    const { body: tip } = await house.pay(bill, { method: 'cash', amount: usd(0), tip: usd(3_00) }).expect(201);
    expect(tip).toMatchObject({ amount: usd(0), tip: usd(3_00), collected: usd(3_00), fee: usd(0) });
    expect(await house.legs(tip.id)).toEqual([{ cash: 3_00, tip: -3_00 }]);
  });

  test('a payment counts for the business day on which it happened', async () => {
    const yesterday = new Date(Date.now() - 86_400_000);
    const { body } = await house
      .pay(house.bill(5_00), { method: 'cash', occurredAt: yesterday.toISOString() })
      .expect(201);
    expect(body.occurredAt).toBe(yesterday.toISOString());
    const { body: day } = await house.call('get', `/v1/payments?businessDate=${body.businessDate}`).expect(200);
    expect(day.data.map(({ id }: { id: string }) => id)).toContain(body.id);
  });

  test('the same request again gets the same answer, and takes nothing more', async () => {
    const bill = house.bill(30_00);
    const idempotencyKey = newId();
    const { body: first } = await house
      .pay(bill, { method: 'cash', amount: usd(10_00) }, { idempotencyKey })
      .expect(201);
    const { body: again, headers } = await house
      .pay(bill, { method: 'cash', amount: usd(10_00) }, { idempotencyKey })
      .expect(201);
    expect(again).toEqual(first);
    expect(headers['idempotency-replayed']).toBe('true');
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 10_00, due: 20_00 });
  });

  test('the same request again gets its answer also when a card has taken the rest meanwhile, or holds it', async () => {
    for (const source of ['tok_visa', 'tok_timeout']) {
      const bill = house.bill(30_00);
      const idempotencyKey = newId();
      const send = () => house.pay(bill, { method: 'cash', amount: usd(10_00) }, { idempotencyKey });
      const { body: first } = await send().expect(201);
      await house.pay(bill, { method: 'card', source }).expect(201);
      expect((await send().expect(201)).body).toEqual(first);
    }
  });
});

describe('403', () => {
  test('a till of another location cannot take it', async () => {
    const elsewhere = await house.makeLocation();
    const key = await house.makeKey({ locationIds: [elsewhere.id] });
    const { body } = await house.pay(house.bill(10_00), { method: 'cash' }, { key }).expect(403);
    expect(body.code).toBe('location_forbidden');
  });
});

describe('409', () => {
  test('a bill that is paid is not paid twice', async () => {
    const bill = house.bill(10_00);
    await house.pay(bill).expect(201);
    expect((await house.pay(bill).expect(409)).body.code).toBe('nothing_due');
  });

  test('more than what is due is refused, and says what is due', async () => {
    const { body } = await house.pay(house.bill(10_00), { method: 'cash', amount: usd(10_01) }).expect(409);
    expect(body).toMatchObject({ code: 'amount_exceeds_due', due: usd(10_00) });
  });

  test('an older bill is refused once a newer one was seen', async () => {
    const bill = house.bill(10_00);
    const { organizationId, locationId, orderId, checkId } = bill;
    const newer = house.bill(14_00, { organizationId, locationId, orderId, checkId, version: 2 });
    await house.pay(newer, { method: 'cash', amount: usd(4_00) }).expect(201);
    expect((await house.pay(bill).expect(409)).body).toMatchObject({
      code: 'bill_superseded',
      version: 2,
      total: usd(14_00),
    });
  });

  test('an id that another payment has is taken, and nothing is collected', async () => {
    const id = newId();
    await house.pay(house.bill(10_00), { method: 'cash', id }).expect(201);
    const bill = house.bill(10_00);
    expect((await house.pay(bill, { method: 'cash', id }).expect(409)).body.code).toBe('id_taken');
    await house.call('get', `/v1/payments/bills/${bill.checkId}`).expect(404);
  });
});

describe('422', () => {
  test('the same key with another amount is refused', async () => {
    const bill = house.bill(10_00);
    const idempotencyKey = newId();
    await house.pay(bill, { method: 'cash', amount: usd(1_00) }, { idempotencyKey }).expect(201);
    const { body } = await house.pay(bill, { method: 'cash', amount: usd(2_00) }, { idempotencyKey }).expect(422);
    expect(body.code).toBe('idempotency_key_reused');
  });

  test('a bill is taken only as it was signed: not changed, not with another secret, not for somebody else', async () => {
    const bill = house.bill(10_00);
    const { signature: _, ...unsigned } = bill;
    for (const forged of [
      { ...bill, total: usd(1_00) },
      { ...bill, version: 2 },
      signBill(billKey('another secret, just as long as the first'), unsigned),
      house.bill(10_00, { organizationId: house.other.id, locationId: house.other.location.id }),
    ]) {
      expect((await house.pay(forged).expect(422)).body.code).toBe('bill_signature_invalid');
    }
  });

  test.each([
    ['amount', { amount: { amount: 1_00, currency: 'EUR' } }],
    ['tip', { tip: { amount: 1_00, currency: 'EUR' } }],
    ['tendered', { tendered: { amount: 20_00, currency: 'EUR' } }],
  ])('euros as %s towards a bill in dollars are refused', async (_, body) => {
    expect((await house.pay(house.bill(10_00), { method: 'cash', ...body }).expect(422)).body.code).toBe(
      'currency_mismatch',
    );
  });

  test('less cash than the amount is refused', async () => {
    const { body } = await house.pay(house.bill(10_00), { method: 'cash', tendered: usd(9_99) }).expect(422);
    expect(body.code).toBe('cash_too_little');
  });

  test('a time before yesterday needs the scope to import', async () => {
    const occurredAt = '2015-01-01T12:00:00Z';
    const key = await house.makeKey({ scopes: ['payments:write'] });
    expect((await house.pay(house.bill(10_00), { method: 'cash', occurredAt }, { key }).expect(422)).body.code).toBe(
      'time_not_allowed',
    );
    const { body } = await house.pay(house.bill(10_00), { method: 'cash', occurredAt }).expect(201);
    expect(body.businessDate).toBe('2015-01-01');
  });

  test('a location that payments has never heard of is refused', async () => {
    const { body } = await house.pay(house.bill(10_00, { locationId: newId() })).expect(422);
    expect(body.code).toBe('reference_unknown');
  });

  test('a card number is refused wherever it stands, and is kept nowhere', async () => {
    const card = '4242424242424242';
    const bill = house.bill(10_00);
    for (const refused of [
      await house.pay(bill, { method: 'card', source: card }).expect(422),
      await house.pay({ ...bill, signature: card }).expect(422),
      await house.refund(newId(), { reason: `guest paid with ${card}` }).expect(422),
    ]) {
      expect(refused.body.code).toBe('card_number_refused');
      expect(refused.text).not.toContain(card);
    }
    const { rows } = await house.sql.query(`select from idempotency_keys where answer::text like '%${card}%'`);
    expect(rows).toEqual([]);
  });
});

describe('400', () => {
  test.each([
    ['cash with a card’s token', { method: 'cash', source: 'tok_visa' }],
    ['a card without a token', { method: 'card' }],
    ['a card with cash handed over', { method: 'card', source: 'tok_visa', tendered: usd(10_00) }],
    ['a negative amount', { method: 'cash', amount: usd(-1) }],
    ['half a cent', { method: 'cash', amount: usd(0.5) }],
    ['a gift card with cash handed over', { method: 'gift_card', number: 'BCDF-GHJK-LMNP-QRST', tendered: usd(10_00) }],
    ['cheques', { method: 'cheque' }],
  ])('%s cannot be written', async (_, body) => {
    expect((await house.pay(house.bill(10_00), body).expect(400)).body.code).toBe('malformed_request');
  });
});
