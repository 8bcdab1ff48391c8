import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Customer, Menu, Order, Payment, Problem } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../platform/home.js';
import { PlatformUnderTest } from './testing/running-platform.js';
import { type SentSpan, TraceCollector } from './testing/trace-collector.js';

const REGISTER = fileURLToPath(new URL('../../../../libs/platform/dist/src/telemetry/register.js', import.meta.url));

/** What an operator sets to see every trace. */
const traced = ({ url }: TraceCollector): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import ${REGISTER}`,
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
});

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

/** A trace, as far as the collector has it. */
class Trace {
  constructor(readonly id: string) {}

  get spans(): SentSpan[] {
    return collector.spans.filter(({ traceId }) => traceId === this.id);
  }

  /** The only span of this name, and of this consumer group if one is given. */
  only(name: string, group?: string): SentSpan {
    const found = this.spans.filter(
      (span) => span.name === name && (!group || span.attributes['messaging.consumer.group.name'] === group),
    );
    expect(found, `${name} ${group ?? ''}`).toHaveLength(1);
    return found[0] as SentSpan;
  }

  /** The statements of a span, or of the group that it was done in: the database that they went to, and their text. */
  sqlOf({ spanId }: SentSpan): string[] {
    const groups = collector.spans.filter(({ links }) => links.some((link) => link.spanId === spanId));
    const parents = new Set([spanId, ...groups.map((group) => group.spanId)]);
    return collector.spans
      .filter(({ name, parentSpanId }) => name.startsWith('pg.query:') && parents.has(parentSpanId ?? ''))
      .map(({ attributes }) => `${String(attributes['db.namespace'])} ${String(attributes['db.query.text'])}`);
  }
}

/** The trace of the newest request of a route. */
const newest = (route: string): Trace => {
  const span = collector.spans.findLast(({ name, kind }) => kind === 'server' && name === route);
  if (!span) throw new Error(`Nobody has sent a trace of ${route}.`);
  return new Trace(span.traceId);
};

const SOON = { within: 15_000 };

describe('an order', () => {
  test('is one trace: its request, its rows, the log, and what comes of it in every other service', async () => {
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
      const rows = trace.sqlOf(request);
      for (const table of ['orders', 'outbox', 'idempotency_keys'])
        expect(rows).toContainEqual(expect.stringMatching(new RegExp(`^comanda_orders [^]*insert into ${table}\\b`)));
      expect(trace.only('send comanda.orders.v1')).toMatchObject({ kind: 'producer', parentSpanId: request.spanId });
      for (const [service, table] of [
        ['payments', 'bills'],
        ['inventory', 'movements'],
        ['loyalty', 'customer_orders'],
      ] as const) {
        const effect = trace.only('process comanda.order.placed.v1', `comanda.${service}`);
        expect(effect).toMatchObject({ kind: 'consumer', parentSpanId: request.spanId });
        expect(trace.sqlOf(effect)).toContainEqual(
          expect.stringMatching(new RegExp(`^comanda_${service} [^]*insert into "?${table}\\b`)),
        );
      }
      // What inventory tells of the order goes on in it.
      const inventory = trace.only('process comanda.order.placed.v1', 'comanda.inventory');
      expect(trace.only('send comanda.inventory.v1').parentSpanId).toBe(inventory.spanId);
      const known = new Set(trace.spans.map(({ spanId }) => spanId));
      expect(trace.spans.filter(({ parentSpanId }) => parentSpanId && !known.has(parentSpanId))).toEqual([]);
    }, SOON);
    await pay(placed);
  });

  test('that is paid by card is followed from the payment over orders to the points', async () => {
    const placed = await order();
    collector.spans.length = 0;
    await pay(placed);
    await eventually(() => {
      const trace = newest('POST /v1/payments');
      const request = trace.only('POST /v1/payments');
      const booked = trace.sqlOf(request);
      for (const table of ['payments', 'ledger_transactions', 'outbox'])
        expect(booked).toContainEqual(
          expect.stringMatching(new RegExp(`^comanda_payments [^]*insert into "?${table}\\b`)),
        );
      const captured = trace.only('process comanda.payment.captured.v1', 'comanda.orders');
      expect(captured.parentSpanId).toBe(request.spanId);
      expect(trace.sqlOf(captured)).toContainEqual(expect.stringMatching(/^comanda_orders [^]*update orders\b/));
      expect(trace.only('send comanda.orders.v1').parentSpanId).toBe(captured.spanId);
      const paid = trace.only('process comanda.order.paid.v1', 'comanda.loyalty');
      expect(paid.parentSpanId).toBe(captured.spanId);
      expect(trace.sqlOf(paid)).toContainEqual(
        expect.stringMatching(/^comanda_loyalty [^]*insert into points_facts\b/),
      );
    }, SOON);
  });

  test('and its payment belong to the trace of the client that sends one', async () => {
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${id}-00f067aa0ba902b7-01` };
    await pay(await order(headers), headers);
    const trace = new Trace(id);
    await eventually(() => {
      for (const route of ['POST /v1/orders', 'POST /v1/payments'])
        expect(trace.only(route).parentSpanId).toBe('00f067aa0ba902b7');
      trace.only('process comanda.order.placed.v1', 'comanda.inventory');
      trace.only('process comanda.order.paid.v1', 'comanda.loyalty');
    }, SOON);
  });
});

test('of many orders that come at once each is a trace of its own', async () => {
  const ids = Array.from({ length: 12 }, () => randomBytes(16).toString('hex'));
  const placed = await Promise.all(ids.map((id) => order({ traceparent: `00-${id}-00f067aa0ba902b7-01` })));
  await Promise.all(placed.map((each, at) => pay(each, { traceparent: `00-${ids[at]}-00f067aa0ba902b7-01` })));
  await eventually(() => {
    for (const trace of ids.map((id) => new Trace(id))) {
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
    const trace = new Trace(problem.traceId ?? '');
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
