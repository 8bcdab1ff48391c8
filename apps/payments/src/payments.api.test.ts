import { newId } from '@comanda/platform';
import { expectContract, expectNoDrift, expectTenancy } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { payments } from './payments.service.js';
import { type House, openHouse, usd } from './testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});

const visa = { method: 'card', source: 'tok_visa' };

describe('another organization', () => {
  test('finds none of this one’s payments, refunds, bills or ledger', async () => {
    const bill = house.bill(20_00);
    const { body: payment } = await house.pay(bill, visa).expect(201);
    const { body: held } = await house.pay(house.bill(20_00), { ...visa, capture: false }).expect(201);
    await house.refund(payment.id, { amount: usd(1_00) }).expect(201);
    const { key } = house.other;
    for (const [method, path, body] of [
      ['get', `/v1/payments/${payment.id}`],
      ['get', `/v1/payments/${payment.id}/refunds`],
      ['get', `/v1/payments/bills/${bill.checkId}`],
      ['post', `/v1/payments/${held.id}/capture`, {}],
      ['post', `/v1/payments/${held.id}/void`],
      ['post', `/v1/payments/${payment.id}/refunds`, { reason: 'Mine now' }],
    ] as const) {
      const call = house.call(method, path, { key });
      const { status, body: problem } = await (body ? call.send(body) : call);
      expect([path, status, ['not_found', 'bill_unknown'].includes(problem.code)]).toEqual([path, 404, true]);
    }
    for (const path of ['/v1/payments', '/v1/payments/ledger', '/v1/payments/ledger/balances'])
      expect((await house.call('get', path, { key }).expect(200)).body.data).toEqual([]);
  });

  test('may use the same ids, and neither notices', async () => {
    const id = newId();
    const bill = house.bill(20_00);
    await house.pay(bill, { method: 'cash', id }).expect(201);
    const theirs = house.bill(20_00, {
      organizationId: house.other.id,
      location: house.other.location,
      checkId: bill.checkId,
      orderId: bill.orderId,
    });
    await house.pay(theirs, { method: 'cash', id }, { key: house.other.key }).expect(201);
  });

  test('is kept out by the database itself', () => expectTenancy(house));
});

test('every route of the contract is served, and no other', () => expectContract(house));

test('the tables are what the entities say', () => expectNoDrift(payments));

describe('a till that is bound to one location', () => {
  test('reads and moves only what belongs there', async () => {
    const elsewhere = await house.makeLocation();
    const here = house.bill(20_00);
    const { body: payment } = await house.pay(here, { ...visa, capture: false }).expect(201);
    const { body: theirs } = await house.pay(house.bill(10_00, { location: elsewhere })).expect(201);
    const key = await house.makeKey({ locationIds: [elsewhere.id] });
    for (const [method, path, body] of [
      ['get', `/v1/payments/${payment.id}`],
      ['get', `/v1/payments/${payment.id}/refunds`],
      ['get', `/v1/payments/bills/${here.checkId}`],
      ['post', `/v1/payments/${payment.id}/capture`, {}],
      ['post', `/v1/payments/${payment.id}/void`],
      ['post', `/v1/payments/${payment.id}/refunds`, { reason: 'Cold food' }],
    ] as const) {
      const call = house.call(method, path, { key });
      expect((await (body ? call.send(body) : call)).body.code).toBe('location_forbidden');
    }
    const { body: list } = await house.call('get', '/v1/payments', { key }).expect(200);
    expect(list.data.map(({ id }: { id: string }) => id)).toEqual([theirs.id]);
    const { body: ledger } = await house.call('get', '/v1/payments/ledger', { key }).expect(200);
    expect(ledger.data.map(({ paymentId }: { paymentId: string }) => paymentId)).toEqual([theirs.id]);
    const { body: balances } = await house.call('get', '/v1/payments/ledger/balances', { key }).expect(200);
    expect(balances.data).toContainEqual({ account: 'cash', balance: usd(10_00) });
  });
});

describe('lists of payments', () => {
  test('are newest first, a page at a time, by order, check, location, day and state', async () => {
    const location = await house.makeLocation();
    const bill = house.bill(30_00, { location });
    const ids = [];
    for (const minutes of [3, 2, 1]) {
      const occurredAt = new Date(Date.now() - minutes * 60_000).toISOString();
      ids.unshift((await house.pay(bill, { method: 'cash', amount: usd(5_00), occurredAt }).expect(201)).body.id);
    }
    const { body: held } = await house.pay(bill, { ...visa, capture: false }).expect(201);
    const list = async (query: string) => (await house.call('get', `/v1/payments?${query}`).expect(200)).body;
    const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
    const first = await list(`checkId=${bill.checkId}&limit=3`);
    const second = await list(`checkId=${bill.checkId}&limit=3&cursor=${first.nextCursor}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual([held.id, ...ids]);
    expect(second.nextCursor).toBeNull();
    expect(idsOf(await list(`orderId=${bill.orderId}&status=authorized`))).toEqual([held.id]);
    expect(idsOf(await list(`locationId=${location.id}&businessDate=${held.businessDate}`))).toHaveLength(4);
    expect(idsOf(await list(`locationId=${location.id}&businessDate=2015-01-01`))).toEqual([]);
  });
});

describe('every route that moves money', () => {
  const routes = ['capture', 'void', 'refunds'] as const;

  test.each(routes)('%s: answers a repeat as before, and refuses the key for anything else', async (verb) => {
    const hold = async () =>
      (await house.pay(house.bill(20_00), { ...visa, capture: verb === 'refunds' }).expect(201)).body.id;
    const body = verb === 'void' ? undefined : verb === 'capture' ? {} : { reason: 'Cold food' };
    const idempotencyKey = newId();
    const send = (id: string, changed = body) => {
      const call = house.call('post', `/v1/payments/${id}/${verb}`, { idempotencyKey });
      return changed === undefined ? call : call.send(changed);
    };
    const [one, other] = [await hold(), await hold()];
    const first = await send(one);
    expect(first.status).toBeLessThan(300);
    const again = await send(one);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([
      first.status,
      first.body,
      'true',
    ]);
    expect((await send(other).expect(422)).body.code).toBe('idempotency_key_reused');
  });

  test.each(routes)('%s: needs a key', async (verb) => {
    const { body } = await house.http
      .post(`/v1/payments/${newId()}/${verb}`)
      .set('authorization', `Bearer ${house.key}`)
      .send(verb === 'refunds' ? { reason: 'Cold food' } : {});
    expect(body).toMatchObject({ status: 400, code: 'idempotency_key_missing' });
  });

  test('a refusal is remembered under its key', async () => {
    const idempotencyKey = newId();
    const id = newId();
    const send = () => house.call('post', `/v1/payments/${id}/capture`, { idempotencyKey }).send({});
    expect((await send()).body.code).toBe('not_found');
    const again = await send();
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([404, 'true']);
  });
});

describe('404', () => {
  test.each([`/v1/payments/${newId()}`, `/v1/payments/${newId()}/refunds`, `/v1/payments/bills/${newId()}`])(
    '%s',
    async (path) => {
      await house.call('get', path).expect(404);
    },
  );
});

test('a test card pays nothing where money is real', async () => {
  const { id, key, location } = house.other;
  await house.sql.query(`update known_organizations set mode = 'live' where organization_id = $1`, [id]);
  const { body } = await house.pay(house.bill(10_00, { organizationId: id, location }), visa, { key }).expect(422);
  expect(body).toMatchObject({ code: 'payment_declined', declineCode: 'test_card' });
});
