import { OrderCancelled, OrderChanged, type OrderFacts, OrderPlaced } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, usd } from '../testing/house.js';
import { orderFacts } from '../testing/order-facts.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => house.expectBalancedBooks());

const order = (checks: Parameters<typeof orderFacts>[0], facts: Partial<OrderFacts> = {}): OrderFacts =>
  orderFacts(checks, { locationId: house.location.id, ...facts });

describe('what orders tell', () => {
  test('every check of an order is a bill, with the order’s business day', async () => {
    const placed = order([{ total: 20_00 }, { total: 12_50, tax: 1_00 }]);
    await house.deliver(OrderPlaced, placed);
    const [first, second] = placed.checks.map(({ id }) => id);
    expect((await house.call('get', `/v1/payments/bills/${first}`).expect(200)).body).toEqual({
      orderId: placed.id,
      checkId: first,
      locationId: house.location.id,
      version: 1,
      businessDate: '2026-03-06',
      total: usd(20_00),
      paid: usd(0),
      refunded: usd(0),
      pending: usd(0),
      held: usd(0),
      due: usd(20_00),
      refundDue: usd(0),
    });
    expect(await house.billState(second ?? '')).toMatchObject({ total: 12_50 });
  });

  test('a bill can be paid before its order is heard of, and the late event changes nothing', async () => {
    const bill = house.bill(20_00, { version: 2 });
    await house.pay(bill, { method: 'cash', amount: usd(5_00) }).expect(201);
    await house.deliver(OrderPlaced, order([{ id: bill.checkId, total: 14_00, version: 1 }], { id: bill.orderId }));
    expect(await house.billState(bill.checkId)).toMatchObject({ total: 20_00, paid: 5_00, due: 15_00 });
  });

  test('what a guest has shown already is no news: it waits for nobody who is paying', async () => {
    const bill = house.bill(20_00, { businessDate: '2026-03-06' });
    await house.pay(bill).expect(201);
    await house.sql.query('begin');
    await house.sql.query('select 1 from bills where check_id = $1 for update', [bill.checkId]);
    await house.deliver(OrderPlaced, order([{ id: bill.checkId, total: 20_00, version: 1 }], { id: bill.orderId }));
    await house.sql.query('rollback');
    const { body } = await house.call('get', `/v1/payments/bills/${bill.checkId}`).expect(200);
    expect(body).toMatchObject({ version: 1, businessDate: '2026-03-06' });
  });

  test('an order that grew makes the older bill void, and the newer one good', async () => {
    const bill = house.bill(20_00);
    await house.pay(bill).expect(201);
    await house.deliver(OrderChanged, order([{ id: bill.checkId, total: 26_00, version: 2 }], { id: bill.orderId }));
    expect((await house.pay(bill).expect(409)).body).toMatchObject({ code: 'bill_superseded', version: 2 });
    const { organizationId, locationId, orderId, checkId } = bill;
    const newer = house.bill(26_00, { organizationId, locationId, orderId, checkId, version: 2 });
    expect((await house.pay(newer).expect(201)).body.amount).toEqual(usd(6_00));
  });
});

describe('a total that falls after it was paid', () => {
  test('is a refund due, which nobody makes by itself; the refund that answers it makes nothing due again', async () => {
    const bill = house.bill(30_00);
    const { body: payment } = await house.pay(bill).expect(201);
    await house.deliver(OrderChanged, order([{ id: bill.checkId, total: 18_00, version: 2 }], { id: bill.orderId }));
    expect(await house.billState(bill.checkId)).toMatchObject({ total: 18_00, paid: 30_00, due: 0, refundDue: 12_00 });
    expect(await house.legs(payment.id)).toHaveLength(1);
    await house.refund(payment.id, { amount: usd(12_00) }).expect(201);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 18_00, refunded: 12_00, due: 0, refundDue: 0 });
  });

  test('a cancelled order is due back in full, though its checks kept their versions, and cannot be paid', async () => {
    const bill = house.bill(30_00);
    await house.pay(bill, { method: 'cash', amount: usd(10_00) }).expect(201);
    const cancelled = { id: bill.orderId, status: 'cancelled' as const };
    await house.deliver(OrderCancelled, order([{ id: bill.checkId, total: 30_00, version: 1 }], cancelled));
    expect(await house.billState(bill.checkId)).toMatchObject({ total: 0, due: 0, refundDue: 10_00 });
    expect((await house.pay(bill).expect(409)).body.code).toBe('nothing_due');
  });

  test('under an authorisation: no more is captured than is still due', async () => {
    const bill = house.bill(30_00);
    const { body: held } = await house.pay(bill, { method: 'card', source: 'tok_visa', capture: false }).expect(201);
    await house.deliver(OrderChanged, order([{ id: bill.checkId, total: 18_00, version: 2 }], { id: bill.orderId }));
    const capture = (body: object) => house.call('post', `/v1/payments/${held.id}/capture`).send(body);
    expect((await capture({}).expect(409)).body).toMatchObject({ code: 'amount_exceeds_due', due: usd(18_00) });
    await capture({ amount: usd(18_00) }).expect(200);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 18_00, due: 0, refundDue: 0 });
  });
});

describe('fifty guests at once', () => {
  const together = <T>(count: number, one: () => PromiseLike<T>) => Promise.all(Array.from({ length: count }, one));
  const codes = (answers: { status: number; body: { code?: string } }[]) =>
    new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code));

  test.each([
    ['a third each in cash', { method: 'cash', amount: usd(10_00) }, 3, ['nothing_due']],
    ['all of it in cash', { method: 'cash' }, 1, ['nothing_due']],
    ['all of it by card', { method: 'card', source: 'tok_visa' }, 1, ['nothing_due', 'payment_unresolved']],
    [
      'a third each by card',
      { method: 'card', source: 'tok_visa', amount: usd(10_00) },
      3,
      ['nothing_due', 'payment_unresolved'],
    ],
  ])('pay a bill of 30.00, %s: 30.00 are collected', async (_, body, accepted, refusals) => {
    const bill = house.bill(30_00);
    const answers = await together(50, () => house.pay(bill, body));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(accepted);
    expect([...codes(answers)].filter((code) => !refusals.includes(code ?? ''))).toEqual([]);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 30_00, pending: 0, due: 0, refundDue: 0 });
  });

  test('give a payment of 30.00 back, a third each: 30.00 go back', async () => {
    for (const method of [{ method: 'cash' }, { method: 'card', source: 'tok_visa' }]) {
      const { body: payment } = await house.pay(house.bill(30_00), method).expect(201);
      const answers = await together(20, () => house.refund(payment.id, { amount: usd(10_00) }));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
      expect(
        [...codes(answers)].filter((code) => code !== 'amount_exceeds_refundable' && code !== 'payment_unresolved'),
      ).toEqual([]);
      expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(30_00) });
    }
  });

  test('send one request a hundred times: one payment, and nobody is told otherwise', async () => {
    for (const body of [
      { method: 'cash', amount: usd(1_00) },
      { method: 'card', source: 'tok_visa', amount: usd(1_00) },
    ]) {
      const bill = house.bill(30_00);
      const idempotencyKey = newId();
      const answers = await together(100, () => house.pay(bill, body, { idempotencyKey }));
      const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body: { id } }) => id));
      expect(ids.size).toBe(1);
      expect([...codes(answers)].filter((code) => code !== 'request_in_flight' && code !== 'unavailable')).toEqual([]);
      expect(await house.billState(bill.checkId)).toMatchObject({ paid: 1_00 });
    }
  });
});
