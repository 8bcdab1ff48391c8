import { PaymentCaptured, PaymentFailed, PaymentUnknown } from '@comanda/contracts';
import { inTransaction, newId, WORKER_DATABASE } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { write } from '../changes.js';
import { introduced, newPayment } from '../payments/new-payment.js';
import { cardTender } from '../payments/payment.js';
import { carrying } from '../bills/bill.js';
import { lockBills } from '../bills/bills.store.js';
import { ProviderAccounts } from '../provider/provider-accounts.js';
import { type House, IMPATIENT, openHouse, usd } from '../testing/house.js';
import { newAttempt } from './attempt.js';
import { Attempts } from './attempts.js';
import { takeDue } from './attempts.store.js';
import { settle } from './settle.js';
import { free } from '../testing/builders.js';

let house: House;
beforeAll(async () => {
  house = await openHouse(IMPATIENT);
});
afterEach(() => house.expectBalancedBooks());

const WITHIN = { within: 15_000 };
const becomes = (id: string, status: string) =>
  eventually(async () => expect(await house.payment(id)).toMatchObject({ status }), WITHIN);
const told = async (definition: Parameters<House['published']>[0], id: string) =>
  (await house.published(definition)).filter(({ subject }) => subject === id).map(({ version }) => version);

describe('a provider that falls silent', () => {
  test('after it has charged: the outcome is unknown, nothing else is charged meanwhile, and the money is found', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, { method: 'card', source: 'tok_timeout' }).expect(201);
    expect(payment).toMatchObject({ status: 'unknown', collected: usd(0), version: 1 });
    expect(await house.billState(bill.checkId)).toMatchObject({ pending: 20_00, due: 0 });
    const { body: second, headers } = await house.pay(bill, { method: 'card', source: 'tok_visa' }).expect(409);
    expect([second.code, headers['retry-after']]).toEqual(['payment_unresolved', '2']);
    expect((await house.pay(bill).expect(409)).body.code).toBe('payment_unresolved');

    await becomes(payment.id, 'captured');
    expect(await told(PaymentUnknown, payment.id)).toEqual([1]);
    expect(await told(PaymentCaptured, payment.id)).toEqual([2]);
    expect(await house.legs(payment.id)).toMatchObject([{ card: 20_00 }]);
    expect((await house.pay(bill).expect(409)).body.code).toBe('nothing_due');
  });

  test('because it never heard: the payment fails by itself, and the bill can be paid', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, { method: 'card', source: 'tok_timeout_lost' }).expect(201);
    expect(payment.status).toBe('unknown');
    await becomes(payment.id, 'declined');
    expect(await house.payment(payment.id)).toMatchObject({ declineCode: 'never_arrived', version: 2 });
    expect(await told(PaymentFailed, payment.id)).toEqual([2]);
    await house.pay(bill).expect(201);
  });

  test('while what is left is enough, others go on paying', async () => {
    const bill = house.bill(30_00);
    const { body: unknown } = await house
      .pay(bill, { method: 'card', source: 'tok_timeout', amount: usd(20_00) })
      .expect(201);
    await house.pay(bill, { method: 'cash', amount: usd(10_00) }).expect(201);
    await becomes(unknown.id, 'captured');
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 30_00, due: 0, refundDue: 0 });
  });

  test.each([
    ['tok_capture_timeout', 'captured', [{ card: 30_00 }]],
    ['tok_capture_timeout_lost', 'authorized', []],
  ])('over a capture (%s): in the end it is %s', async (source, status, legs) => {
    const bill = house.bill(30_00);
    const { body: held } = await house.pay(bill, { method: 'card', source, capture: false }).expect(201);
    const { body: payment } = await house.call('post', `/v1/payments/${held.id}/capture`).send({}).expect(200);
    expect(payment).toMatchObject({ status: 'unknown', version: 2 });
    expect((await house.call('post', `/v1/payments/${held.id}/void`).expect(409)).body.code).toBe('payment_unresolved');
    await becomes(held.id, status);
    expect(await house.payment(held.id)).toMatchObject({ version: 3 });
    expect(await house.legs(held.id)).toMatchObject(legs);
  });

  test('over a void: in the end it is voided, and the bill is free', async () => {
    const bill = house.bill(30_00);
    const { body: held } = await house
      .pay(bill, { method: 'card', source: 'tok_void_timeout', capture: false })
      .expect(201);
    expect((await house.call('post', `/v1/payments/${held.id}/void`).expect(200)).body.status).toBe('unknown');
    await becomes(held.id, 'voided');
    await house.pay(bill).expect(201);
  });

  test.each([
    ['tok_refund_timeout', 'succeeded', 30_00],
    ['tok_refund_timeout_lost', 'failed', 0],
  ])('over a refund (%s): in the end it has %s, and no other refund came between', async (source, status, refunded) => {
    const { body: paid } = await house.pay(house.bill(30_00), { method: 'card', source }).expect(201);
    const { body: refund } = await house.refund(paid.id).expect(201);
    expect(refund.status).toBe('unknown');
    expect((await house.refund(paid.id).expect(409)).body.code).toBe('payment_unresolved');
    await eventually(async () => {
      const { body } = await house.call('get', `/v1/payments/${paid.id}/refunds`).expect(200);
      expect(body.data).toMatchObject([{ id: refund.id, status }]);
    }, WITHIN);
    expect(await house.payment(paid.id)).toMatchObject({ refunded: usd(refunded) });
  });
});

/** Everything a card payment does up to the moment of death: before the provider is asked, or just after. */
const dieWithin = async (idempotencyKey: string, { charged }: { charged: boolean }) => {
  const db = house.service.app.get(DataSource);
  const bill = house.bill(20_00);
  const body = { method: 'card' as const, bill, source: 'tok_visa', capture: true, offline: false };
  const now = { occurredAt: new Date(), businessDate: '2026-03-06' };
  const caller = { organizationId: house.id, id: 'till 3' } as never;
  const call = { endpoint: { id: 'takePayment' }, caller, idempotency: { key: idempotencyKey, hash: '' } } as never;
  const [payment, attempt] = await inTransaction(db, house.id, async (tx) => {
    const locked = (await lockBills(tx, [introduced(bill)])).get(bill.checkId);
    if (!locked) throw new Error('no bill');
    const pending = newPayment(caller, body, cardTender(locked, { amount: undefined, tip: 0 }), now, locked);
    const intent = newAttempt(call, 'charge', pending, pending);
    await write(tx, [{ newPayments: [pending], newAttempts: [intent], bills: [carrying(locked, null, pending)] }]);
    return [pending, intent] as const;
  });
  const request = {
    organizationId: house.id,
    reference: attempt.id,
    source: body.source,
    amount: 20_00,
    currency: 'USD',
    capture: true,
    live: false,
  };
  const { provider } = house.service.app.get<ProviderAccounts>(ProviderAccounts, { strict: false }).named('sandbox');
  const arrive = () => provider.authorize(request, new AbortController().signal);
  if (charged) await arrive();
  return { bill, payment, attempt, arrive };
};
/** Half a minute goes by. */
const later = (attemptId: string) =>
  house.sql.query(
    `update payment_attempts set created_at = created_at - interval '31 seconds', next_look_at = now() where id = $1`,
    [attemptId],
  );

describe('a process that dies', () => {
  test('between the provider’s charge and our commit: the sweeper finds the charge, and it is captured once', async () => {
    const { bill, payment, attempt } = await dieWithin(newId(), { charged: true });
    expect(await house.payment(payment.id)).toMatchObject({ status: 'pending' });
    expect((await house.pay(bill).expect(409)).body.code).toBe('payment_unresolved');
    await later(attempt.id);
    await becomes(payment.id, 'captured');
    expect(await told(PaymentCaptured, payment.id)).toEqual([1]);
    expect(await house.legs(payment.id)).toMatchObject([{ card: 20_00, psp_fee: -88 }]);
    const { rows } = await house.sandbox.books.query('select count(*)::int as charges from charges where id = $1', [
      (await house.payment(payment.id)).providerReference,
    ]);
    expect(rows).toEqual([{ charges: 1 }]);
  });

  test('before the provider was asked: the payment fails, and the bill can be paid', async () => {
    const { bill, payment, attempt } = await dieWithin(newId(), { charged: false });
    await later(attempt.id);
    await becomes(payment.id, 'declined');
    expect(await told(PaymentFailed, payment.id)).toEqual([1]);
    await house.pay(bill).expect(201);
  });

  test('with payments of many guests: they are looked up in the order in which they were asked for', async () => {
    const died: Awaited<ReturnType<typeof dieWithin>>[] = [];
    for (let guest = 0; guest < 6; guest++) died.push(await dieWithin(newId(), { charged: false }));
    const made = died.map(({ attempt }) => attempt.id);
    const worker = house.service.app.get<DataSource>(WORKER_DATABASE);
    // The sweeper may take some of them before we do: then they are due once more.
    const taken = await eventually(async () => {
      await house.sql.query('update payment_attempts set next_look_at = now() where id = any($1)', [made]);
      const due = (await takeDue(worker, 8)).map(({ id }) => id).filter((id) => made.includes(id));
      return due.length === made.length && due;
    }, WITHIN);
    expect(taken).toEqual(made);
    await Promise.all(made.map(later));
    await Promise.all(died.map(({ payment }) => becomes(payment.id, 'declined')));
  });
});

test('operators see what is unknown, for how long, and how it ended', async () => {
  const metric = async (line: string) => {
    const text = await house.service.metrics.metrics();
    return Number(
      text
        .split('\n')
        .find((each) => each.startsWith(line))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  };
  const ended = 'payment_attempts_total{kind="charge",outcome="';
  const [unknown, lost] = [await metric(`${ended}unknown"`), await metric(`${ended}lost"`)];
  const { body: payment } = await house
    .pay(house.bill(20_00), { method: 'card', source: 'tok_timeout_lost' })
    .expect(201);
  expect(await metric(`${ended}unknown"`)).toBe(unknown + 1);
  expect(await metric('payment_attempts_open')).toBeGreaterThan(0);
  expect(await metric('payment_attempts_oldest_open_seconds')).toBeGreaterThan(0);
  const resolved = await metric('payment_unknown_resolved_seconds_count');
  await becomes(payment.id, 'declined');
  expect(await metric(`${ended}lost"`)).toBe(lost + 1);
  expect(await metric('payment_attempts_open')).toBe(0);
  expect(await metric('payment_attempts_oldest_open_seconds')).toBe(0);
  expect(await metric('payment_unknown_resolved_seconds_count')).toBe(resolved + 1);
});

describe('two who know how an attempt ended', () => {
  test('book it once', async () => {
    const { payment, attempt } = await dieWithin(newId(), { charged: true });
    const attempts = house.service.app.get<Attempts>(Attempts, { strict: false });
    await Promise.all(Array.from({ length: 10 }, () => attempts.resolve(attempt)));
    expect(await house.payment(payment.id)).toMatchObject({ status: 'captured', version: 1 });
    expect(await house.legs(payment.id)).toHaveLength(1);
  });

  test('and disagree, because a call that counted as lost arrived after all: the money is booked, and what is too much is shown', async () => {
    const { bill, payment, attempt, arrive } = await dieWithin(newId(), { charged: false });
    await later(attempt.id);
    await becomes(payment.id, 'declined');
    await house.pay(bill).expect(201);
    const approved = await arrive();
    await inTransaction(house.service.app.get(DataSource), house.id, (tx) =>
      settle(tx, [{ attempt, ending: approved, fee: free }]),
    );
    expect(await house.payment(payment.id)).toMatchObject({ status: 'captured', declineCode: null, version: 2 });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 40_00, due: 0, refundDue: 20_00 });
  });
});

describe('a till that repeats a request whose process died', () => {
  /** The request's own transaction died after the claim and the intent were committed; the lease has run out. */
  const forgotten = (paymentId: string) =>
    house.sql.query(
      `with attempt as (
         update payment_attempts set status = 'pending', next_look_at = now() + interval '1 hour', created_at = created_at - interval '31 seconds'
         where payment_id = $1 returning organization_id, route, key)
       update idempotency_keys held set status = null, answer = null, lease_until = now() - interval '1 second'
       from attempt where held.organization_id = attempt.organization_id and held.route = attempt.route and held.key = attempt.key`,
      [paymentId],
    );

  test.each([
    ['tok_timeout', 201, 'captured'],
    ['tok_timeout_lost', 422, 'declined'],
  ])('gets its answer by looking up the one attempt (%s)', async (source, status, state) => {
    const bill = house.bill(20_00);
    const idempotencyKey = newId();
    const sent = { method: 'card', source };
    const { body: first } = await house.pay(bill, sent, { idempotencyKey }).expect(201);
    await forgotten(first.id);
    const { body: again } = await house.pay(bill, sent, { idempotencyKey }).expect(status);
    expect([again.status, again.paymentId]).toEqual(status === 201 ? ['captured', undefined] : [422, first.id]);
    expect(await house.payment(first.id)).toMatchObject({ status: state });
    const { body: third, headers } = await house.pay(bill, sent, { idempotencyKey }).expect(status);
    expect([third, headers['idempotency-replayed']]).toEqual([again, 'true']);
    const { rows } = await house.sql.query(
      'select count(*)::int as attempts from payment_attempts where check_id = $1',
      [bill.checkId],
    );
    expect(rows).toEqual([{ attempts: 1 }]);
  });
});
