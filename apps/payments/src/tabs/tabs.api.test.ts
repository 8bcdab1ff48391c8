import {
  type Bill,
  OrderCancelled,
  OrderChanged,
  type Payment,
  PaymentAuthorized,
  PaymentCaptured,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ClosingTime } from '../closing/closing-time.js';
import { type House, IMPATIENT, openHouse, usd } from '../testing/house.js';
import { orderFacts } from '../testing/order-facts.js';
import { Tabs } from './tabs.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ ...IMPATIENT, PAYMENT_CLOSING_GRACE_MINUTES: '0' });
});
afterEach(() => house.expectBalancedBooks());

interface Tab {
  readonly bill: Bill;
  readonly payment: Payment;
}
const WITHIN = { within: 15_000 };
const YESTERDAY = new Date(Date.now() - 26 * 3_600_000).toISOString();
const holding = (amount: number, more: object = {}) => ({
  method: 'card',
  source: 'tok_visa',
  capture: false,
  hold: usd(amount),
  ...more,
});
/** Somebody orders for 8.00 and gives a card that holds 50.00. */
const open = async (more: object = {}, bill = house.bill(8_00)): Promise<Tab> => {
  const { body: payment } = await house.pay(bill, holding(50_00, more)).expect(201);
  return { bill, payment };
};
/** Orders tells that a tab comes to another total. */
const comesTo = async ({ bill }: Pick<Tab, 'bill'>, total: number, version = 2): Promise<void> => {
  const { checkId: id, orderId, locationId } = bill;
  await house.deliver(OrderChanged, orderFacts([{ id, total, version }], { id: orderId, locationId }), {
    aggregateVersion: version,
  });
};
const look = () => house.service.app.get(Tabs).sweep();
const close = () => house.service.app.get(ClosingTime).sweep();
const step = (id: string, verb: string, body?: object) => {
  const request = house.call('post', `/v1/payments/${id}/${verb}`);
  return body ? request.send(body) : request;
};
const holds = ({ payment }: Pick<Tab, 'payment'>, amount: number) =>
  eventually(async () => expect((await house.payment(payment.id)).held).toEqual(usd(amount)), WITHIN);
const atProvider = async ({ providerReference }: Payment) =>
  (
    await house.sandbox.books.query('select open, authorized_minor::int as held from charges where id = $1', [
      providerReference,
    ])
  ).rows[0];
const askedFor = async ({ payment }: Pick<Tab, 'payment'>) =>
  (
    await house.sql.query<{ said: string }>(
      `select amount_minor || ' ' || status as said from payment_attempts
       where payment_id = $1 and kind = 'increment' order by id`,
      [payment.id],
    )
  ).rows.map(({ said }) => said);
/** When the provider is asked next how what it did not answer has ended. */
const nextLook = ({ payment }: Pick<Tab, 'payment'>, after: string) =>
  house.sql.query(
    `update payment_attempts set next_look_at = now() + $2::interval where payment_id = $1 and status = 'unknown'`,
    [payment.id, after],
  );
const tasksOf = async ({ payment }: Pick<Tab, 'payment'>) =>
  (await house.call('get', '/v1/payments/tasks?limit=200').expect(200)).body.data
    .filter(({ paymentId }: { paymentId: string }) => paymentId === payment.id)
    .map(({ kind, status, amount }: { kind: string; status: string; amount: { amount: number } }) =>
      [kind, status, amount.amount].join(' '),
    );

describe('an open tab holds a card authorisation', () => {
  test('of more than it comes to yet, which pays nothing of it: others may still pay', async () => {
    const tab = await open();
    expect(tab.payment).toMatchObject({
      status: 'authorized',
      amount: usd(0),
      collected: usd(0),
      held: usd(50_00),
      card: { last4: '4242' },
      version: 1,
    });
    const { body: state } = await house.call('get', `/v1/payments/bills/${tab.bill.checkId}`).expect(200);
    expect(state).toMatchObject({ total: usd(8_00), due: usd(8_00), pending: usd(0), held: usd(50_00) });
    const open_ = `/v1/payments?status=authorized&locationId=${house.location.id}`;
    expect((await house.call('get', open_).expect(200)).body.data).toContainEqual(tab.payment);
    expect(await atProvider(tab.payment)).toMatchObject({ open: true, held: 50_00 });
    await house.pay(tab.bill, { method: 'cash', amount: usd(3_00) }).expect(201);
    const { body: paid } = await step(tab.payment.id, 'capture', {}).expect(200);
    expect(paid).toMatchObject({ status: 'captured', amount: usd(5_00), collected: usd(5_00), held: null });
    expect(await house.legs(tab.payment.id)).toMatchObject([{ card: 5_00 }]);
    expect(await house.billState(tab.bill.checkId)).toMatchObject({ paid: 8_00, due: 0 });
  });

  test('also of a tab on which nothing is ordered yet, and once for its key', async () => {
    const bill = house.bill(0);
    const idempotencyKey = newId();
    const send = (body: object) => house.pay(bill, body, { idempotencyKey });
    const { body: payment } = await send(holding(50_00)).expect(201);
    expect((await send(holding(50_00)).expect(201)).body).toEqual(payment);
    expect((await send(holding(60_00)).expect(422)).body.code).toBe('idempotency_key_reused');
    expect((await step(payment.id, 'capture', {}).expect(409)).body.code).toBe('nothing_due');
    expect((await step(payment.id, 'void').expect(200)).body).toMatchObject({ status: 'voided', held: null });
    expect(await atProvider(payment)).toMatchObject({ open: false });
  });

  test('whose outcome is unknown is found, and holds nothing up meanwhile', async () => {
    const tab = await open({ source: 'tok_timeout' });
    expect(tab.payment).toMatchObject({ status: 'unknown', held: null });
    await house.pay(tab.bill, { method: 'cash', amount: usd(3_00) }).expect(201);
    await holds(tab, 50_00);
  });

  test('and a declined card opens none', async () => {
    const { body } = await house.pay(house.bill(8_00), holding(50_00, { source: 'tok_declined' })).expect(422);
    expect(body.code).toBe('payment_declined');
  });

  test.each([
    ['of nothing', holding(0), 422],
    ['that is captured at once', holding(50_00, { capture: true }), 422],
    ['that pays, too', holding(50_00, { amount: usd(8_00) }), 422],
    ['with a tip', holding(50_00, { tip: usd(1_00) }), 422],
    ['without a connection', holding(50_00, { offline: true }), 422],
    ['of cash', { method: 'cash', hold: usd(50_00) }, 400],
    ['in another currency', holding(0, { hold: { amount: 50_00, currency: 'EUR' } }), 422],
  ])('a hold %s is refused', async (_, body, status) => {
    const bill = house.bill(8_00);
    await house.pay(bill, body).expect(status);
    expect((await house.call('get', `/v1/payments?checkId=${bill.checkId}`).expect(200)).body.data).toEqual([]);
  });
});

describe('the authorisation is incremented when the tab grows by more than its location lets it', () => {
  test('beyond what is held, by as much as was held at first, and told of; not at each beer', async () => {
    const location = await house.makeLocation({ policies: { tabs: { growthRate: 100_000 } } });
    const tab = await open({}, house.bill(8_00, { location }));
    await comesTo(tab, 55_00);
    await look();
    expect(await askedFor(tab)).toEqual([]);
    await comesTo(tab, 55_01, 3);
    await look();
    await holds(tab, 100_00);
    await comesTo(tab, 99_00, 4);
    await look();
    expect(await askedFor(tab)).toEqual(['5000 approved']);
    expect(await atProvider(tab.payment)).toMatchObject({ open: true, held: 100_00 });
    const told = (await house.published(PaymentAuthorized)).filter(({ subject }) => subject === tab.payment.id);
    expect(told.map(({ version, data }) => [version, data.held])).toEqual([
      [1, usd(50_00)],
      [2, usd(100_00)],
    ]);
    expect(await house.legs(tab.payment.id)).toEqual([]);
  });

  test('once, whoever looks at the same time, and however often and late its events come', async () => {
    const tab = await open();
    await comesTo(tab, 60_00, 3);
    await comesTo(tab, 60_00, 3);
    await comesTo(tab, 300_00, 2);
    await Promise.all([look(), look(), look()]);
    await holds(tab, 100_00);
    await look();
    expect(await askedFor(tab)).toEqual(['5000 approved']);
  });

  test('and not while the provider has not answered: an unknown increment is resolved, and captured with', async () => {
    const tab = await open({ source: 'tok_increment_timeout' });
    await comesTo(tab, 52_00);
    await look();
    await eventually(async () => expect(await askedFor(tab)).toEqual(['5000 unknown']), WITHIN);
    await nextLook(tab, '1 hour');
    expect(await house.payment(tab.payment.id)).toMatchObject({ status: 'authorized', held: usd(50_00) });
    for (const [verb, body] of [['capture', {}], ['void'], ['tip', { tip: usd(1_00) }]] as const)
      expect((await step(tab.payment.id, verb, body).expect(409)).body.code).toBe('payment_unresolved');
    await comesTo(tab, 170_00, 3);
    await look();
    expect(await askedFor(tab)).toEqual(['5000 unknown']);
    await nextLook(tab, '0 seconds');
    await holds(tab, 100_00);
    await look();
    await holds(tab, 200_00);
    expect((await step(tab.payment.id, 'capture', {}).expect(200)).body).toMatchObject({ amount: usd(170_00) });
    expect(await house.legs(tab.payment.id)).toMatchObject([{ card: 170_00 }]);
  });

  test('again, when the provider never heard of it: somebody is told until it has', async () => {
    const tab = await open();
    await comesTo(tab, 60_00);
    const fault = { account: house.id, operation: 'increment', manner: { as: 'never_hears' }, times: 1 };
    await house.sandbox.control('POST', '/faults', house.id, fault);
    await look();
    await eventually(async () => expect((await askedFor(tab))[0]).toBe('5000 lost'), WITHIN);
    await look();
    await holds(tab, 100_00);
    expect(await askedFor(tab)).toEqual(['5000 lost', '5000 approved']);
    expect(await tasksOf(tab)).toEqual(['tab_outgrown done 5000']);
  });

  test('a card that will not hold more is not asked again: somebody gets one task, and another card holds the rest', async () => {
    const tab = await open({ source: 'tok_increment_declined' });
    await comesTo(tab, 60_00);
    await look();
    await eventually(async () => expect(await tasksOf(tab)).toEqual(['tab_outgrown open 5000']), WITHIN);
    await comesTo(tab, 120_00, 3);
    await look();
    expect(await askedFor(tab)).toEqual(['5000 declined']);
    const second = await open({ source: 'tok_mastercard' }, house.bill(120_00, { ...keysOf(tab.bill), version: 3 }));
    await look();
    await holds(second, 100_00);
    // What a card holds, and the fifth more that the provider allows.
    const { body: first } = await step(tab.payment.id, 'capture', {}).expect(200);
    expect(first).toMatchObject({ collected: usd(60_00) });
    expect(await tasksOf(tab)).toEqual(['tab_outgrown done 5000']);
    expect((await step(second.payment.id, 'capture', {}).expect(200)).body).toMatchObject({ collected: usd(60_00) });
    expect(await house.billState(tab.bill.checkId)).toMatchObject({ paid: 120_00, due: 0 });
  });
});

describe('a tab is closed', () => {
  test('with a tip, and what was held beyond it is let go', async () => {
    const tab = await open();
    await comesTo(tab, 42_00);
    await step(tab.payment.id, 'tip', { tip: usd(6_00) }).expect(200);
    const { body: paid } = await step(tab.payment.id, 'capture', {}).expect(200);
    expect(paid).toMatchObject({ status: 'captured', amount: usd(42_00), tip: usd(6_00), collected: usd(48_00) });
    expect(await atProvider(paid)).toMatchObject({ open: false });
    const told = (await house.published(PaymentCaptured)).filter(({ subject }) => subject === paid.id);
    expect(told.map(({ version }) => version)).toEqual([3]);
  });

  test('for what it came to after drinks were voided: the card was never asked to hold less', async () => {
    const tab = await open();
    await comesTo(tab, 60_00);
    await look();
    await holds(tab, 100_00);
    await comesTo(tab, 20_00, 3);
    await look();
    expect(await askedFor(tab)).toHaveLength(1);
    expect((await step(tab.payment.id, 'capture', {}).expect(200)).body).toMatchObject({ collected: usd(20_00) });
  });

  test('for at most what the card bears; the difference stays due, and cash pays it', async () => {
    const tab = await open({ source: 'tok_increment_declined' });
    await comesTo(tab, 65_00);
    expect((await step(tab.payment.id, 'tip', { tip: usd(1) }).expect(409)).body).toMatchObject({
      code: 'tip_exceeds_allowance',
      allowed: usd(0),
    });
    const tooMuch = await step(tab.payment.id, 'capture', { amount: usd(60_01) }).expect(409);
    expect(tooMuch.body).toMatchObject({ code: 'amount_exceeds_due', authorized: usd(60_00), due: usd(65_00) });
    // The house may be asking the card for more just now: until that has an answer nothing is captured.
    await eventually(async () => expect((await step(tab.payment.id, 'capture', {})).status).toBe(200), WITHIN);
    expect(await house.billState(tab.bill.checkId)).toMatchObject({ paid: 60_00, due: 5_00 });
    const rest = house.bill(65_00, { ...keysOf(tab.bill), version: 2 });
    await house.pay(rest, { method: 'cash' }).expect(201);
    expect(await house.billState(tab.bill.checkId)).toMatchObject({ paid: 65_00, due: 0 });
  });

  test('once, and never for more than is due, however many capture it or pay cash at the same time', async () => {
    const tab = await open();
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => step(tab.payment.id, 'capture', {})),
      ...Array.from({ length: 5 }, () => house.pay(tab.bill, { method: 'cash', amount: usd(8_00) })),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(await house.billState(tab.bill.checkId)).toMatchObject({ paid: 8_00, due: 0, refundDue: 0 });
  });

  test('or is not, when the provider declines or does not answer: what is due stays, or is held', async () => {
    const declined = await open({ source: 'tok_capture_declined' });
    expect((await step(declined.payment.id, 'capture', {}).expect(422)).body.code).toBe('payment_declined');
    expect(await house.payment(declined.payment.id)).toMatchObject({ status: 'authorized', amount: usd(0) });
    await house.pay(declined.bill).expect(201);
    const silent = await open({ source: 'tok_capture_timeout' });
    expect((await step(silent.payment.id, 'capture', {}).expect(200)).body).toMatchObject({ status: 'unknown' });
    expect((await house.pay(silent.bill).expect(409)).body.code).toBe('payment_unresolved');
    await eventually(
      async () => expect(await house.billState(silent.bill.checkId)).toMatchObject({ paid: 8_00 }),
      WITHIN,
    );
    const lost = await open({ source: 'tok_capture_timeout_lost' });
    await step(lost.payment.id, 'capture', {}).expect(200);
    await eventually(async () => expect(await house.billState(lost.bill.checkId)).toMatchObject({ due: 8_00 }), WITHIN);
    expect(await house.payment(lost.payment.id)).toMatchObject({
      status: 'authorized',
      amount: usd(0),
      held: usd(50_00),
    });
  });

  test('by the house when the location has closed: what is owed is captured, and nothing owed is let go', async () => {
    const [owed, cancelled] = [await open({ occurredAt: YESTERDAY }), await open({ occurredAt: YESTERDAY })];
    const { checkId, orderId, locationId } = cancelled.bill;
    const gone = orderFacts([{ id: checkId, total: 0 }], { id: orderId, locationId, status: 'cancelled' });
    await house.deliver(OrderCancelled, gone);
    await close();
    expect(await house.payment(owed.payment.id)).toMatchObject({ status: 'captured', collected: usd(8_00) });
    expect(await house.payment(cancelled.payment.id)).toMatchObject({ status: 'voided' });
    expect(await tasksOf(owed)).toEqual(['authorization_open open 5000']);
  });
});

test('a tab’s expiring authorisation is alerted on the last day that it is held, and no longer once it is closed', async () => {
  const tab = await open();
  const aged = (age: string) =>
    house.sql.query(`update payments set recorded_at = now() - $2::interval where id = $1`, [tab.payment.id, age]);
  await aged('5 days 23 hours');
  await close();
  expect(await tasksOf(tab)).toEqual([]);
  await aged('6 days 1 hour');
  await close();
  await close();
  expect(await tasksOf(tab)).toEqual(['authorization_expiring open 5000']);
  await step(tab.payment.id, 'capture', {}).expect(200);
  expect(await tasksOf(tab)).toEqual(['authorization_expiring done 5000']);
});

const keysOf = ({ checkId, orderId }: Bill) => ({ checkId, orderId });
