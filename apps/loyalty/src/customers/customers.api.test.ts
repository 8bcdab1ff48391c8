import { type Customer, CustomerErased, CustomerUpdated, OrderPaid } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { expectContract, expectNoDrift, expectTenancy, type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { customers, guestsOf } from '../testing/guests.js';

let it: TestService;
let guests: ReturnType<typeof guestsOf>;

beforeAll(async () => {
  it = await testService(loyalty);
  guests = guestsOf(it);
});

const read = async (id: string): Promise<Customer> => (await it.call('get', `${customers}/${id}`).expect(200)).body;

describe('a customer', () => {
  test('is made with what was given, read, and changed by version', async () => {
    const { body: made } = await it
      .call('post', customers)
      .send({ name: 'Ada', email: 'ada@example.com', birthday: '1990-12-10', language: 'it', consents: ['newsletter'] })
      .expect(201);
    expect(made).toMatchObject({
      name: 'Ada',
      phone: null,
      email: 'ada@example.com',
      birthday: '1990-12-10',
      language: 'it',
      consents: [{ purpose: 'newsletter' }],
      points: 0,
      erasedAt: null,
      version: 1,
    });
    expect(await read(made.id)).toEqual(made);
    const path = `${customers}/${made.id}`;
    const { body: changed } = await it
      .call('patch', path)
      .send({ email: null, phone: '555 0100', version: 1 })
      .expect(200);
    expect(changed).toMatchObject({ name: 'Ada', phone: '555 0100', email: null, language: 'it', version: 2 });
    expect(await read(made.id)).toEqual(changed);
    const { body: stale } = await it.call('patch', path).set('if-match', '"1"').send({ name: 'Eve' }).expect(412);
    expect(stale).toMatchObject({ code: 'version_stale', current: { name: 'Ada', version: 2 } });
    await it.call('patch', path).send({ name: 'Eve' }).expect(428);
  });

  test('is told of by what changed, not by what it is', async () => {
    const { id, version } = await guests.makeCustomer({ phone: '555 0101' });
    await it.call('patch', `${customers}/${id}`).send({ email: 'eve@example.com', phone: null, version }).expect(200);
    const told = (await it.published(CustomerUpdated)).filter(({ subject }) => subject === id);
    expect(told.map((event) => [event.version, event.data])).toEqual([
      [1, { customerId: id, changed: ['name', 'phone'] }],
      [2, { customerId: id, changed: ['phone', 'email'] }],
    ]);
  });

  test('is found by phone or e-mail however it is written, and by nobody else', async () => {
    const { id } = await guests.makeCustomer({ phone: '+1 (312) 555-0142', email: 'Zaphod@Example.com' });
    for (const query of ['phone=13125550142', 'phone=%2B1%20312%20555%200142', 'email=zaphod%40example.com']) {
      const { body } = await it.call('get', `${customers}?${query}`).expect(200);
      expect(body.data, query).toMatchObject([{ id, phone: '+1 (312) 555-0142' }]);
      const { body: theirs } = await it.call('get', `${customers}?${query}`, { key: it.other.key }).expect(200);
      expect(theirs.data).toEqual([]);
    }
  });

  test('is the only one of the organization with a phone number or e-mail', async () => {
    const phone = '+1 312 555 0199';
    const { id } = await guests.makeCustomer({ phone });
    const refused = async (body: object) => (await it.call('post', customers).send(body).expect(409)).body.code;
    expect(await refused({ name: 'Ford', phone: '1-312-555-0199' })).toBe('customer_exists');
    expect(await refused({ id, name: 'Ford' })).toBe('id_taken');
    const { id: other } = await guests.makeCustomer();
    const moved = it.call('patch', `${customers}/${other}`).send({ phone, version: 1 });
    expect((await moved.expect(409)).body.code).toBe('customer_exists');
    await guests.makeCustomer({ phone }, it.other.key);
  });

  test('may have a phone number that looks like a card’s, but no name that does', async () => {
    await guests.makeCustomer({ phone: '4242 4242 4242 4242' });
    const { body } = await it.call('post', customers).send({ name: '4242 4242 4242 4242' }).expect(422);
    expect(body).toMatchObject({ code: 'card_number_refused', errors: [{ pointer: '/name' }] });
  });

  test('is made once for a key, and a repeat is not told again who it is', async () => {
    const idempotencyKey = newId();
    const create = (name: string) => it.call('post', customers, { idempotencyKey }).send({ name });
    const { body: first } = await create('Once').expect(201);
    const { body: again, headers } = await create('Once').expect(201);
    expect(headers['idempotency-replayed']).toBe('true');
    expect(again).toEqual({ ...first, name: null });
    expect((await create('Twice').expect(422)).body.code).toBe('idempotency_key_reused');
  });

  test('is listed oldest first, page by page', async () => {
    const made = [await guests.makeCustomer(), await guests.makeCustomer(), await guests.makeCustomer()];
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await it.call('get', `${customers}?limit=2${cursor}`).expect(200);
      seen.push(...body.data.map(({ id }: Customer) => id));
      cursor = body.nextCursor && `&cursor=${body.nextCursor}`;
    } while (cursor);
    expect(seen.slice(-3)).toEqual(made.map(({ id }) => id));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('who a customer is', () => {
  const secrets = {
    name: 'Slartibartfast Magrathea',
    phone: '+44 20 7946 0958',
    email: 'fjords@magrathea.example',
    birthday: '1942-03-08',
    language: 'nn-NO',
    consents: ['fjord_news'],
  };
  const needles = ['Slartibartfast', '7946 0958', '442079460958', 'fjords', '1942-03-08', 'nn-NO', 'fjord_news'];

  /** Every row of every table as text, and what stands in it as bytes. */
  async function dump(): Promise<string> {
    const { rows: tables } = await it.sql.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    );
    const texts: string[] = [];
    for (const { relname } of tables) {
      const { rows } = await it.sql.query(`select t::text as row from "${relname}" t`);
      for (const { row } of rows) {
        const bytes = [...row.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex]: string[]) => Buffer.from(hex ?? '', 'hex'));
        texts.push(row, ...bytes.map((part: Buffer) => part.toString('latin1')));
      }
    }
    return texts.join('\n');
  }

  test('stands nowhere in the clear: in no table, not in what is published, not in what is kept for a repeat', async () => {
    const { id } = await guests.makeCustomer(secrets);
    await it.call('patch', `${customers}/${id}`).send({ name: secrets.name, email: null, version: 1 }).expect(200);
    await it.deliver(OrderPaid, guests.order(id, 9_00));
    await guests.expectBalance(id, 9);
    const everything = await dump();
    for (const needle of needles) expect(everything.includes(needle), needle).toBe(false);
    expect(everything).toContain(id);
  });

  test('is gone for good once it is erased; points and orders stay, under an id that says nothing', async () => {
    const { id } = await guests.makeCustomer({ name: 'Marvin', email: 'marvin@example.com' });
    await it.deliver(OrderPaid, guests.order(id, 9_00));
    await guests.expectBalance(id, 9);
    const { body: erased } = await it.call('post', `${customers}/${id}/erase`).expect(200);
    expect(erased).toMatchObject({ id, name: null, email: null, consents: [], points: 9, version: 3 });
    expect(erased.erasedAt).not.toBeNull();
    expect(await read(id)).toEqual(erased);
    const { rows } = await it.sql.query(
      'select wrapped_key, particulars, phone_index, email_index from customers where id = $1',
      [id],
    );
    expect(rows).toEqual([{ wrapped_key: null, particulars: null, phone_index: null, email_index: null }]);
    const told = (await it.published(CustomerErased)).filter(({ subject }) => subject === id);
    expect(told).toMatchObject([{ version: 3, data: { customerId: id, erasedAt: erased.erasedAt } }]);
    expect((await it.call('get', `${customers}?email=marvin%40example.com`).expect(200)).body.data).toEqual([]);
    expect((await it.call('get', `${customers}/${id}/points`).expect(200)).body.data).toMatchObject([{ points: 9 }]);
    expect((await it.call('get', `${customers}/${id}/orders`).expect(200)).body.data).toHaveLength(1);

    const refused = async (method: 'post' | 'patch', path: string, body: object) =>
      (await it.call(method, `${customers}/${id}${path}`).send(body).expect(409)).body.code;
    expect(await refused('patch', '', { name: 'Back', version: 3 })).toBe('customer_erased');
    expect(await refused('post', '/points', { points: 5, reason: 'Sorry' })).toBe('customer_erased');
    expect(await refused('post', '/erase', {})).toBe('customer_erased');
    await guests.makeCustomer({ name: 'Marvin', email: 'marvin@example.com' });
  });
});

describe('what is kept of a customer', () => {
  test('is exported whole: who they are, consents with their history, points, orders, grants', async () => {
    const { id } = await guests.makeCustomer({
      email: 'trillian@example.com',
      consents: ['newsletter'],
      consentSource: 'till',
    });
    await it.call('patch', `${customers}/${id}`).send({ consents: [], version: 1 }).expect(200);
    await it.deliver(OrderPaid, guests.order(id, 9_00));
    await guests.expectBalance(id, 9);
    const coupon = { name: 'Hello', codes: ['EXPORTED'], gives: { kind: 'percent', rate: 100_000 } };
    await it.call('post', '/v1/loyalty/coupons').send(coupon).expect(201);
    const claim = { code: 'EXPORTED', orderId: newId(), customerId: id };
    const { body: grant } = await it.call('post', '/v1/loyalty/coupons/claims').send(claim).expect(201);
    const order = guests.order(id, 0);
    await it.deliver(OrderPaid, order);
    const rated = { orderId: order.id, score: 5, text: 'Splendid fjords' };
    await it.call('post', '/v1/loyalty/feedback').send(rated).expect(201);
    const { body } = await it.call('get', `${customers}/${id}/export`).expect(200);
    expect(body).toMatchObject({
      customer: { id, name: 'Ada', email: 'trillian@example.com', consents: [], points: 9 },
      consentHistory: [
        { purpose: 'newsletter', given: true, source: 'till' },
        { purpose: 'newsletter', given: false, source: 'api' },
      ],
      points: [{ kind: 'earn', points: 9 }],
      feedback: [{ score: 5, text: 'Splendid fjords' }],
      grants: [{ grant, state: 'reserved' }],
    });
    await it.call('post', `${customers}/${id}/erase`).expect(200);
    const { body: left } = await it.call('get', `${customers}/${id}/export`).expect(200);
    expect(left).toMatchObject({
      customer: { name: null, email: null },
      consentHistory: [],
      feedback: [{ score: 5, text: null }],
    });
    expect(left.orders).toHaveLength(2);
  });
});

describe('whom it concerns', () => {
  test('another organization’s customer is not there', async () => {
    const { id: theirs } = await guests.makeCustomer({}, it.other.key);
    for (const id of [newId(), theirs]) {
      const path = `${customers}/${id}`;
      for (const what of ['', '/points', '/orders', '/export']) await it.call('get', path + what).expect(404);
      await it.call('patch', path).send({ name: 'Mine', version: 1 }).expect(404);
      await it.call('post', `${path}/erase`).expect(404);
      await it.call('post', `${path}/points`).send({ points: 1, reason: 'x' }).expect(404);
    }
    const { body } = await it.call('get', `${customers}?limit=200`).expect(200);
    expect(body.data.map(({ id }: Customer) => id)).not.toContain(theirs);
  });

  test('a key without the scope reads nobody', async () => {
    const key = await it.makeKey({ scopes: ['orders:read', 'loyalty:write'] });
    const { body } = await it.call('get', customers, { key }).expect(403);
    expect(body).toMatchObject({ code: 'scope_missing', scope: 'loyalty:read' });
  });

  test('no table shows a row to another organization', () => expectTenancy(it));
});

test('every route of the contract is served, and no other', () => expectContract(it));

test('the tables are what the entities say', () => expectNoDrift(loyalty));
