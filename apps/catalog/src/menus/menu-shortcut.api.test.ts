import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestService, testService } from '@comanda/service/testing';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { catalog } from '../catalog.service.js';
import { menuShortcut } from './menu-shortcut.js';

let it: TestService;
let path: string;

beforeAll(async () => {
  it = await testService(catalog);
  const { id } = await it.makeLocation();
  path = `/v1/catalog/locations/${id}/menu`;
  const item = { name: { en: 'Margherita' }, variations: [{ name: { en: 'S' }, prices: { USD: 10_50 } }] };
  await it.call('post', '/v1/catalog/items').send(item).expect(201);
  await it.call('post', `/v1/catalog/locations/${id}/publish`).expect(200);
});

/** Asks the shortcut alone, with nothing behind it: it answers 204 where it leaves a request to its route. */
async function takeShortcut(headers: Record<string, string>, asked = path): Promise<Response> {
  const shortcut = menuShortcut(it.service.app);
  const server = createServer((request, response) => {
    if (!shortcut(request, response)) response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${asked}`, { headers });
}

/** What a key's holder sends, and what the route answers them with: from then on the menu and the key are at hand. */
async function reader(options?: Parameters<TestService['makeKey']>[0]) {
  const key = await it.makeKey({ scopes: ['catalog:read'], ...options });
  const answer = await it.call('get', path, { key });
  return { authorization: `Bearer ${key}`, answer };
}

test('who has read the menu gets the same again out of memory, byte for byte', async () => {
  const { authorization, answer } = await reader({ ratePerSecond: null });
  const again = await takeShortcut({ authorization });
  expect([again.status, await again.text()]).toEqual([200, answer.text]);
  for (const name of ['etag', 'cache-control', 'content-type', 'content-length', 'vary'])
    expect([name, again.headers.get(name)]).toEqual([name, answer.headers[name]]);
  const etag = answer.headers['etag'] ?? '';
  expect((await takeShortcut({ authorization, 'if-none-match': etag })).status).toBe(304);
});

test('a key that nobody proved, has a limit or may not read here goes the whole way', async () => {
  const { authorization } = await reader({ ratePerSecond: null });
  expect((await takeShortcut({ authorization })).status).toBe(200);
  expect((await takeShortcut({})).status).toBe(204);
  expect((await takeShortcut({ authorization: `${authorization}0` })).status).toBe(204);
  for (const options of [
    { ratePerSecond: 100 },
    { ratePerSecond: null, scopes: ['orders:read' as const] },
    { ratePerSecond: null, locationIds: [(await it.makeLocation()).id] },
    { ratePerSecond: null, organizationId: it.other.id },
  ])
    expect((await takeShortcut({ authorization: (await reader(options)).authorization })).status).toBe(204);
});

test('a part of the menu, or the menu in one language, goes the whole way', async () => {
  const { authorization } = await reader({ ratePerSecond: null });
  expect((await takeShortcut({ authorization }, `${path}?without=milk`)).status).toBe(204);
  expect((await takeShortcut({ authorization, 'accept-language': 'en' })).status).toBe(204);
  expect((await takeShortcut({ authorization, 'accept-language': '*' })).status).toBe(200);
});

test('requests that took the shortcut are measured as their route is', async () => {
  const { authorization } = await reader({ ratePerSecond: null });
  const count = async (): Promise<number> => {
    const text = await it.service.metrics.metrics();
    return Number(/duration_seconds_count\{[^}]*:locationId\/menu"[^}]*\} (\d+)/.exec(text)?.[1]);
  };
  const before = await count();
  await fetch(`${it.url}${path}`, { headers: { authorization } });
  expect(await count()).toBe(before + 1);
});
