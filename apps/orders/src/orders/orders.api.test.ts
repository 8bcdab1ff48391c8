import { Order, OrderPlaced, Quote } from '@comanda/contracts';
import { billKey, isBillSigned, newId } from '@comanda/platform';
import { expectContract, expectNoDrift, expectTenancy, type TestService } from '@comanda/service/testing';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { orders } from '../orders.service.js';
import { menu, ON_THE_MENU as on, seal } from '../testing/menu.js';
import { lunchMenu, lunchWith } from '../testing/combo-menu.js';
import { carts, menus } from '../testing/random-menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const order = (more: object = {}) => it.call('post', '/v1/orders').send(shop.body(more));

describe('200 and 201', () => {
  test('an order is accepted, numbered, priced, signed, stored and told of', async () => {
    const { body, headers } = await order({ table: '12', covers: 2 }).expect(201);
    expect(Order.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      status: 'placed',
      paymentStatus: 'unpaid',
      table: '12',
      menuHash: shop.menu.hash,
      totals: { total: usd(27_60), tax: usd(3_60) },
      version: 1,
    });
    expect(headers['etag']).toBe('"1"');
    const [check] = body.checks;
    expect(isBillSigned(billKey(it.environment['COMANDA_SECRET'] ?? ''), check.bill)).toBe(true);
    expect(check.bill).toMatchObject({ orderId: body.id, checkId: check.id, version: 1, total: usd(27_60) });
    const { body: read } = await it.call('get', `/v1/orders/${body.id}`).expect(200);
    expect(read).toEqual(body);
    const { body: readCheck } = await it.call('get', `/v1/orders/${body.id}/checks/${check.id}`).expect(200);
    expect(readCheck).toEqual(check);
    const told = (await it.published(OrderPlaced)).filter(({ subject }) => subject === body.id);
    const { bill: _, ...withoutBill } = check;
    expect(told).toMatchObject([{ version: 1, data: { ...body, checks: [withoutBill] } }]);
    expect(JSON.stringify(told)).not.toContain('signature');
  });

  test('a quote commits to nothing and costs the same', async () => {
    const { lines, locationId } = shop.body();
    const { body } = await it.call('post', '/v1/orders/quote').send({ lines, locationId }).expect(200);
    expect(Quote.parse(body)).toEqual(body);
    expect(body.totals.total).toEqual(usd(27_60));
  });

  test('numbers count from one for each business day, without a gap, whoever orders at once', async () => {
    const day = { occurredAt: '2026-03-06T19:30:00-06:00' };
    const placed = await Promise.all(Array.from({ length: 20 }, () => order(day)));
    const refused = await order({ ...day, expectedTotal: usd(1) });
    expect(refused.status).toBe(409);
    const next = await order(day);
    const numbers = [...placed, next].map(({ body }) => body.number as number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
    const { body: other } = await order({ occurredAt: '2026-03-07T05:00:00-06:00' }).expect(201);
    expect(other).toMatchObject({ number: 1, businessDate: '2026-03-07' });
  });

  test('what already happened is completed from the start, and keeps the ids it was sent with', async () => {
    const ids = { id: newId(), checkId: newId() };
    const lineId = newId();
    const { body } = await order({
      ...ids,
      completed: true,
      occurredAt: '2015-01-01T11:38:36-06:00',
      lines: [{ id: lineId, variationId: on.margheritaSmall, quantity: 3 }],
    }).expect(201);
    expect(body).toMatchObject({
      id: ids.id,
      status: 'completed',
      businessDate: '2015-01-01',
      occurredAt: '2015-01-01T17:38:36.000Z',
      checks: [{ id: ids.checkId, lines: [{ id: lineId, status: 'completed' }] }],
    });
    const told = (await it.published(OrderPlaced)).find(({ subject }) => subject === ids.id);
    expect(told?.occurredAt).toEqual(new Date('2015-01-01T17:38:36Z'));
  });
});

test('another currency is shown beside what is owed, by the rate of the location, and is nowhere kept or told', async () => {
  const asOf = '2026-03-06T06:00:00Z';
  const { id: locationId } = await it.makeLocation({
    policies: { displayCurrencies: { JPY: { rate: '149.25', asOf } } },
  });
  await shop.publish(menu({ locationId }), 1);
  const placed = await shop.place({ locationId });
  const path = `/v1/orders/${placed.id}`;
  const display = { currency: 'JPY', rate: '149.25', asOf };
  const { body: shown } = await it.call('get', `${path}?displayCurrency=JPY`).expect(200);
  const unpaid = { amount: 0, currency: 'JPY' };
  expect(shown).toEqual({ ...placed, display: { ...display, total: { amount: 4119, currency: 'JPY' }, paid: unpaid } });
  const { body: check } = await it
    .call('get', `${path}/checks/${placed.checks[0]?.id}?displayCurrency=JPY`)
    .expect(200);
  expect(check.display.total).toEqual({ amount: 4119, currency: 'JPY' });
  const quoting = it.call('post', '/v1/orders/quote?displayCurrency=JPY').send(shop.body({ locationId }));
  expect((await quoting.expect(200)).body.display).toEqual(shown.display);
  const { body: unknown } = await it.call('get', `${path}?displayCurrency=EUR`).expect(422);
  expect(unknown).toMatchObject({ code: 'reference_unknown', errors: [{ pointer: 'query/displayCurrency' }] });
  expect((await it.call('get', path).expect(200)).body).toEqual(placed);
  expect(JSON.stringify(await it.published(OrderPlaced))).not.toContain('JPY');
});

describe('lists', () => {
  test('go on where the last page ended, newest first', async () => {
    const { id: locationId } = await it.makeLocation();
    await shop.publish(menu({ locationId }), 1);
    for (const minute of [1, 3, 2]) await order({ locationId, occurredAt: `2026-03-06T19:0${minute}:00Z` }).expect(201);
    const page = async (query: string) =>
      (await it.call('get', `/v1/orders?locationId=${locationId}&${query}`).expect(200)).body;
    const first = await page('limit=2');
    const second = await page(`limit=2&cursor=${first.nextCursor}`);
    const minutes = [...first.data, ...second.data].map(({ occurredAt }) => occurredAt.slice(14, 16));
    expect(minutes).toEqual(['03', '02', '01']);
    expect(second.nextCursor).toBeNull();
  });

  test('show what is asked for', async () => {
    const customerId = newId();
    const { body: wanted } = await order({
      customerId,
      externalId: 'web-4711',
      occurredAt: '2026-02-01T19:00:00Z',
    }).expect(201);
    await order({ occurredAt: '2026-02-02T19:00:00Z' }).expect(201);
    const ids = async (query: string): Promise<string[]> =>
      (await it.call('get', `/v1/orders?${query}`).expect(200)).body.data.map(({ id }: Order) => id);
    expect(await ids(`customerId=${customerId}`)).toEqual([wanted.id]);
    expect(await ids('externalId=web-4711')).toEqual([wanted.id]);
    expect(await ids('businessDate=2026-02-01')).toEqual([wanted.id]);
    expect(await ids(`businessDate=2026-02-02&customerId=${customerId}`)).toEqual([]);
    expect(await ids(`status=completed&customerId=${customerId}`)).toEqual([]);
    expect(await ids(`status=placed&customerId=${customerId}`)).toEqual([wanted.id]);
  });

  test('show a key bound to a location that location alone', async () => {
    const { id: locationId } = await it.makeLocation();
    await shop.publish(menu({ locationId }), 1);
    const { body: here } = await order({ locationId }).expect(201);
    const key = await it.makeKey({ locationIds: [locationId] });
    const { body: list } = await it.call('get', '/v1/orders', { key }).expect(200);
    expect(list.data.map(({ id }: Order) => id)).toEqual([here.id]);
    await it.call('get', `/v1/orders?locationId=${it.location.id}`, { key }).expect(403);
    const elsewhere = await shop.place();
    await it.call('get', `/v1/orders/${elsewhere.id}`, { key }).expect(403);
    await it.call('post', '/v1/orders', { key }).send(shop.body()).expect(403);
    await it.call('post', '/v1/orders/quote', { key }).send(shop.body()).expect(403);
  });
});

describe('once for a key', () => {
  test('a hundred requests at once make one order, and all get its answer', async () => {
    const idempotencyKey = newId();
    const body = shop.body({ externalId: idempotencyKey });
    const send = () => it.call('post', '/v1/orders', { idempotencyKey }).send(body);
    const answers = await Promise.all(Array.from({ length: 100 }, send));
    const accepted = answers.filter(({ status }) => status === 201);
    const inFlight = answers.filter(({ status }) => status !== 201);
    expect(new Set(accepted.map(({ body: placed }) => placed.id)).size).toBe(1);
    expect(accepted.filter(({ headers }) => headers['idempotency-replayed'] !== 'true')).toHaveLength(1);
    // On a slow machine some may have waited too long: they are told to come again.
    for (const { status, headers } of inFlight) {
      expect([409, 503]).toContain(status);
      expect(headers['retry-after']).toBeDefined();
    }
    const { rows } = await it.sql.query('select id from orders where external_id = $1', [idempotencyKey]);
    expect(rows).toHaveLength(1);
    const again = await send();
    expect(again.body).toEqual(accepted[0]?.body);
  });

  test('also when the client minted the id; the same id under another key is taken', async () => {
    const idempotencyKey = newId();
    const body = shop.body({ id: newId() });
    const { body: first } = await it.call('post', '/v1/orders', { idempotencyKey }).send(body).expect(201);
    const { body: again, headers } = await it.call('post', '/v1/orders', { idempotencyKey }).send(body).expect(201);
    expect(again).toEqual(first);
    expect(headers['idempotency-replayed']).toBe('true');
    expect(await it.service.metrics.metrics()).toMatch(/^idempotency_replays_total\S* [1-9]/m);
    expect((await order({ id: body['id'] }).expect(409)).body.code).toBe('id_taken');
    expect((await order({ checkId: first.checks[0].id }).expect(409)).body).toMatchObject({
      code: 'id_taken',
      detail: 'A check with this id exists.',
    });
  });

  test('a refusal is the answer for ever, and another body is refused', async () => {
    const idempotencyKey = newId();
    const send = (more: object) => it.call('post', '/v1/orders', { idempotencyKey }).send(shop.body(more));
    const { body: refused } = await send({ expectedTotal: usd(1) }).expect(409);
    const { body: again, headers } = await send({ expectedTotal: usd(1) }).expect(409);
    expect(again).toEqual(refused);
    expect(headers['idempotency-replayed']).toBe('true');
    expect((await send({}).expect(422)).body.code).toBe('idempotency_key_reused');
  });
});

test('a quote of another time is of that time, and refused where the order would be', async () => {
  const at = (occurredAt: string) => it.call('post', '/v1/orders/quote').send(shop.body({ occurredAt }));
  const earlier = new Date(Date.now() - 3_600_000).toISOString();
  expect((await at(earlier).expect(200)).body.lines[0].orderedAt).toBe(earlier);
  expect((await at('2100-01-01T00:00:00.000Z').expect(422)).body.code).toBe('time_not_allowed');
});

test('quote(x) total == create(x) total over HTTP, for 300 random carts from random menus', async () => {
  const { id: locationId } = await it.makeLocation();
  const published = fc
    .sample(menus, { seed: 20_151_231, numRuns: 6 })
    .map(({ hash: _, ...content }) => seal({ ...content, locationId }));
  let accepted = 0;
  for (const [at, sold] of published.entries()) {
    await shop.publish(sold, at + 1);
    const bodies = fc
      .sample(carts(sold), { seed: at, numRuns: 50 })
      .map((cart) => ({ ...cart, locationId, menuHash: sold.hash }));
    const send = async (path: string) => {
      const answers: Awaited<ReturnType<typeof it.call>>[] = [];
      // Ten at a time: a crowd would be told to come back for some.
      for (let next = 0; next < bodies.length; next += 10)
        answers.push(
          ...(await Promise.all(bodies.slice(next, next + 10).map((body) => it.call('post', path).send(body)))),
        );
      return answers;
    };
    const [quoted, charged] = [await send('/v1/orders/quote'), await send('/v1/orders')];
    for (const [n, { status, body }] of charged.entries()) {
      const said = quoted[n];
      expect([status, body.code]).toEqual([said?.status === 200 ? 201 : said?.status, said?.body.code]);
      expect(body.totals).toEqual(said?.body.totals);
      if (status === 201) accepted++;
    }
  }
  expect(accepted).toBeGreaterThan(250);
});

describe('every route that takes a key', () => {
  beforeAll(() =>
    shop.publish(
      lunchMenu((same) => same, { locationId: it.location.id }),
      2,
    ),
  );
  const keyed = orders.endpoints.filter(({ idempotent, answer }) => idempotent && answer === Order);

  test.each(keyed.map(({ id, path }) => [id, path]))(
    '%s answers a repeat as it answered first, and refuses the key for anything else',
    async (id, path) => {
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
      const such: Record<string, object> = {
        breakCombo: { lines: [lunchWith(on.margheritaLarge, on.beerPint)] },
        promiseOrder: { promisedAt: tomorrow },
        waiveCharge: { covers: 8 },
      };
      const ordered = such[id] ?? {};
      const [one, other] = [await shop.place(ordered), await shop.place(ordered)];
      if (id === 'readyOrder')
        for (const { id: orderId } of [one, other]) await it.call('post', `/v1/orders/${orderId}/fire`).expect(200);
      if (id === 'returnLines') await shop.pay(one, one.totals.total.amount);
      const bodiesFor = ({ checks }: Order): Record<string, object> => ({
        placeOrder: shop.body({ externalId: newId() }),
        addLines: { lines: [{ variationId: on.beerPint }] },
        voidLine: { reason: 'Dropped' },
        cancelOrder: { reason: 'Guest left' },
        waiveCharge: { reason: 'Had to wait' },
        promiseOrder: { promisedAt: `${tomorrow.slice(0, -1)}1Z` },
        splitOrder: { by: 'evenly', ways: 2, version: 1 },
        unsplitOrder: { version: 1 },
        discountLine: { discount: { kind: 'comp', name: 'Kitchen error', reason: 'Burnt' } },
        holdLines: { lineIds: checks[0]?.lines.map((line) => line.id) },
        returnLines: { lines: [{ lineId: checks[0]?.lines[0]?.id }], reason: 'Cold' },
      });
      const idempotencyKey = newId();
      const bodies = new Map([one, other].map((each) => [each, bodiesFor(each)[id]]));
      const send = (order: Order, more: object = {}) => {
        const [line] = order.checks[0]?.lines ?? [];
        const ids: Record<string, string | undefined> = {
          orderId: order.id,
          lineId: line?.id,
          comboId: line?.combo?.id,
          chargeId: order.checks[0]?.charges[0]?.id,
        };
        const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
        const body = bodies.get(order);
        const request = it.call('post', at, { idempotencyKey });
        return body ? request.send({ ...body, ...more }) : request;
      };
      const first = await send(one);
      const again = await send(one);
      expect(first.status).toBeLessThan(300);
      expect([again.status, again.body]).toEqual([first.status, first.body]);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect((await send(other, id === 'placeOrder' ? { table: '9' } : {}).expect(422)).body.code).toBe(
        'idempotency_key_reused',
      );
      const placed = id === 'placeOrder' ? first.body.id : one.id;
      const { rows } = await it.sql.query('select aggregate_version as version from outbox where subject = $1', [
        placed,
      ]);
      const { body: after } = await it.call('get', `/v1/orders/${placed}`).expect(200);
      expect(rows).toHaveLength(after.version);
    },
  );
});

describe('409 and 422', () => {
  test('another total than expected is refused with both', async () => {
    const { body } = await order({ expectedTotal: usd(27_50) }).expect(409);
    expect(body).toMatchObject({ code: 'expected_total_differs', expected: usd(27_50), actual: usd(27_60) });
  });

  test('what the menu does not offer is pointed at', async () => {
    const { body } = await order({ lines: [{ variationId: newId() }] }).expect(422);
    expect(body).toMatchObject({ code: 'item_unknown', errors: [{ pointer: '/lines/0/variationId' }] });
  });

  test('a menu that was never published, a location nobody knows', async () => {
    expect((await order({ menuHash: 'a'.repeat(64) }).expect(422)).body.code).toBe('menu_unknown');
    expect((await order({ locationId: newId() }).expect(422)).body.code).toBe('reference_unknown');
    const unpublished = await it.makeLocation();
    expect((await order({ locationId: unpublished.id }).expect(404)).body.code).toBe('menu_not_published');
  });

  test('a time in the future, and one before yesterday without the scope', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await order({ occurredAt: tomorrow }).expect(422)).body.code).toBe('time_not_allowed');
    const key = await it.makeKey({ scopes: ['orders:write'] });
    const old = shop.body({ occurredAt: '2015-01-01T12:00:00Z' });
    expect((await it.call('post', '/v1/orders', { key }).send(old).expect(422)).body.code).toBe('time_not_allowed');
  });

  test('an order too large for the log is refused in time', async () => {
    const { id: locationId } = await it.makeLocation();
    const large = menu({ locationId });
    const name = Object.fromEntries(['en', 'it', 'de', 'fr', 'es'].map((tag) => [tag, 'x'.repeat(500)]));
    const { seal } = await import('../testing/menu.js');
    const { hash: _, ...content } = large;
    await shop.publish(seal({ ...content, items: content.items.map((item) => ({ ...item, name })) }), 1);
    const lines = Array.from({ length: 500 }, () => ({ variationId: on.beerPint }));
    expect((await order({ locationId, lines }).expect(422)).body.code).toBe('order_too_large');
  });
});

describe('400, 401, 403, 404, 405, 413', () => {
  test.each([
    ['no list of lines', { lines: {} }, '/lines'],
    ['half a pizza', { lines: [{ variationId: on.beerPint, quantity: 0.5 }] }, '/lines/0/quantity'],
    ['an unknown field', { colour: 'red' }, ''],
    ['a negative total', { expectedTotal: usd(-1) }, '/expectedTotal/amount'],
    ['a time that is none', { occurredAt: 'yesterday' }, '/occurredAt'],
  ])('%s is pointed at', async (_, more, pointer) => {
    const { body } = await order(more).expect(400);
    expect(body).toMatchObject({ code: 'malformed_request', errors: [{ pointer }] });
  });

  test('choices that nest nine deep, or a thousand, are refused by their rule, and are not our failure', async () => {
    for (const depth of [9, 1_000]) {
      const modifiers = `[${`{"modifierId":"${on.thin}","modifiers":[`.repeat(depth)}${']}'.repeat(depth)}]`;
      const body = `{"locationId":"${it.location.id}","lines":[{"variationId":"${on.beerPint}","modifiers":${modifiers}}]}`;
      const { body: problem } = await it.call('post', '/v1/orders').type('json').send(body).expect(422);
      expect(problem).toMatchObject({ code: 'modifiers_too_deep', errors: [{ pointer: '/lines/0/modifiers' }] });
    }
  });

  test('a card number has no place in a note', async () => {
    expect((await order({ note: 'card 4111 1111 1111 1111' }).expect(422)).body.code).toBe('card_number_refused');
  });

  test('nobody without a key, or with one that may not', async () => {
    await it.http.post('/v1/orders').send(shop.body()).expect(401);
    const reader = await it.makeKey({ scopes: ['orders:read'] });
    await it.call('post', '/v1/orders', { key: reader }).send(shop.body()).expect(403);
    const waiter = await it.makeKey({ scopes: ['orders:write'] });
    const completed = shop.body({ completed: true });
    const { body } = await it.call('post', '/v1/orders', { key: waiter }).send(completed).expect(403);
    expect(body).toMatchObject({ code: 'scope_missing', scope: 'orders:import' });
  });

  test('unknown ids, and methods that are none', async () => {
    const placed = await shop.place();
    await it.call('get', `/v1/orders/${newId()}`).expect(404);
    await it.call('get', `/v1/orders/${placed.id}/checks/${newId()}`).expect(404);
    await it.call('get', '/v1/orders/next').expect(400);
    const { headers } = await it.call('delete', `/v1/orders/${placed.id}`).expect(405);
    expect(headers['allow']).toBe('GET, PATCH');
  });
});

describe('another organization', () => {
  test('finds nothing of the first: 404 everywhere, and empty lists', async () => {
    const placed = await shop.place();
    const { key } = it.other;
    const lineId = placed.checks[0]?.lines[0]?.id;
    const paths = {
      orderId: placed.id,
      checkId: placed.checks[0]?.id,
      lineId,
      comboId: lineId,
      chargeId: lineId,
      locationId: it.location.id,
      variationId: on.beerPint,
    };
    await it.call('put', `/v1/orders/countdowns/${it.location.id}/${on.beerPint}`).send({ remaining: 100 }).expect(200);
    for (const endpoint of orders.endpoints.filter(({ path }) => path.includes('{'))) {
      const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof paths) => String(paths[name]));
      const bodies: Record<string, object> = {
        addLines: { lines: [{ variationId: on.beerPint }] },
        setCountdown: { remaining: 1 },
        amendOrder: { table: '1' },
        splitOrder: { by: 'evenly', ways: 2 },
        unsplitOrder: {},
        setFloorPlan: { areas: [] },
        mergeOrders: { orderIds: [placed.id] },
      };
      const request = it.call(endpoint.method.toLowerCase() as 'get', path, { key });
      if (endpoint.concurrency === 'required') request.set('if-match', '"1"');
      const sent = endpoint.body ? request.send(bodies[endpoint.id] ?? endpoint.example ?? { reason: 'No' }) : request;
      const { status } = await sent;
      expect(status, endpoint.id).toBe(404);
    }
    for (const path of ['/v1/orders', `/v1/orders?locationId=${it.location.id}`, '/v1/orders/countdowns'])
      expect((await it.call('get', path, { key }).expect(200)).body.data, path).toEqual([]);
    expect((await it.call('post', '/v1/orders', { key }).send(shop.body()).expect(422)).body.code).toBe(
      'reference_unknown',
    );
    await it.call('delete', `/v1/orders/countdowns/${it.location.id}/${on.beerPint}`).expect(204);
  });

  test('no table shows it a row', () => expectTenancy(it));
  test('the tables are what the entities say', () => expectNoDrift(orders));
});

test('every route of the contract is served, and no other', () => expectContract(it));
