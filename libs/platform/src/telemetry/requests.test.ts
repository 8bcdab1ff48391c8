import { defineEndpoint } from '@comanda/contracts';
import Fastify from 'fastify';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { measureRequests } from './requests.js';

const base = { summary: '', scope: null } as const;
const Order = defineEndpoint({ ...base, id: 'order', method: 'POST', path: '/orders', hot: true });
const Table = defineEndpoint({ ...base, id: 'table', method: 'GET', path: '/tables/{table}' });
const Follow = defineEndpoint({
  ...base,
  id: 'follow',
  method: 'GET',
  path: '/follow',
  produces: 'text/event-stream',
});

/** A restaurant that is busy at table 13, and what it measured. */
function restaurant() {
  const fastify = Fastify();
  onTestFinished(() => fastify.close());
  const registry = new Registry();
  measureRequests(fastify, registry, [Order, Table, Follow]);
  fastify.post('/orders', () => 'pizza');
  fastify.get<{ Params: { table: string } }>('/tables/:table', ({ params: { table } }, reply) =>
    reply.status(table === '13' ? 409 : 200).send('table'),
  );
  fastify.get('/follow', () => 'and so on');
  fastify.get('/health/ready', (_request, reply) => reply.status(503).send('not yet'));
  const ask = async (method: 'GET' | 'HEAD' | 'POST' | 'TRACE', url: string) => fastify.inject({ method, url });
  return { ask, lines: async () => (await registry.metrics()).split('\n') };
}

const of = (lines: string[], metric: string): string[] =>
  lines.filter((line) => line.startsWith(metric)).map((line) => line.slice(metric.length));

test('requests are counted by route and class of status, whatever is in the path', async () => {
  const { ask, lines } = restaurant();
  for (const table of [1, 2, 13]) await ask('GET', `/tables/${table}`);
  await ask('HEAD', '/tables/1');
  expect(of(await lines(), 'http_server_requests_total')).toEqual([
    '{http_request_method="GET",http_route="/tables/:table",http_response_status_class="2xx"} 2',
    '{http_request_method="GET",http_route="/tables/:table",http_response_status_class="4xx"} 1',
    '{http_request_method="HEAD",http_route="/tables/:table",http_response_status_class="2xx"} 1',
  ]);
});

test('paths and methods that there are not are one route, however many are tried', async () => {
  const { ask, lines } = restaurant();
  for (const path of ['/admin', '/.env', '/wp-login.php']) await ask('GET', path);
  await ask('TRACE', '/orders');
  expect(of(await lines(), 'http_server_requests_total')).toEqual([
    '{http_request_method="_OTHER",http_route="unknown",http_response_status_class="4xx"} 4',
  ]);
});

test('durations are spread for what guests wait for by itself, for everything else together', async () => {
  const { ask, lines } = restaurant();
  await ask('POST', '/orders');
  await ask('GET', '/tables/1');
  await ask('GET', '/nowhere');
  const said = await lines();
  expect(of(said, 'http_server_request_duration_seconds_count')).toEqual([
    '{http_request_method="POST",http_route="/orders"} 1',
    '{http_request_method="_OTHER",http_route="_OTHER"} 2',
  ]);
  expect(of(said, 'http_server_request_seconds_total').map((line) => line.split(' ')[0])).toEqual([
    '{http_request_method="POST",http_route="/orders"}',
    '{http_request_method="GET",http_route="/tables/:table"}',
    '{http_request_method="_OTHER",http_route="unknown"}',
  ]);
});

test('a probe that is told to wait is no failed request, and a stream that lasts all evening no slow one', async () => {
  const { ask, lines } = restaurant();
  expect((await ask('GET', '/health/ready')).statusCode).toBe(503);
  await ask('GET', '/follow');
  const said = await lines();
  expect(of(said, 'http_server_requests_total')).toEqual([
    '{http_request_method="GET",http_route="/follow",http_response_status_class="2xx"} 1',
  ]);
  expect(of(said, 'http_server_request_duration_seconds_count')).toEqual([]);
});
