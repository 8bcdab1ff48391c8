import { describeReal, testPage } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../platform/home.js';
import { soldIn } from './testing/pizza-place.js';
import { PlatformUnderTest, summaryIn } from './testing/running-platform.js';
import { salesBy } from './testing/sales-report.js';

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
      '/v1/reports/sales',
    ])
      expect(openapi.paths).toHaveProperty([path]);
    expect(await (await fetch(`${demo.baseUrl}/docs`)).text()).toContain('<title>Comanda API</title>');
    expect(await (await fetch(`${demo.baseUrl}/asyncapi.json`)).json()).toMatchObject({ asyncapi: '3.0.0' });
    expect(await (await fetch(`${demo.baseUrl}/health/ready`)).json()).toMatchObject({ status: 'ok' });
    const metrics = await (await fetch(`${demo.baseUrl}/metrics`)).text();
    expect(metrics).toMatch(/http_server_requests_total\{[^}]*service="orders"/);
  });

  test('shows how it is to whoever asks, and nothing of anybody', async () => {
    const [page, status] = await Promise.all(['/status', '/status.json'].map((path) => fetch(demo.baseUrl + path)));
    expect(await page?.text()).toContain('All 8 services are ready');
    expect(page?.headers.get('content-security-policy')).toContain("default-src 'none'");
    const told = (await status?.text()) ?? '';
    expect(JSON.parse(told)).toMatchObject({ ready: true, services: Array(8).fill({ ready: true }) });
    for (const hidden of [demo.organizationId, demo.apiKey, ...demo.locations.flatMap(({ id, name }) => [id, name])])
      expect(told).not.toContain(hidden);
  });

  test('answers an unknown path with a problem', async () => {
    const answer = await fetch(`${demo.baseUrl}/v1/nothing`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
  });
});

describeReal('chromium', 'the status page in a browser', () => {
  test.each([
    ['a phone', { width: 360, height: 740 }],
    ['a laptop', { width: 1_280, height: 800 }],
  ])('fits %s, asks for nothing else, and complains of nothing', async (_, viewport) => {
    const page = await testPage();
    const [asked, complaints]: [string[], string[]] = [[], []];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    await page.setViewportSize(viewport);
    await page.goto(`${demo.baseUrl}/status`);
    expect(await page.textContent('h1')).toMatch(/^Comanda \d/);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect([asked.filter((url) => !url.endsWith('/favicon.ico')), complaints]).toEqual([
      [`${demo.baseUrl}/status`],
      [],
    ]);
  });
});

const JANUARY = 'from=2015-01-01&to=2015-01-31';
const usd = (amount: number) => ({ amount, currency: 'USD' });

/** The totals of a report of January. */
async function totalsOf(report: string): Promise<object[]> {
  const answer = await get(`/v1/reports/${report}?${JANUARY}`);
  return ((await answer.json()) as { totals: object[] }).totals;
}

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

  test('reports the sums of the data set itself by day, hour and item, and agrees with the ledger', async () => {
    const january = await soldIn('2015-01');
    expect(january.total).toBe(6_979_330);
    expect(await salesBy(demo, JANUARY, 'businessDate')).toEqual(january.byDay);
    expect(await salesBy(demo, JANUARY, 'hourOfDay')).toEqual(january.byHourOfDay);
    expect(await salesBy(demo, JANUARY, 'item')).toEqual(january.byItem);
    expect(await salesBy(demo, JANUARY, 'month')).toEqual(january.byMonth);
    const totals = await totalsOf('reconciliation');
    // What a replay refunds are the returns of the history: nothing else is open.
    const [{ refunded }] = totals as [{ refunded: object }];
    expect(totals).toEqual([
      { orders: 1_845, sales: usd(6_979_330), paid: usd(6_979_330), refunded, difference: refunded },
    ]);
    const { data } = (await (await get(`/v1/payments/ledger/balances?${JANUARY}`)).json()) as {
      data: { account: string; balance: { amount: number } }[];
    };
    const held = data.reduce(
      (sum, { account, balance }) => (account === 'cash' || account === 'card' ? sum + balance.amount : sum),
      0,
    );
    const reconciliation = await (await get(`/v1/payments/reconciliation?${JANUARY}`)).json();
    expect(reconciliation).toMatchObject({ bills: 1_845, explained: 0, unexplained: 0, rows: [] });
    const [payments] = (await totalsOf('payments')) as [Record<'collected' | 'returned', { amount: number }>];
    expect(payments.collected.amount - payments.returned.amount).toBe(held);
  });

  test('prints them for people and for scripts, and gives the same once they are built anew', async () => {
    const sales = ['report', 'sales', '--from', '2015-01-01', '--to', '2015-01-31', '--group-by', 'month'];
    const shown = await platform.run(...sales);
    expect(shown, shown.stderr).toMatchObject({ code: 0 });
    expect(shown.stdout).toMatch(/^month +orders +quantity .*\n2015-01 +1845 +4232 .* 69793\.30 USD\ntotal /);
    const before = await platform.run(...sales, '--json');
    const rebuilt = await platform.run('reports', 'rebuild', '--json');
    expect(rebuilt, rebuilt.stderr).toMatchObject({ code: 0 });
    expect(summaryIn(rebuilt)).toMatchObject({ unreadable: 0, removed: 0 });
    expect(await platform.run(...sales, '--json')).toEqual(before);
  }, 300_000);

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
