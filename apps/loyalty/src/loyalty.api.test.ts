import {
  CustomerErased,
  CustomerUpdated,
  ENDPOINTS,
  OrderPaid,
  orderExample,
  OrderPlaced,
  PaymentRefunded,
  PointsEarned,
  PointsReversed,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { expectNoDrift, expectTenancy, type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loyalty } from './loyalty.service.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(loyalty);
});

const customers = '/v1/loyalty/customers';
const usd = (amount: number) => ({ amount, currency: 'USD' });

async function makeCustomer(fields: object = {}): Promise<{ id: string; version: number }> {
  const { body } = await it
    .call('post', customers)
    .send({ name: 'Ada', ...fields })
    .expect(201);
  return body;
}

const balance = async (id: string): Promise<number> =>
  (await it.call('get', `${customers}/${id}`).expect(200)).body.points;

function orderOf(customerId: string | null, total: number, known: object = {}) {
  return {
    ...orderExample.facts,
    id: newId(),
    locationId: it.location.id,
    customerId,
    totals: { ...orderExample.facts.totals, total: usd(total) },
    ...known,
  };
}

const refundOf = (orderId: string, amount: number) => ({
  ...PaymentRefunded.example,
  id: newId(),
  orderId,
  refund: { ...PaymentRefunded.example.refund, id: newId(), amount: usd(amount) },
});

describe('points', () => {
  test('a paid order earns one for each whole unit, once, however often it is told', async () => {
    const { id } = await makeCustomer();
    const order = orderOf(id, 32_50);
    const event = await it.deliver(OrderPaid, order);
    await it.deliver(OrderPaid, order, { id: event.id });
    expect(await balance(id)).toBe(32);
    const earned = (await it.published(PointsEarned)).filter(({ subject }) => subject === id);
    expect(earned).toMatchObject([{ version: 2, data: { points: 32, balance: 32, orderId: order.id } }]);
    const { body } = await it.call('get', `${customers}/${id}/points`).expect(200);
    expect(body.data).toMatchObject([{ kind: 'earn', points: 32, orderId: order.id }]);
  });

  test('refunds take their share back, and of everything all; in whichever order they are heard of', async () => {
    const [ada, ben] = [await makeCustomer(), await makeCustomer()];
    const [first, second] = [orderOf(ada.id, 20_00), orderOf(ben.id, 20_00)];
    await it.deliver(OrderPaid, first);
    for (const amount of [5_00, 15_00]) await it.deliver(PaymentRefunded, refundOf(first.id, amount));
    await it.deliver(PaymentRefunded, refundOf(second.id, 5_00));
    await it.deliver(OrderPaid, second);
    expect([await balance(ada.id), await balance(ben.id)]).toEqual([0, 15]);
    expect(
      (await it.published(PointsReversed))
        .filter(({ subject }) => subject === ada.id)
        .map(({ data, version }) => [data.points, version]),
    ).toEqual([
      [-5, 3],
      [-15, 4],
    ]);
    const { body } = await it
      .call('post', '/v1/loyalty/points/summary')
      .send({ orderIds: [first.id, second.id] })
      .expect(200);
    expect(body).toEqual({ orders: 2, earned: 35, reversed: -20 });
  });

  test('an order of nobody, or of somebody who is not there, earns nothing and stops nothing', async () => {
    await it.deliver(OrderPaid, orderOf(null, 10_00));
    await it.deliver(OrderPaid, orderOf(newId(), 10_00));
    const { id } = await makeCustomer();
    await it.deliver(OrderPaid, orderOf(id, 10_00));
    expect(await balance(id)).toBe(10);
  });

  test('the program says how many: for orders paid from then on', async () => {
    const { body: program } = await it.call('get', '/v1/loyalty/program').expect(200);
    await it.call('patch', '/v1/loyalty/program').send({ pointsPerUnit: 3, version: program.version }).expect(200);
    const { id } = await makeCustomer();
    await it.deliver(OrderPaid, orderOf(id, 10_99));
    await it
      .call('patch', '/v1/loyalty/program')
      .send({ pointsPerUnit: 1, version: program.version + 1 })
      .expect(200);
    expect(await balance(id)).toBe(30);
  });

  test('a hundred redemptions at once never take more than there is', async () => {
    const { id } = await makeCustomer();
    await it.call('post', `${customers}/${id}/points`).send({ points: 50, reason: 'Welcome' }).expect(201);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        it.call('post', `${customers}/${id}/points`).send({ kind: 'redeem', points: -10, reason: 'Coffee' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('points_insufficient');
    expect(await balance(id)).toBe(0);
  });

  test('a redemption that gives, or a move of nothing, is refused', async () => {
    const { id } = await makeCustomer();
    expect(
      (await it.call('post', `${customers}/${id}/points`).send({ kind: 'redeem', points: 5, reason: 'x' }).expect(422))
        .body.code,
    ).toBe('points_sign');
    await it.call('post', `${customers}/${id}/points`).send({ points: 0, reason: 'x' }).expect(400);
  });
});

describe('the order history', () => {
  test('shows an order as it stands, and an older event changes nothing', async () => {
    const { id } = await makeCustomer();
    const order = orderOf(id, 12_00);
    await it.deliver(OrderPaid, { ...order, paymentStatus: 'paid' }, { aggregateVersion: 2 });
    await it.deliver(OrderPlaced, order, { aggregateVersion: 1 });
    const { body } = await it.call('get', `${customers}/${id}/orders`).expect(200);
    expect(body.data).toMatchObject([{ orderId: order.id, paymentStatus: 'paid', total: usd(12_00) }]);
  });
});

describe('who they are', () => {
  const planted = { name: 'Zaphod Beeblebrox', phone: '+1 (312) 555-0142', email: 'Zaphod@Example.com' };

  test('is found by phone or e-mail however it is written, and by nobody else', async () => {
    const { id } = await makeCustomer(planted);
    for (const query of ['phone=13125550142', 'phone=%2B1%20312%20555%200142', 'email=zaphod%40example.com']) {
      const { body } = await it.call('get', `${customers}?${query}`).expect(200);
      expect(
        body.data.map((customer: { id: string }) => customer.id),
        query,
      ).toEqual([id]);
      const { body: theirs } = await it.call('get', `${customers}?${query}`, { key: it.other.key }).expect(200);
      expect(theirs.data).toEqual([]);
    }
    expect(
      (await it.call('post', customers).send({ name: 'Ford', phone: '1-312-555-0142' }).expect(409)).body.code,
    ).toBe('customer_exists');
    await it.call('post', customers, { key: it.other.key }).send({ name: 'Ford', phone: '1-312-555-0142' }).expect(201);
  });

  test('stands nowhere in the clear, and when it is erased nowhere at all', async () => {
    const own = { name: 'Slartibartfast Magrathea', phone: '+44 20 7946 0958', email: 'fjords@magrathea.example' };
    const { id } = await makeCustomer(own);
    await it.deliver(OrderPaid, orderOf(id, 9_00));
    const { body: tables } = {
      body: await it.sql.query(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
      ),
    };
    for (const { relname } of tables.rows) {
      const { rows } = await it.sql.query(`select t::text as row from "${relname}" t`);
      for (const secret of ['Slartibartfast', '7946', '79460958', 'fjords'])
        expect(
          rows.filter(({ row }) => row.includes(secret)),
          `${relname}: ${secret}`,
        ).toEqual([]);
    }
    const { body: erased } = await it.call('post', `${customers}/${id}/erase`).expect(200);
    expect(erased).toMatchObject({ id, name: null, phone: null, email: null, points: 9 });
    expect((await it.published(CustomerErased)).filter(({ subject }) => subject === id)).toMatchObject([
      { version: 3 },
    ]);
    expect((await it.call('get', `${customers}/${id}`).expect(200)).body).toMatchObject({ name: null, points: 9 });
    expect((await it.call('get', `${customers}?email=fjords%40magrathea.example`).expect(200)).body.data).toEqual([]);
    expect(
      (await it.call('patch', `${customers}/${id}`).send({ name: 'Back', version: 3 }).expect(409)).body.code,
    ).toBe('customer_erased');
    await it.call('post', customers).send(own).expect(201);
  });

  test('changes with versions that have no gap, and events that do not say what it is', async () => {
    const { id, version } = await makeCustomer({ phone: '555 0100' });
    await it.call('patch', `${customers}/${id}`).send({ email: 'ada@example.com', phone: null, version }).expect(200);
    expect((await it.call('get', `${customers}/${id}`).expect(200)).body).toMatchObject({
      name: 'Ada',
      phone: null,
      email: 'ada@example.com',
      version: 2,
    });
    const told = (await it.published(CustomerUpdated)).filter(({ subject }) => subject === id);
    expect(told.map(({ version: told, data }) => [told, data.changed])).toEqual([
      [1, ['name', 'phone']],
      [2, ['phone', 'email']],
    ]);
  });
});

test('another organization’s customer is not there', async () => {
  const { body: theirs } = await it.call('post', customers, { key: it.other.key }).send({ name: 'Theirs' }).expect(201);
  for (const id of [newId(), theirs.id]) {
    await it.call('get', `${customers}/${id}`).expect(404);
    await it.call('patch', `${customers}/${id}`).send({ name: 'Mine', version: 1 }).expect(404);
    await it.call('post', `${customers}/${id}/erase`).expect(404);
    await it.call('get', `${customers}/${id}/points`).expect(404);
    await it.call('get', `${customers}/${id}/orders`).expect(404);
    await it.call('post', `${customers}/${id}/points`).send({ points: 1, reason: 'x' }).expect(404);
  }
});

test('a repeat makes no second customer, and does not say again who it is', async () => {
  const idempotencyKey = newId();
  const create = () => it.call('post', customers, { idempotencyKey }).send({ name: 'Once' });
  const [first, again] = [await create().expect(201), await create().expect(201)];
  expect(again.body).toEqual({ ...first.body, name: null });
  await it.call('post', customers, { idempotencyKey }).send({ name: 'Twice' }).expect(422);
});

test('its routes are those of the contract', () => {
  const described = ENDPOINTS.loyalty.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
  expect(it.service.routes.all().filter((route) => route.includes('/v1/'))).toEqual(described.sort());
});

test('no table shows a row to another organization', () => expectTenancy(it));
test('the tables are what the entities say', () => expectNoDrift(loyalty, it));
