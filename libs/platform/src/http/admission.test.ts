import { defineEndpoint } from '@comanda/contracts';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { elsewhere } from './admission.js';
import { createAdapter } from './server.js';

const base = { summary: '', scope: null } as const;
const Look = defineEndpoint({ ...base, id: 'look', method: 'GET', path: '/look' });
const Begin = defineEndpoint({ ...base, id: 'begin', method: 'POST', path: '/begin', idempotent: true, begins: true });
const GoOn = defineEndpoint({ ...base, id: 'goOn', method: 'POST', path: '/go-on', idempotent: true });

/** A service that answers `most` requests at once, and whose answers wait until they are let go. */
function slowService(most: number) {
  const { adapter, admission } = createAdapter([Look, Begin, GoOn], most);
  const registry = new Registry();
  admission.measure(registry);
  const fastify = adapter.getInstance<FastifyInstance>();
  const held = Promise.withResolvers<void>();
  onTestFinished(async () => {
    held.resolve();
    await fastify.close();
  });
  const slow = async () => {
    await held.promise;
    return 'done';
  };
  fastify.get('/look', slow);
  fastify.post('/begin', slow);
  fastify.post('/go-on', slow);
  fastify.get('/health/live', () => 'ok');
  const ask = async (method: 'GET' | 'POST', url: string) => fastify.inject({ method, url });
  return { ask, letGo: () => held.resolve(), ready: () => fastify.ready(), measured: () => registry.metrics() };
}

test('past what it can answer a service tells who looks to come back first, then who begins, then everybody', async () => {
  const { ask, letGo, ready } = slowService(4);
  await ready();
  const waiting = [ask('GET', '/look'), ask('GET', '/look')];
  const look = await ask('GET', '/look');
  expect([look.statusCode, look.headers['retry-after'], look.json<{ code: string }>().code]).toEqual([
    503,
    '1',
    'unavailable',
  ]);
  waiting.push(ask('POST', '/begin'));
  expect((await ask('POST', '/begin')).statusCode).toBe(503);
  waiting.push(ask('POST', '/go-on'));
  expect((await ask('POST', '/go-on')).statusCode).toBe(503);
  letGo();
  expect((await Promise.all(waiting)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
});

test('operators see how many are in, how many places there are, and who was turned away and why', async () => {
  const [orders, payments] = [slowService(8), slowService(8)];
  await Promise.all([orders.ready(), payments.ready()]);
  const waiting = Array.from({ length: 6 }, () => payments.ask('POST', '/go-on'));
  await orders.ask('POST', '/begin');
  for (const _ of [1, 2, 3, 4]) waiting.push(orders.ask('GET', '/look'));
  await orders.ask('GET', '/look');
  const said = await orders.measured();
  expect(said).toContain('http_server_active_requests 4\n');
  expect(said).toContain('http_server_throttle_places 6\n');
  expect(said).toContain('http_server_requests_shed_total{reason="throttled",rank="begins"} 1\n');
  expect(said).toContain('http_server_requests_shed_total{reason="full",rank="looks"} 1\n');
  orders.letGo();
  payments.letGo();
  await Promise.all(waiting);
  expect(await orders.measured()).toContain('http_server_active_requests 0\n');
});

test('when the rush is over everybody is let in again', async () => {
  const { ask, letGo, ready } = slowService(2);
  await ready();
  const waiting = ask('GET', '/look');
  expect((await ask('GET', '/look')).statusCode).toBe(503);
  letGo();
  await waiting;
  expect((await ask('GET', '/look')).statusCode).toBe(200);
});

test('whoever looks after a service is never turned away', async () => {
  const { ask, ready } = slowService(1);
  await ready();
  void ask('GET', '/look');
  expect((await ask('GET', '/look')).statusCode).toBe(503);
  expect((await ask('GET', '/health/live')).statusCode).toBe(200);
});

test('while so many pay in one service that there is no place left, another lets nobody begin, unless they wait for somebody else', async () => {
  const [orders, payments] = [slowService(8), slowService(8)];
  await Promise.all([orders.ready(), payments.ready()]);
  const paying = Array.from({ length: 6 }, () => payments.ask('POST', '/go-on'));
  expect((await orders.ask('POST', '/begin')).statusCode).toBe(503);
  const answered = Promise.withResolvers<void>();
  const atProvider = Array.from({ length: 3 }, () => elsewhere(answered.promise));
  const beginning = orders.ask('POST', '/begin');
  answered.resolve();
  await Promise.all(atProvider);
  expect((await orders.ask('POST', '/begin')).statusCode).toBe(503);
  orders.letGo();
  payments.letGo();
  expect((await beginning).statusCode).toBe(200);
  await Promise.all(paying);
});
