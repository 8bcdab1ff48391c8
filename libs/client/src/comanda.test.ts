import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Comanda, type ComandaOptions } from './comanda.js';
import { PooledComanda } from './node.js';
import { ApiProblem, Unreachable } from './problem.js';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answerer = (response: ServerResponse, heard: Heard) => void;

/** A server that answers one request after the other as it is told; the last answer serves all that follow. */
async function serving(...answers: Answerer[]): Promise<{ baseUrl: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') };
      heard.push(one);
      answers[Math.min(heard.length, answers.length) - 1]?.(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answerer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

const refusing = (status: number, code: string, headers: Record<string, string> = {}): Answerer =>
  json(
    status,
    { status, code, title: 'Title', detail: 'A sentence.', errors: [{ pointer: '/lines/0', detail: 'Why.' }] },
    headers,
  );

const hangUp: Answerer = (response) => response.destroy();

const ORDER = { body: { locationId: 'a', lines: [{ variationId: 'b' }] } };

describe.each<[string, (options: ComandaOptions) => Comanda]>([
  ['the core, as in a browser', (options) => new Comanda(options)],
  [
    'over a pool, as in a server',
    (options) => {
      const comanda = new PooledComanda({ ...options, connections: 2 });
      onTestFinished(() => comanda.close());
      return comanda;
    },
  ],
])('%s', (_, connect) => {
  const talkingTo = async (...answers: Answerer[]) => {
    const { baseUrl, heard } = await serving(...answers);
    return { comanda: connect({ baseUrl, apiKey: 'secret' }), heard };
  };

  test('a POST carries the key it was given, or one of its own; a GET carries none', async () => {
    const { comanda, heard } = await talkingTo(json(201, { id: 'o1' }));
    await comanda.POST('/v1/orders', { ...ORDER, key: 'mine' });
    await comanda.POST('/v1/orders', ORDER);
    await comanda.POST('/v1/orders', ORDER);
    await comanda.GET('/v1/orders/{orderId}', { path: { orderId: 'o/1' } });
    const [mine, one, other, none] = heard.map(({ headers }) => headers['idempotency-key']);
    expect([mine, none]).toEqual(['mine', undefined]);
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(other).not.toBe(one);
    expect(heard[0]).toMatchObject({ method: 'POST', url: '/v1/orders', body: JSON.stringify(ORDER.body) });
    expect(heard[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/json' });
    expect(heard[3]?.url).toBe('/v1/orders/o%2F1');
  });

  test.each([
    ['one that is too busy (429)', refusing(429, 'rate_limited', { 'retry-after': '0' })],
    ['one that cannot answer now (503)', refusing(503, 'unavailable', { 'retry-after': '0' })],
    ['a 409 that says when to come back', refusing(409, 'request_in_flight', { 'retry-after': '0' })],
    ['a connection that is lost', hangUp],
    [
      'an answer that is cut off',
      (response: ServerResponse) => {
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' }).write('{"id":');
        setImmediate(() => response.destroy());
      },
    ],
  ])('%s is asked again, under the same key', async (_what, busy) => {
    const { comanda, heard } = await talkingTo(busy, json(201, { id: 'o1' }, { 'idempotency-replayed': 'true' }));
    const { data, status, replayed, tries } = await comanda.POST('/v1/orders', ORDER);
    expect([data.id, status, replayed, tries]).toEqual(['o1', 201, true, 2]);
    const keys = heard.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  test('one that says at what time to come back is not asked before', async () => {
    const at = new Date(Date.now() + 2_000).toUTCString();
    const { comanda } = await talkingTo(refusing(503, 'unavailable', { 'retry-after': at }), json(200, { id: 'o1' }));
    await comanda.GET('/v1/orders/{orderId}', { path: { orderId: 'o1' } });
    // A timer may be a moment early.
    expect(Date.now()).toBeGreaterThan(Date.parse(at) - 100);
  });

  test('a refusal is thrown at once, with its code, its sentence and what is wrong where', async () => {
    const { comanda, heard } = await talkingTo(refusing(409, 'order_state'));
    const error = await comanda.POST('/v1/orders/{orderId}/complete', { path: { orderId: 'o1' } }).catch(String);
    expect(error).toBe(
      'ApiProblem: A sentence. (POST /v1/orders/{orderId}/complete: 409 order_state)\n  /lines/0: Why.',
    );
    expect(heard).toHaveLength(1);
    await expect(comanda.GET('/v1/orders')).rejects.toMatchObject({
      status: 409,
      code: 'order_state',
      detail: 'A sentence.',
      errors: [{ pointer: '/lines/0', detail: 'Why.' }],
    });
  });

  test('what is no Comanda is quoted', async () => {
    const { comanda } = await talkingTo((response) => response.writeHead(502).end('<h1>Bad Gateway</h1>'));
    await expect(comanda.GET('/v1/orders')).rejects.toEqual(
      new ApiProblem(502, 'unknown', '<h1>Bad Gateway</h1>', [], 'GET /v1/orders'),
    );
  });

  test('one that is busy for longer than one waits is told as it is', async () => {
    const { baseUrl } = await serving(refusing(503, 'unavailable', { 'retry-after': '0' }));
    await expect(connect({ baseUrl, apiKey: 'k', patience: 0 }).GET('/v1/orders')).rejects.toThrow('503 unavailable');
  });

  test('where nothing answers it says so, and with what it was tried', async () => {
    const comanda = connect({ baseUrl: 'http://127.0.0.1:1', apiKey: 'k' });
    await expect(comanda.GET('/v1/orders')).rejects.toThrow(Unreachable);
  });

  test('a version that was read is changed, and no newer one', async () => {
    const { comanda, heard } = await talkingTo(json(200, { name: 'Chain' }, { etag: '"3"' }));
    const { etag } = await comanda.GET('/v1/identity/organization');
    await comanda.PATCH('/v1/identity/organization', { body: { name: 'Chain' }, ...(etag && { ifMatch: etag }) });
    await comanda.PATCH('/v1/identity/organization', { body: { name: 'Chain' }, ifMatch: 4 });
    expect(heard.map(({ headers }) => headers['if-match'])).toEqual([undefined, '"3"', '"4"']);
  });

  test('a list is read to its end, page after page', async () => {
    const { comanda, heard } = await talkingTo(
      json(200, { data: [{ id: 'a' }, { id: 'b' }], nextCursor: 'c 1' }),
      json(200, { data: [{ id: 'c' }], nextCursor: null }),
    );
    const ids: string[] = [];
    for await (const { id } of comanda.all('/v1/orders', { query: { locationId: 'l' } })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(heard.map(({ url }) => url)).toEqual([
      '/v1/orders?limit=200&locationId=l',
      '/v1/orders?limit=200&locationId=l&cursor=c+1',
    ]);
  });

  test('spreadsheets go out in their own bytes, and come back as text or bytes; nothing is nothing', async () => {
    const { comanda, heard } = await talkingTo(
      json(200, {}),
      (response) => response.writeHead(200, { 'content-type': 'text/csv' }).end('day,total\n'),
      (response) => response.writeHead(204).end(),
    );
    await comanda.POST('/v1/catalog/import', { body: Buffer.from('Caffè', 'latin1') });
    expect(heard[0]).toMatchObject({ body: 'Caffè', headers: { 'content-type': 'text/csv' } });
    expect((await comanda.GET('/v1/reports/sales.csv', { readAs: 'text' })).data).toBe('day,total\n');
    const path = { endpointId: 'w' };
    expect((await comanda.DELETE('/v1/webhooks/{endpointId}', { path })).data).toBeUndefined();
  });

  test('a live feed that breaks off goes on where it was', async () => {
    const { comanda, heard } = await talkingTo(
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('retry: 1\nid: 1\n\n: still here\n\nid: 2\nevent: order\nda');
        response.write('ta: {"number":1}\n\nid: 3\nevent: order\ndata: cut off');
        setImmediate(() => response.destroy());
      },
      (response) => response.writeHead(200).write('id: 3\nevent: order\ndata: {"number":\ndata: 2}\n\n'),
    );
    const ending = new AbortController();
    const query = { locationId: 'l' };
    const events: unknown[] = [];
    for await (const { event, data } of comanda.follow('/v1/orders/feed', { query, signal: ending.signal })) {
      events.push([event, JSON.parse(data)]);
      if (events.length === 2) ending.abort();
    }
    expect(events).toEqual([
      ['order', { number: 1 }],
      ['order', { number: 2 }],
    ]);
    expect(heard.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
  });
});
