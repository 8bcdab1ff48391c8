import { randomBytes } from 'node:crypto';
import type { Customer, Menu, Order, Payment, Problem } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { withDatabases } from '../cli/with-databases.js';
import type { Demo } from '../platform/home.js';
import { everybodyHasFollowed } from '../platform/testing/everybody-has-followed.js';
import { PlatformUnderTest } from './testing/running-platform.js';
import { PAID, PLACED, Trace } from './testing/trace.js';
import { TraceCollector, traced } from './testing/trace-collector.js';

let collector: TraceCollector;
let platform: PlatformUnderTest;
let demo: Demo;
let regular: Customer;

beforeAll(async () => {
  collector = await TraceCollector.start();
  platform = await PlatformUnderTest.create({
    ...traced(collector),
    OTEL_BSP_SCHEDULE_DELAY: '50',
    LOG_LEVEL: 'trace',
  });
  demo = await platform.start();
  regular = await ask<Customer>('POST', '/v1/loyalty/customers', { body: GUEST });
}, 180_000);

/** What a group takes together with events of another trace belongs to the slice: what was told before must have been taken. */
const allTaken = (): Promise<void> => withDatabases(platform.home, everybodyHasFollowed);

/** A guest whose particulars must turn up nowhere. */
const GUEST = { name: 'Ada Lovelace', phone: '+393331234567', email: 'ada@lovelace.example' };

async function ask<T>(
  method: 'GET' | 'POST',
  path: string,
  { body, headers }: { body?: object; headers?: Record<string, string> } = {},
): Promise<T> {
  const answer = await fetch(demo.baseUrl + path, {
    method,
    headers: {
      authorization: `Bearer ${demo.apiKey}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': newId() }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as T;
}

/** The regular has a pizza, and pays it by card. */
async function order(headers?: Record<string, string>): Promise<Order> {
  const locationId = demo.locations[0]?.id;
  const menu = await ask<Menu>('GET', `/v1/catalog/locations/${locationId}/menu`);
  const variationId = menu.items[0]?.variations[0]?.id;
  return ask<Order>('POST', '/v1/orders', {
    body: { locationId, customerId: regular.id, lines: [{ variationId }] },
    ...(headers && { headers }),
  });
}

const pay = (placed: Order, headers?: Record<string, string>): Promise<Payment> =>
  ask<Payment>('POST', '/v1/payments', {
    body: { bill: placed.checks[0]?.bill, method: 'card', source: 'tok_visa' },
    ...(headers && { headers }),
  });

const newest = (route: string): Trace => Trace.newest(collector, route);

const SOON = { within: 15_000 };

describe('an order', () => {
  test('is one trace: its request, its rows, the log, and what comes of it in every other service', async () => {
    await allTaken();
    collector.spans.length = 0;
    const placed = await order();
    await eventually(() => {
      const trace = newest('POST /v1/orders');
      const request = trace.only('POST /v1/orders');
      expect(request).toMatchObject({
        kind: 'server',
        parentSpanId: undefined,
        attributes: { 'http.route': '/v1/orders', 'http.response.status_code': 201 },
      });
      for (const table of ['orders', 'outbox', 'idempotency_keys'])
        trace.expectSql(request, 'orders', `insert into ${table}`);
      expect(trace.only('send comanda.orders.v1')).toMatchObject({ kind: 'producer', parentSpanId: request.spanId });
      const effects = trace.expectEffects(PLACED);
      const inventory = trace.only('process comanda.order.placed.v1', 'comanda.inventory');
      // What inventory tells of the order goes on in it.
      expect(trace.only('send comanda.inventory.v1').parentSpanId).toBe(inventory.spanId);
      expect(effects.map(({ parentSpanId }) => parentSpanId)).toEqual(
        PLACED.map(({ of }) => (of === 'comanda.order.placed.v1' ? request.spanId : inventory.spanId)),
      );
      trace.expectWhole();
    }, SOON);
    await pay(placed);
  });

  test('that is paid by card is followed from the payment over orders to the points', async () => {
    const placed = await order();
    await allTaken();
    collector.spans.length = 0;
    await pay(placed);
    await eventually(() => {
      const trace = newest('POST /v1/payments');
      const request = trace.only('POST /v1/payments');
      for (const table of ['payments', 'ledger_transactions', 'outbox'])
        trace.expectSql(request, 'payments', `insert into "?${table}`);
      trace.expectEffects(PAID);
      const captured = trace.only('process comanda.payment.captured.v1', 'comanda.orders');
      expect(captured.parentSpanId).toBe(request.spanId);
      expect(trace.only('send comanda.orders.v1').parentSpanId).toBe(captured.spanId);
      expect(trace.only('process comanda.order.paid.v1', 'comanda.loyalty').parentSpanId).toBe(captured.spanId);
      trace.expectWhole();
    }, SOON);
  });

  test('and its payment belong to the trace of the client that sends one', async () => {
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${id}-00f067aa0ba902b7-01` };
    const trace = new Trace(collector, id);
    await allTaken();
    const placed = await order(headers);
    // A payment that comes first knows the bill already, and the event has nothing to add.
    await eventually(() => trace.expectEffects(PLACED), SOON);
    await pay(placed, headers);
    await eventually(() => {
      for (const route of ['POST /v1/orders', 'POST /v1/payments'])
        expect(trace.only(route).parentSpanId).toBe('00f067aa0ba902b7');
      trace.expectEffects(PAID);
      trace.expectWhole('00f067aa0ba902b7');
    }, SOON);
  });

  test('is an example of how long everything took, to whoever scrapes with OpenMetrics', async () => {
    const id = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${id}-00f067aa0ba902b7-01` };
    await pay(await order(headers), headers);
    await eventually(async () => {
      const answer = await fetch(`${demo.baseUrl}/metrics`, { headers: { accept: 'application/openmetrics-text' } });
      const examples = (await answer.text()).matchAll(
        /^(\w+)_bucket\{.*\} \d+ # \{trace_id="(\w+)"\} [\d.e-]+ [\d.]+$/gm,
      );
      const measured = new Set([...examples].flatMap(([, metric, trace]) => (trace === id ? [metric] : [])));
      expect(measured).toEqual(
        new Set([
          'event_lag_seconds',
          'http_server_request_duration_seconds',
          'messaging_process_duration_seconds',
          'payment_provider_duration_seconds',
        ]),
      );
    }, SOON);
  });
});

test('of many orders that come at once each is a trace of its own', async () => {
  const ids = Array.from({ length: 12 }, () => randomBytes(16).toString('hex'));
  const placed = await Promise.all(ids.map((id) => order({ traceparent: `00-${id}-00f067aa0ba902b7-01` })));
  await Promise.all(placed.map((each, at) => pay(each, { traceparent: `00-${ids[at]}-00f067aa0ba902b7-01` })));
  await eventually(() => {
    for (const trace of ids.map((id) => new Trace(collector, id))) {
      for (const service of ['payments', 'inventory', 'loyalty'])
        trace.only('process comanda.order.placed.v1', `comanda.${service}`);
      trace.only('process comanda.payment.captured.v1', 'comanda.orders');
      trace.only('process comanda.order.paid.v1', 'comanda.loyalty');
    }
  }, SOON);
});

test('what a request leaves in the log, and the problem it is answered with, carry its trace', async () => {
  const release = await lockCustomers();
  const problem = await ask<Problem>('GET', `/v1/loyalty/customers?phone=${encodeURIComponent(GUEST.phone)}`);
  await release();
  expect(problem).toMatchObject({ status: 503, traceId: expect.any(String) });
  await eventually(() => {
    const lines = logLines().filter((line) => line['trace_id'] === problem.traceId);
    expect(lines).toMatchObject([{ level: 'warn', service: 'loyalty', code: 'unavailable' }]);
    const trace = new Trace(collector, problem.traceId ?? '');
    const request = trace.only('GET /v1/loyalty/customers');
    expect(request.attributes).toMatchObject({ 'http.response.status_code': 503 });
    expect(lines[0]?.['span_id']).toBe(request.spanId);
  }, SOON);
});

test('who stops the platform loses no trace of what it did last', async () => {
  const closing = await TraceCollector.start();
  const house = await PlatformUnderTest.create({
    ...traced(closing),
    // By themselves they would be sent in an hour.
    OTEL_BSP_SCHEDULE_DELAY: '3600000',
  });
  await house.begin('--no-demo');
  const { baseUrl } = (await house.home.runtime.read()) ?? {};
  expect((await fetch(`${baseUrl}/v1/orders`)).status).toBe(401);
  expect(await house.stop()).toBe(0);
  expect(closing.spans.map(({ name }) => name)).toContain('GET /v1/orders');
  expect([...closing.paths], 'metrics and logs go elsewhere').toEqual(['/v1/traces']);
}, 120_000);

describe('in no trace and in no line of the log stands', () => {
  beforeAll(async () => {
    const { phone, email } = GUEST;
    for (const query of [`phone=${encodeURIComponent(phone)}`, `email=${encodeURIComponent(email)}`])
      expect(await ask('GET', `/v1/loyalty/customers?${query}`)).toMatchObject({ data: [{ id: regular.id }] });
    const staff = { name: 'Grace Hopper', role: 'waiter' };
    await ask('POST', '/v1/identity/staff', { body: staff });
    const card = { name: 'Ada', note: `card ${CARD}` };
    expect(await ask('POST', '/v1/loyalty/customers', { body: card })).toMatchObject({ code: 'malformed_request' });
    expect(await ask('GET', `/v1/orders?externalId=${CARD}`)).toMatchObject({ code: 'card_number_refused' });
    expect(
      await ask('GET', '/v1/orders', { headers: { authorization: `Bearer ${demo.apiKey.slice(0, -1)}` } }),
    ).toMatchObject({ code: 'credential_invalid' });
    const sent = collector.spans.length;
    // Spans are sent in the order in which they end: what follows the last request has what came before.
    await ask('GET', '/v1/identity/organization');
    await eventually(
      () => collector.spans.slice(sent).some(({ name }) => name === 'GET /v1/identity/organization'),
      SOON,
    );
  });

  test.each([
    ['a guest’s name', GUEST.name],
    ['a guest’s phone number', '3331234567'],
    ['a guest’s e-mail address', 'lovelace.example'],
    ['a name of the staff', 'Hopper'],
    ['a card number', '4242424242424242'],
    ['a card’s token', 'tok_visa'],
  ])('%s', (_, secret) => {
    expect(collector.spans.length).toBeGreaterThan(100);
    expect(collector.spans.filter(({ text }) => decodeURIComponent(text).includes(secret))).toEqual([]);
    expect(logLines().filter((line) => JSON.stringify(line).includes(secret))).toEqual([]);
  });

  test('an API key', () => {
    const secret = demo.apiKey.split('_')[3] ?? '';
    expect(secret).toMatch(/^[\da-f]{48}$/);
    expect(collector.spans.filter(({ text }) => text.includes(secret))).toEqual([]);
    expect(logLines().filter((line) => JSON.stringify(line).includes(secret))).toEqual([]);
  });
});

const CARD = '4242424242424242';

test('a line of the log says once which service wrote it', () => {
  const lines = platform.said.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => line.match(/"service":/g)?.length !== 1)).toEqual([]);
});

/** What the platform has logged. */
const logLines = (): Record<string, unknown>[] =>
  platform.said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Keeps everybody else from the customers until it is called off: requests for them give up after a while. */
async function lockCustomers(): Promise<() => Promise<void>> {
  const sql = await platform.sql('loyalty');
  await sql.query('begin; lock table customers in access exclusive mode');
  return async () => {
    await sql.query('rollback');
  };
}
