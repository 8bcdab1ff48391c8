import { PaymentAuthorized, PaymentCaptured, PaymentFailed } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, IMPATIENT, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  // Long enough that whoever settles anything here was told by webhook.
  house = await openHouse(IMPATIENT);
});
afterEach(() => house.expectBalancedBooks());

const WITHIN = { within: 15_000 };
const becomes = (id: string, facts: object) =>
  eventually(async () => expect(await house.payment(id)).toMatchObject(facts), WITHIN);
const card = (source: string) => ({ method: 'card', source });
const tasksOf = async (paymentId: string) => {
  const { body } = await house.call('get', '/v1/payments/tasks?limit=200').expect(200);
  return body.data.filter((task: { paymentId: string }) => task.paymentId === paymentId);
};
const attemptOf = async (paymentId: string): Promise<string> => {
  const { rows } = await house.sql.query('select id from payment_attempts where payment_id = $1 order by id', [
    paymentId,
  ]);
  return rows[0].id;
};
/** Nobody looks these attempts up but by webhook. */
const leftAlone = (paymentId: string) =>
  house.sql.query(`update payment_attempts set next_look_at = now() + interval '1 hour' where payment_id = $1`, [
    paymentId,
  ]);
/** Sends a webhook about a call, and says how it was answered. */
const webhook = async (reference: string, how: object = {}): Promise<number[]> => {
  const asked = { type: 'call.ended', data: { reference }, ...how };
  return (await house.sandbox.control<{ statuses: number[] }>('POST', '/webhooks', house.id, asked)).statuses;
};
const notices = async () => {
  const { rows } = await house.sql.query('select count(*)::int as notices from provider_notices');
  return rows[0].notices;
};

describe('a provider tells by webhook', () => {
  test('what it did not answer: the payment is settled at once, not when it is next looked up', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, card('tok_timeout')).expect(201);
    expect(payment.status).toBe('unknown');
    await leftAlone(payment.id);
    expect(await webhook(await attemptOf(payment.id))).toEqual([200]);
    expect(await house.payment(payment.id)).toMatchObject({ status: 'captured', version: 2 });
  });

  test('before it has answered the call itself: the guest is charged once, and the answer says so', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), card('tok_webhook_first')).expect(201);
    expect(payment).toMatchObject({ status: 'captured', version: 1 });
    expect(await house.legs(payment.id)).toHaveLength(1);
    const { body: silent } = await house.pay(house.bill(20_00), card('tok_timeout_webhook')).expect(201);
    await becomes(silent.id, { status: 'captured' });
    expect(await house.legs(silent.id)).toHaveLength(1);
  });

  test('the same fifty times at once: it has one effect, and each is taken', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), card('tok_timeout')).expect(201);
    await leftAlone(payment.id);
    const before = await notices();
    const statuses = await webhook(await attemptOf(payment.id), { id: newId(), times: 50 });
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 200));
    expect(await house.payment(payment.id)).toMatchObject({ status: 'captured', version: 2 });
    expect(await notices()).toBe(before + 1);
    expect((await house.published(PaymentCaptured)).filter(({ subject }) => subject === payment.id)).toHaveLength(1);
  });

  test('in another order than it happened, or three days late: a payment goes on, never back', async () => {
    const bill = house.bill(30_00);
    const { body: held } = await house.pay(bill, { ...card('tok_visa'), capture: false }).expect(201);
    await house.call('post', `/v1/payments/${held.id}/capture`).send({}).expect(200);
    await house.sql.query(
      `update payment_attempts set created_at = created_at - interval '3 days' where payment_id = $1`,
      [held.id],
    );
    // That it was authorised is heard after it was captured.
    expect(await webhook(await attemptOf(held.id))).toEqual([200]);
    expect(await house.payment(held.id)).toMatchObject({ status: 'captured', version: 2 });
    expect((await house.published(PaymentAuthorized)).filter(({ subject }) => subject === held.id)).toHaveLength(1);
  });

  test('what it never said to us, or of a call that we never made: it is taken, and nothing happens', async () => {
    expect(await webhook(newId())).toEqual([200]);
    expect(await webhook(newId(), { type: 'account.updated', data: {} })).toEqual([200]);
  });

  test('badly signed, or signed more than five minutes ago: 401, and nothing happens', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), card('tok_timeout')).expect(201);
    await leftAlone(payment.id);
    const reference = await attemptOf(payment.id);
    expect(await webhook(reference, { badlySigned: true })).toEqual([401]);
    const old = new Date(Date.now() - 6 * 60_000).toISOString();
    expect(await webhook(reference, { at: old })).toEqual([401]);
    for (const body of ['{"type":"call.ended"}', '{"__proto__":false}']) {
      const unsigned = house.http.post('/v1/payments/providers/sandbox/webhooks').type('json').send(body);
      expect((await unsigned.expect(401)).body.code).toBe('signature_invalid');
    }
    await house.http.post('/v1/payments/providers/nobody/webhooks').send({}).expect(404);
    expect(await house.payment(payment.id)).toMatchObject({ status: 'unknown' });
    expect(await webhook(reference)).toEqual([200]);
  });

  test('while it cannot be asked: it is told to send it again, and what it tells then counts', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), card('tok_timeout')).expect(201);
    await leftAlone(payment.id);
    const [reference, id] = [await attemptOf(payment.id), newId()];
    const fault = { account: house.id, operation: 'lookup', manner: { as: 'errs', status: 503 } };
    await house.sandbox.control('POST', '/faults', house.id, fault);
    expect(await webhook(reference, { id })).toEqual([503]);
    expect(await webhook(reference, { id })).toEqual([200]);
    expect(await house.payment(payment.id)).toMatchObject({ status: 'captured' });
  });

  test('that a guest’s bank takes the money back: somebody has to look at it', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), card('tok_disputed')).expect(201);
    await eventually(
      async () => expect(await tasksOf(payment.id)).toMatchObject([{ kind: 'dispute', amount: usd(20_00) }]),
      WITHIN,
    );
  });
});

describe('a card that was declined, and is charged all the same', () => {
  const declinedAtFirst = async (total: number, extra: object = {}) => {
    const bill = house.bill(total);
    const { body } = await house.pay(bill, { ...card('tok_declined_then_captured'), ...extra }).expect(422);
    return { bill, paymentId: body.paymentId as string };
  };

  test('pays the bill, if nobody has paid it otherwise; somebody is told', async () => {
    const { bill, paymentId } = await declinedAtFirst(20_00);
    await becomes(paymentId, { status: 'captured', declineCode: null, version: 2 });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 20_00, due: 0, refundDue: 0 });
    expect((await house.published(PaymentFailed)).filter(({ subject }) => subject === paymentId)).toHaveLength(1);
    expect(await tasksOf(paymentId)).toMatchObject([{ kind: 'paid_late', amount: usd(20_00) }]);
  });

  test('goes back by itself, once, if the bill has been paid meanwhile: 20.00 and the tip of 2.00', async () => {
    const { bill, paymentId } = await declinedAtFirst(20_00, { tip: usd(2_00) });
    await house.pay(bill).expect(201);
    await becomes(paymentId, { status: 'captured', collected: usd(22_00), refunded: usd(22_00), version: 3 });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 20_00, due: 0, refundDue: 0 });
    expect(await house.legs(paymentId)).toMatchObject([{ card: 22_00 }, { card: -22_00 }]);
    expect(await tasksOf(paymentId)).toMatchObject([{ kind: 'paid_late' }]);
  });

  test('keeps what is still due, and gives back the rest: of 20.00 the 15.00 that were paid in cash', async () => {
    const { bill, paymentId } = await declinedAtFirst(20_00);
    await house.pay(bill, { method: 'cash', amount: usd(15_00) }).expect(201);
    await becomes(paymentId, { status: 'captured', refunded: usd(15_00) });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 20_00, due: 0, refundDue: 0 });
  });
});

describe('what nobody knows', () => {
  const open = async (query = '') =>
    (await house.call('get', `/v1/payments/attempts?limit=200${query}`).expect(200)).body.data;

  test('is listed with since when, why, and when it is looked up next, until it is known', async () => {
    const { body: payment } = await house
      .pay(house.bill(20_00), { ...card('tok_timeout'), tip: usd(1_00) })
      .expect(201);
    await leftAlone(payment.id);
    const [attempt] = await open(`&paymentId=${payment.id}`);
    expect(attempt).toMatchObject({
      paymentId: payment.id,
      kind: 'charge',
      status: 'unknown',
      why: 'no_answer',
      provider: 'sandbox',
      amount: usd(21_00),
      since: expect.any(String),
      nextLookAt: expect.any(String),
      settledBy: null,
    });
    expect(await open(`&paymentId=${payment.id}&why=not_finished`)).toEqual([]);
    const looked = await house.call('post', `/v1/payments/attempts/${attempt.id}/look-up`).expect(200);
    expect(looked.body).toMatchObject({ status: 'approved', why: null, nextLookAt: null });
    expect(await open(`&paymentId=${payment.id}`)).toEqual([]);
    expect(await house.payment(payment.id)).toMatchObject({ status: 'captured' });
  });

  test('can be settled by hand, with a reason and evidence; the bill is free, and nobody settles it twice', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, card('tok_timeout_lost')).expect(201);
    await leftAlone(payment.id);
    const [{ id }] = await open(`&paymentId=${payment.id}`);
    const said = { outcome: 'declined', reason: 'Not in the report', evidence: 'Report of today, page 2' };
    const path = `/v1/payments/attempts/${id}/settle`;
    const { body } = await house.call('post', path).send(said).expect(200);
    expect(body).toMatchObject({
      status: 'declined',
      declineCode: 'settled_by_hand',
      settledBy: expect.any(String),
      settledReason: said.reason,
      settledEvidence: said.evidence,
    });
    expect(await house.payment(payment.id)).toMatchObject({ status: 'declined', declineCode: 'settled_by_hand' });
    expect((await house.call('post', path).send(said).expect(409)).body.code).toBe('attempt_ended');
    await house.pay(bill).expect(201);
  });

  test('is booked when somebody says that it was paid, and needs the provider’s reference for it', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, card('tok_timeout')).expect(201);
    await leftAlone(payment.id);
    const [{ id }] = await open(`&paymentId=${payment.id}`);
    const { rows } = await house.sandbox.books.query('select charge_id as charge from calls where reference = $1', [
      id,
    ]);
    const path = `/v1/payments/attempts/${id}/settle`;
    const said = { outcome: 'approved', reason: 'In the report', evidence: 'Report of today, page 1' };
    expect((await house.call('post', path).send(said).expect(422)).body.code).toBe('provider_reference_missing');
    const full = { ...said, providerReference: rows[0].charge, fee: usd(88) };
    await house.call('post', path).send(full).expect(200);
    expect(await house.payment(payment.id)).toMatchObject({
      status: 'captured',
      providerReference: rows[0].charge,
      card: null,
    });
    expect(await house.legs(payment.id)).toMatchObject([{ card: 20_00, psp_fee: -88 }]);
    await house.refund(payment.id).expect(201);
  });

  test('is a location’s own, and another organization’s is not there', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), card('tok_timeout')).expect(201);
    await leftAlone(payment.id);
    const [{ id }] = await open(`&paymentId=${payment.id}`);
    const elsewhere = await house.makeKey({ locationIds: [newId()] });
    const look = (key: string) => house.call('post', `/v1/payments/attempts/${id}/look-up`, { key });
    await look(elsewhere).expect(403);
    await look(house.other.key).expect(404);
    const { body } = await house.call('get', '/v1/payments/attempts', { key: elsewhere }).expect(200);
    expect(body.data).toEqual([]);
    await house.call('post', `/v1/payments/attempts/${id}/look-up`).expect(200);
  });
});

describe('a provider that does not answer five times in a row', () => {
  test('is left alone: cards get 503 at once and nothing is written, cash works, and when it is back cards are taken again', async () => {
    await house.pay(house.bill(1_00), card('tok_visa')).expect(201);
    const faults = { account: house.id, operation: 'authorize', times: 15, manner: { as: 'errs', status: 500 } };
    await house.sandbox.control('POST', '/faults', house.id, faults);
    for (let card5 = 1; card5 <= 5; card5++) {
      const { body } = await house.pay(house.bill(1_00), card('tok_visa')).expect(201);
      expect(body.status).toBe('unknown');
    }
    const bill = house.bill(20_00);
    const { body, headers } = await house.pay(bill, card('tok_visa')).expect(503);
    expect([body.code, headers['retry-after']]).toEqual(['provider_unavailable', '5']);
    const metrics = async () => (await house.http.get('/metrics').expect(200)).text;
    expect(await metrics()).toMatch(/circuit_breaker_open\{[^}]*to="sandbox"[^}]*\} 1/);
    const { rows } = await house.sql.query('select from payments where check_id = $1', [bill.checkId]);
    expect(rows).toEqual([]);
    await house.pay(house.bill(20_00)).expect(201);
    await eventually(() => house.pay(bill, card('tok_visa')).expect(201), WITHIN);
    expect(await metrics()).toMatch(/circuit_breaker_open\{[^}]*to="sandbox"[^}]*\} 0/);
  });
});
