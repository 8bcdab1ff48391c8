import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Customer, Menu, Order, Payment } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { describeReal, eventually, testKafka, testPostgres, testPython, testRedis } from '@comanda/testing';
import { beforeAll, expect, test } from 'vitest';
import { withDatabases } from '../cli/with-databases.js';
import type { Demo } from '../platform/home.js';
import { everybodyHasFollowed } from '../platform/testing/everybody-has-followed.js';
import { soldIn } from './testing/pizza-place.js';
import { PlatformUnderTest, summaryIn } from './testing/running-platform.js';
import { salesBy } from './testing/sales-report.js';
import { PAID, PLACED, Trace } from './testing/trace.js';
import { TraceCollector, traced } from './testing/trace-collector.js';

describeReal(['kafka', 'redis', 'python'], 'the whole year on Kafka, Redis and a PostgreSQL of the user’s own', () => {
  let platform: PlatformUnderTest;
  let brokers: string;
  let collector: TraceCollector;
  let demo: Demo;
  let season: Season;

  beforeAll(async () => {
    brokers = (await testKafka()).brokers;
    collector = await TraceCollector.start();
    platform = await PlatformUnderTest.create({
      DATABASE_URL: (await testPostgres()).url,
      DATABASE_PREFIX: `year_${randomBytes(4).toString('hex')}_`,
      KAFKA_BROKERS: brokers,
      REDIS_URL: (await testRedis()).url,
    });
    // Only what a client asks for.
    demo = await platform.start({ ...traced(collector), OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
  }, 180_000);

  test('the consumer of the guide adds up what was ordered, by location and business day', async () => {
    const [, there] = demo.locations;
    const { totals } = await placeOneAt(demo, there?.id ?? '');
    const total = totals.total.amount;
    const program = join(platform.folder, 'sales.py');
    const [, python = ''] = /^```python\n([\s\S]*?)^```/m.exec(await readFile(GUIDE, 'utf8')) ?? [];
    await writeFile(program, python);
    await eventually(
      async () => {
        const { stdout } = await promisify(execFile)(testPython().command, [program, brokers]);
        expect(stdout).toMatch(new RegExp(`^${there?.id} \\d{4}-\\d\\d-\\d\\d ${total} USD$`, 'm'));
      },
      { within: 60_000 },
    );
  }, 120_000);

  test('an order is one trace, from its request over the broker to what every service does about it', async () => {
    const id = randomBytes(16).toString('hex');
    const [, there] = demo.locations;
    const headers = { traceparent: `00-${id}-00f067aa0ba902b7-01` };
    const { id: customerId } = await ask<Customer>(demo, '/v1/loyalty/customers', { name: 'Ada' });
    // What a group takes together with events of another trace belongs to the slice.
    await withDatabases(platform.home, everybodyHasFollowed);
    const { checks } = await placeOneAt(demo, there?.id ?? '', { customerId }, headers);
    const trace = new Trace(collector, id);
    // A payment that comes first knows the bill already, and the event has nothing to add.
    await eventually(() => trace.expectEffects(PLACED), { within: 30_000 });
    const bill = checks[0]?.bill;
    await ask<Payment>(demo, '/v1/payments', { bill, method: 'card', source: 'tok_visa' }, headers);
    await eventually(
      () => {
        trace.expectSql(trace.only('POST /v1/orders'), 'orders', 'insert into outbox');
        trace.expectSql(trace.only('POST /v1/payments'), 'payments', 'insert into outbox');
        for (const effect of trace.expectEffects([...PLACED, ...PAID]))
          expect(effect.attributes).toMatchObject({ 'messaging.system': 'kafka' });
        trace.expectWhole('00f067aa0ba902b7');
      },
      { within: 30_000 },
    );
    expect(new Set(collector.spans.map(({ kind, traceId }) => kind === 'server' && traceId))).toEqual(
      new Set([id, false]),
    );
    // A year is not traced.
    await platform.stop();
    demo = await platform.start();
  }, 120_000);

  test('is placed and paid to the cent', async () => {
    const replay = await platform.run('replay');
    expect(replay, replay.stderr).toMatchObject({ code: 0 });
    expect(summaryIn(replay)).toMatchObject({
      orders: 21_350,
      lines: 48_620,
      items: 49_574,
      gross: { amount: 81_786_005, currency: 'USD' },
      paid: { amount: 81_786_005 },
      placed: 21_350,
      skipped: { orders: 0, rows: 0 },
    });
  }, 1_800_000);

  test('and beside it a season with promotions, combos, refunds, gift cards and tips is as planned, to the cent', async () => {
    const simulation = await platform.run('simulate', '--json');
    expect(simulation, simulation.stdout + simulation.stderr).toMatchObject({ code: 0 });
    season = summaryIn(simulation) as unknown as Season;
    expect(season).toMatchObject({ orders: 306, placed: 306, agrees: true });
  }, 300_000);

  test('a second run of the season changes nothing', async () => {
    const again = await platform.run('simulate', '--json');
    expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
    const { seconds: _, ...summary } = summaryIn(again);
    const { seconds: _first, ...first } = season;
    expect(summary).toEqual({ ...first, placed: 0 });
  }, 300_000);

  test('leaves an audit clean, with the season in it', async () => {
    const audit = await platform.run('audit');
    expect(audit, audit.stdout + audit.stderr).toMatchObject({ code: 0 });
  }, 600_000);

  test('is reported with the sums of the data set itself, by month, day, hour and item', async () => {
    const year = await soldIn('2015');
    const [byMonth, byDay, byHourOfDay, byItem] = await Promise.all(
      ['month', 'businessDate', 'hourOfDay', 'item'].map((group) => salesBy(demo, YEAR, group)),
    );
    expect({ total: 81_786_005, byMonth, byDay, byHourOfDay, byItem }).toEqual(year);
  }, 120_000);

  test('has no unexplained row between the provider’s report, the ledger and the orders', async () => {
    const answer = await fetch(`${demo.baseUrl}/v1/payments/reconciliation?${YEAR}`, {
      headers: { authorization: `Bearer ${demo.apiKey}` },
    });
    expect(await answer.json()).toMatchObject({ bills: 21_350, explained: 0, unexplained: 0, rows: [] });
  }, 120_000);

  test('is read by an outside analyst, who knows the schemas alone and comes to the same cent', async () => {
    const analyst = await promisify(execFile)(
      testPython().command,
      [ANALYST, '--brokers', brokers, '--schemas', SCHEMAS],
      { maxBuffer: 2 ** 26 },
    );
    const found = JSON.parse(analyst.stdout) as { locations: Record<string, Record<string, number>> };
    expect(found).toMatchObject({ invalid: [], wrong: [] });
    expect(found.locations[demo.locations[0]?.id ?? '']).toMatchObject({
      orders: 21_350,
      items: 49_574,
      gross: 81_786_005,
      total: 81_786_005,
      ledger: 0,
    });
    const figures = found.locations[season.location.id] ?? {};
    expect(figures).toMatchObject({
      orders: season.orders,
      discount: season.discount.amount + (figures['returned discount'] ?? 0),
      total: season.total.amount + (figures['returned'] ?? 0),
      collected: season.collected.amount,
      refunded: season.returned.amount,
      tips: season.tips.amount,
      loaded: season.loaded.amount,
      ledger: 0,
    });
  }, 1_800_000);
});

/** What `comanda simulate` says of the season that it played. */
type Season = Readonly<
  Record<'discount' | 'total' | 'collected' | 'returned' | 'tips' | 'loaded', { amount: number }>
> & {
  readonly location: { readonly id: string };
  readonly orders: number;
  readonly seconds: number;
};

/** Places an order of the first thing on a location's menu. */
async function placeOneAt(demo: Demo, locationId: string, facts: object = {}, headers: Headers = {}): Promise<Order> {
  const { items } = await ask<Menu>(demo, `/v1/catalog/locations/${locationId}/menu`);
  const lines = [{ variationId: items[0]?.variations[0]?.id }];
  return ask<Order>(demo, '/v1/orders', { ...facts, locationId, lines }, headers);
}

type Headers = Readonly<Record<string, string>>;

async function ask<Answer>(
  { baseUrl, apiKey }: Demo,
  path: string,
  body?: object,
  headers: Headers = {},
): Promise<Answer> {
  const answer = await fetch(baseUrl + path, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': newId() }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Answer;
}

const YEAR = 'from=2015-01-01&to=2015-12-31';
const GUIDE = fileURLToPath(new URL('../../../../docs/guides/consume-the-events.md', import.meta.url));
const ANALYST = fileURLToPath(new URL('../../e2e/analyst.py', import.meta.url));
const SCHEMAS = fileURLToPath(new URL('../../../../libs/contracts/published/events', import.meta.url));
