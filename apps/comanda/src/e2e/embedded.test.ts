import { beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../platform/home.js';
import { PlatformUnderTest, summaryIn } from './testing/running-platform.js';

let platform: PlatformUnderTest;
let demo: Demo;

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  demo = await platform.start();
}, 180_000);

const get = async (path: string): Promise<Response> =>
  fetch(demo.baseUrl + path, { headers: { authorization: `Bearer ${demo.apiKey}` } });

describe('the first start', () => {
  test('prints where it is, the demo key, and what to try', () => {
    for (const said of [demo.baseUrl, `${demo.baseUrl}/docs`, demo.apiKey, 'npm run replay'])
      expect(platform.said).toContain(said);
  });

  test('makes a chain of three: the first without tax, one where tax is added, one where it is in the price', async () => {
    const totals = await Promise.all(
      demo.locations.map(async ({ id: locationId }) => {
        const menu = (await (await get(`/v1/catalog/locations/${locationId}/menu`)).json()) as {
          items: { variations: { id: string; sku: string }[] }[];
        };
        const variationId = menu.items
          .flatMap(({ variations }) => variations)
          .find(({ sku }) => sku === 'hawaiian:M')?.id;
        const answer = await fetch(`${demo.baseUrl}/v1/orders/quote`, {
          method: 'POST',
          headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ locationId, lines: [{ variationId }] }),
        });
        const {
          totals: { net, tax, total },
        } = (await answer.json()) as { totals: Record<'net' | 'tax' | 'total', { amount: number; currency: string }> };
        return [net.amount, tax.amount, total.amount, total.currency];
      }),
    );
    expect(totals).toEqual([
      [1325, 0, 1325, 'USD'],
      [1325, 118, 1443, 'USD'],
      [1205, 120, 1325, 'EUR'],
    ]);
  });

  test('serves one description of everything, its page, the events, health and metrics', async () => {
    const openapi = (await (await fetch(`${demo.baseUrl}/openapi.json`)).json()) as { paths: object };
    for (const path of [
      '/v1/identity/organization',
      '/v1/catalog/items',
      '/v1/orders',
      '/v1/payments',
      '/v1/inventory/levels',
      '/v1/loyalty/customers',
    ])
      expect(openapi.paths).toHaveProperty([path]);
    expect(await (await fetch(`${demo.baseUrl}/docs`)).text()).toContain('<title>Comanda API</title>');
    expect(await (await fetch(`${demo.baseUrl}/asyncapi.json`)).json()).toMatchObject({ asyncapi: '3.0.0' });
    expect(await (await fetch(`${demo.baseUrl}/health/ready`)).json()).toMatchObject({ status: 'ok' });
    const metrics = await (await fetch(`${demo.baseUrl}/metrics`)).text();
    expect(metrics).toMatch(/http_server_request_duration_seconds_count\{[^}]*service="orders"/);
  });

  test('answers an unknown path with a problem', async () => {
    const answer = await fetch(`${demo.baseUrl}/v1/nothing`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
  });
});

describe('January, on the embedded log', () => {
  const january = ['replay', '--to', '2015-01-31'] as const;

  test('is placed and paid to the cent, and everybody agrees', async () => {
    const replay = await platform.run(...january);
    expect(replay, replay.stderr).toMatchObject({ code: 0 });
    expect(summaryIn(replay)).toMatchObject({
      orders: 1_845,
      items: 4_232,
      gross: { amount: 6_979_330, currency: 'USD' },
      paid: { amount: 6_979_330 },
      placed: 1_845,
      skipped: { orders: 0, rows: 0 },
    });
    const audit = await platform.run('audit', '--json');
    expect(audit, audit.stderr).toMatchObject({ code: 0 });
  }, 900_000);

  test('changes nothing when it is placed again, and says so', async () => {
    const again = await platform.run(...january);
    expect(again.stderr).toContain('nothing was changed');
    expect(summaryIn(again)).toMatchObject({
      orders: 1_845,
      items: 4_232,
      gross: { amount: 6_979_330 },
      paid: { amount: 6_979_330 },
      placed: 0,
    });
    expect(await platform.run('audit')).toMatchObject({ code: 0 });
  }, 900_000);

  test('is still there after a stop with Ctrl-C and a second start', async () => {
    expect(await platform.stop()).toBe(0);
    const { apiKey, organizationId } = demo;
    demo = await platform.start();
    expect(demo).toMatchObject({ apiKey, organizationId });
    const { data } = (await (await get('/v1/orders?limit=1&businessDate=2015-01-31')).json()) as {
      data: { status: string; paymentStatus: string }[];
    };
    expect(data).toMatchObject([{ status: 'completed', paymentStatus: 'paid' }]);
  }, 180_000);
});
