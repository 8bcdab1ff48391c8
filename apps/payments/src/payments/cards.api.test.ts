import { PaymentAuthorized, PaymentCaptured, PaymentFailed, PaymentVoided } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => house.expectBalancedBooks());

const visa = { method: 'card', source: 'tok_visa' };
const authorize = async (total: number, body: object = {}) => {
  const bill = house.bill(total);
  const { body: payment } = await house.pay(bill, { ...visa, capture: false, ...body }).expect(201);
  return { bill, payment };
};
const step = (paymentId: string, verb: 'capture' | 'void', body?: object) => {
  const call = house.call('post', `/v1/payments/${paymentId}/${verb}`);
  return body === undefined ? call : call.send(body);
};

describe('a card', () => {
  test('is charged 32.00 with a tip of 3.00; each cent has its owner', async () => {
    const bill = house.bill(32_00, { tax: 2_00 });
    const { body: payment } = await house.pay(bill, { ...visa, tip: usd(3_00) }).expect(201);
    expect(payment).toMatchObject({
      status: 'captured',
      amount: usd(32_00),
      tip: usd(3_00),
      collected: usd(35_00),
      tendered: null,
      change: null,
      fee: usd(42),
      card: { brand: 'visa', last4: '4242' },
      providerReference: expect.stringMatching(/^sbx_/),
      declineCode: null,
      version: 1,
    });
    // 2.9 % of 35.00 and 0.30 are the provider's; 1 % of 32.00 and 0.10 the platform's.
    expect(await house.legs(payment.id)).toEqual([
      { card: 35_00, merchant: -28_26, tax: -2_00, tip: -3_00, psp_fee: -1_32, platform_fee: -42 },
    ]);
    const events = (await house.published(PaymentCaptured)).filter(({ subject }) => subject === payment.id);
    expect(events).toMatchObject([{ version: 1, data: payment }]);
  });

  test.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_nobody_has', 'invalid_source'],
  ])(
    '%s is declined: the refusal says why, the bill is free again, and another card pays it',
    async (source, declineCode) => {
      const bill = house.bill(20_00);
      const idempotencyKey = newId();
      const { body: problem } = await house.pay(bill, { method: 'card', source }, { idempotencyKey }).expect(422);
      expect(problem).toMatchObject({ code: 'payment_declined', declineCode, paymentId: expect.any(String) });
      expect(await house.payment(problem.paymentId)).toMatchObject({
        status: 'declined',
        declineCode,
        collected: usd(0),
        fee: usd(0),
        version: 1,
      });
      expect(
        (await house.published(PaymentFailed)).filter(({ subject }) => subject === problem.paymentId),
      ).toHaveLength(1);
      expect(await house.billState(bill.checkId)).toMatchObject({ pending: 0, due: 20_00 });
      const { body: again, headers } = await house
        .pay(bill, { method: 'card', source }, { idempotencyKey })
        .expect(422);
      expect([again, headers['idempotency-replayed']]).toEqual([problem, 'true']);
      await house.pay(bill, visa).expect(201);
    },
  );

  test('the same request again is answered alike, and the provider charged once', async () => {
    const bill = house.bill(20_00);
    const idempotencyKey = newId();
    const { body: first } = await house.pay(bill, visa, { idempotencyKey }).expect(201);
    const { body: again, headers } = await house.pay(bill, visa, { idempotencyKey }).expect(201);
    expect([again, headers['idempotency-replayed']]).toEqual([first, 'true']);
    const { rows } = await house.sandbox.books.query(
      'select captured_minor::int as captured from charges where id = $1',
      [first.providerReference],
    );
    expect(rows).toEqual([{ captured: 20_00 }]);
    expect((await house.pay(bill, { ...visa, tip: usd(1) }, { idempotencyKey }).expect(422)).body.code).toBe(
      'idempotency_key_reused',
    );
  });

  test('an id that another payment has is taken before anything is charged', async () => {
    const { payment } = await authorize(10_00);
    const { body } = await house.pay(house.bill(10_00), { ...visa, id: payment.id }).expect(409);
    expect(body.code).toBe('id_taken');
  });

  test('what was taken without a connection says so', async () => {
    expect((await house.pay(house.bill(10_00), { ...visa, offline: true }).expect(201)).body.offline).toBe(true);
  });
});

describe('an authorisation', () => {
  test('holds its part of the bill, is captured for less with a tip, and frees the rest', async () => {
    const { bill, payment } = await authorize(30_00);
    expect(payment).toMatchObject({
      status: 'authorized',
      amount: usd(30_00),
      collected: usd(0),
      fee: usd(0),
      version: 1,
    });
    expect(await house.legs(payment.id)).toEqual([]);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 0, pending: 30_00, due: 0 });
    expect((await house.pay(bill).expect(409)).body.code).toBe('nothing_due');

    const { body: taken } = await step(payment.id, 'capture', { amount: usd(25_00), tip: usd(4_00) }).expect(200);
    expect(taken).toMatchObject({
      status: 'captured',
      amount: usd(25_00),
      tip: usd(4_00),
      collected: usd(29_00),
      version: 2,
    });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 25_00, pending: 0, due: 5_00 });
    expect(await house.legs(payment.id)).toMatchObject([{ card: 29_00, tip: -4_00 }]);
    const told = [...(await house.published(PaymentAuthorized)), ...(await house.published(PaymentCaptured))];
    expect(told.filter(({ subject }) => subject === payment.id).map(({ version }) => version)).toEqual([1, 2]);
  });

  test('is captured whole, with the tip it was made with, when nothing else is asked', async () => {
    const { payment } = await authorize(30_00, { tip: usd(3_00) });
    expect((await step(payment.id, 'capture', {}).expect(200)).body).toMatchObject({
      amount: usd(30_00),
      tip: usd(3_00),
    });
  });

  test('is let go, and the bill can be paid otherwise', async () => {
    const { bill, payment } = await authorize(30_00);
    const { body: voided } = await step(payment.id, 'void').expect(200);
    expect(voided).toMatchObject({ status: 'voided', collected: usd(0), version: 2 });
    expect((await house.published(PaymentVoided)).filter(({ subject }) => subject === payment.id)).toHaveLength(1);
    expect(await house.billState(bill.checkId)).toMatchObject({ pending: 0, due: 30_00 });
    await house.pay(bill).expect(201);
  });

  test('is captured once, however often and by however many it is asked', async () => {
    const { payment } = await authorize(30_00);
    const answers = await Promise.all(Array.from({ length: 10 }, () => step(payment.id, 'capture', {})));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.code))).toSatisfy(
      (codes: Set<string>) => codes.isSubsetOf(new Set(['payment_state', 'payment_unresolved'])),
    );
    expect(await house.legs(payment.id)).toHaveLength(1);
  });

  test('a tip beyond what the provider allows is declined, and the authorisation stays', async () => {
    const { payment } = await authorize(30_00);
    const { body } = await step(payment.id, 'capture', { tip: usd(6_01) }).expect(422);
    expect(body).toMatchObject({
      code: 'payment_declined',
      declineCode: 'exceeds_authorization',
      paymentId: payment.id,
    });
    expect(await house.payment(payment.id)).toMatchObject({ status: 'authorized', version: 1 });
    await step(payment.id, 'capture', { tip: usd(6_00) }).expect(200);
  });

  test('that the provider has let expire cannot be captured, and can be voided', async () => {
    const { payment } = await authorize(30_00, { source: 'tok_capture_declined' });
    expect((await step(payment.id, 'capture', {}).expect(422)).body.declineCode).toBe('authorization_expired');
    await step(payment.id, 'void').expect(200);
  });

  test.each([
    ['more than was authorised', 30_01],
    ['a tip in euros', undefined],
  ])('refuses %s', async (_, amount) => {
    const { payment } = await authorize(30_00);
    const body = amount === undefined ? { tip: { amount: 1_00, currency: 'EUR' } } : { amount: usd(amount) };
    const { body: problem } = await step(payment.id, 'capture', body);
    expect(problem.code).toBe(amount === undefined ? 'currency_mismatch' : 'amount_exceeds_due');
  });

  test.each(['capture', 'void'] as const)('of a captured payment: %s is refused', async (verb) => {
    const { body: paid } = await house.pay(house.bill(10_00), visa).expect(201);
    const { body } = await step(paid.id, verb, verb === 'capture' ? {} : undefined).expect(409);
    expect(body).toMatchObject({ code: 'payment_state', status: 409 });
  });
});

describe('when the provider is busy', () => {
  test('a hundred requests at once under one key take one place: one charge, and everybody hears of it', async () => {
    const small = await openHouse({ PAYMENT_PROVIDER_CONCURRENCY: '2' });
    const [bill, idempotencyKey] = [small.bill(20_00), newId()];
    const answers = await Promise.all(Array.from({ length: 100 }, () => small.pay(bill, visa, { idempotencyKey })));
    const strange = answers.find(
      ({ status, body }) => status !== 201 && !(status === 409 && body.code === 'request_in_flight'),
    );
    expect(strange?.body).toBeUndefined();
    const paid = answers.filter(({ status }) => status === 201);
    expect(new Set(paid.map(({ body }) => body.id)).size).toBe(1);
    expect(paid.filter(({ headers }) => headers['idempotency-replayed'] !== 'true')).toHaveLength(1);
    const { rows } = await small.sandbox.books.query(
      'select captured_minor::int as captured from charges where organization_id = $1',
      [small.id],
    );
    expect(rows).toEqual([{ captured: 20_00 }]);
  });

  test('who has paid hears so again, though there is no room for anybody', async () => {
    const small = await openHouse({ PAYMENT_PROVIDER_CONCURRENCY: '1' });
    const [bill, idempotencyKey] = [small.bill(20_00), newId()];
    const { body: first } = await small.pay(bill, visa, { idempotencyKey }).expect(201);
    const slow = small.pay(small.bill(10_00), { method: 'card', source: 'tok_slow' }).then((answer) => answer);
    await expect.poll(async () => (await small.sql.query('select from payment_attempts')).rowCount).toBe(2);
    const { body: again, headers } = await small.pay(bill, visa, { idempotencyKey }).expect(201);
    expect([again, headers['idempotency-replayed']]).toEqual([first, 'true']);
    expect((await slow).status).toBe(201);
  });

  test('who finds no place is turned away before anything is written, and cash still works', async () => {
    const small = await openHouse({ PAYMENT_PROVIDER_CONCURRENCY: '1' });
    const [first, second] = [small.bill(10_00), small.bill(10_00)];
    const slow = small.pay(first, { method: 'card', source: 'tok_slow' }).then((answer) => answer);
    await expect.poll(async () => (await small.sql.query('select from payment_attempts')).rowCount).toBe(1);
    const { body, headers } = await small.pay(second, visa).expect(503);
    expect([body.code, headers['retry-after']]).toEqual(['unavailable', '2']);
    await small.pay(second).expect(201);
    expect((await slow).body.status).toBe('captured');
    expect((await small.sql.query('select from payment_attempts')).rowCount).toBe(1);
  });
});
