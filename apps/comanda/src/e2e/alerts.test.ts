import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Comanda, type Order } from '@comanda/client';
import { describeReal, eventually, type KafkaBroker, startKafka } from '@comanda/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Prometheus, startPrometheus } from '../observe/prometheus.js';
import type { Demo } from '../platform/home.js';
import { FailingProvider } from './testing/failing-provider.js';
import { hurriedRules, hurry } from './testing/hurried-rules.js';
import { PlatformUnderTest } from './testing/running-platform.js';

test('on the clock of these tests a minute lasts a second, and nothing else is different', () => {
  expect(hurry('expr: max(outbox_oldest_seconds) > 300 and rate(a_seconds_count{le="60"}[5m]) > 20\n  for: 1h')).toBe(
    'expr: max(outbox_oldest_seconds) > 5 and rate(a_seconds_count{le="60"}[5s]) > 20\n  for: 60s',
  );
});

/** With a broker of its own that is stopped it takes a minute longer: ALERTS_ON=kafka npx vitest run alerts. */
const onKafka = process.env['ALERTS_ON'] === 'kafka';

describeReal(['prometheus', ...(onKafka ? (['kafka'] as const) : [])], 'a real Prometheus that watches us', () => {
  let folder: string;
  let broker: KafkaBroker | undefined;
  let provider: FailingProvider;
  let platform: PlatformUnderTest;
  let demo: Demo;
  let prometheus: Prometheus;
  const stops: (() => unknown)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comanda-watched-'));
    provider = await FailingProvider.open();
    if (onKafka) {
      broker = await startKafka({ folder: join(folder, 'kafka') });
      stops.push(() => broker?.stop());
    }
    platform = await PlatformUnderTest.create({
      ...provider.settings,
      ...(broker && { KAFKA_BROKERS: broker.brokers }),
    });
    await platform.begin('--observe');
    stops.push(() => platform.stop());
    demo = (await platform.home.demo.read()) as Demo;
    prometheus = await startPrometheus({
      folder: join(folder, 'prometheus'),
      target: new URL(demo.baseUrl).host,
      rules: await hurriedRules(join(folder, 'rules')),
      every: '1s',
    });
    stops.push(() => prometheus.stop());
  }, 180_000);

  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const api = (): Comanda => new Comanda({ ...demo, patience: 0 });

  async function ask<T>(path: string, url = prometheus.url): Promise<T> {
    const answer = await fetch(`${url}/api/v1/${path}`);
    return ((await answer.json()) as { data: T }).data;
  }

  async function select(expression: string): Promise<object[]> {
    const { result } = await ask<{ result: object[] }>(`query?query=${encodeURIComponent(expression)}`);
    return result;
  }

  async function rulesAt(url: string): Promise<Rule[]> {
    const { groups } = await ask<{ groups: { rules: Rule[] }[] }>('rules', url);
    return groups.flatMap(({ rules }) => rules);
  }

  /** What is wrong by the rules, by name and whom or what it is of: `firing` when somebody is told, `pending` before. */
  async function raised(): Promise<Map<string, string>> {
    const { alerts } = await ask<{ alerts: Alert[] }>('alerts');
    return new Map(
      alerts.map(({ state, labels: { alertname, service, to } }) => [`${alertname} ${service ?? to ?? ''}`, state]),
    );
  }

  const calm = (alert: string): Promise<void> =>
    eventually(async () => expect([...(await raised()).keys()]).not.toContain(alert), SOON);

  /** Once nothing points to it, breaks something, waits for the alert, mends it, and waits until nothing is left of the alert. */
  async function seen(alert: string, breaks: () => Promise<() => unknown>): Promise<void> {
    await calm(alert);
    const mend = await breaks();
    await eventually(async () => expect((await raised()).get(alert)).toBe('firing'), SOON);
    await mend();
    await calm(alert);
  }

  async function place(): Promise<Order> {
    const locationId = demo.locations[0]?.id ?? '';
    const { data: menu } = await api().GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
    const variationId = menu.items[0]?.variations[0]?.id ?? '';
    const { data } = await api().POST('/v1/orders', { body: { locationId, lines: [{ variationId }] } });
    return data;
  }

  async function pay({ checks }: Order): Promise<void> {
    const [check] = checks;
    if (check) await api().POST('/v1/payments', { body: { bill: check.bill, method: 'card', source: 'tok_visa' } });
  }

  test('scrapes it, and evaluates every rule', async () => {
    await eventually(async () => {
      const { activeTargets } = await ask<{ activeTargets: { health: string; lastError: string }[] }>('targets');
      expect(activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
      const rules = await rulesAt(prometheus.url);
      expect(rules.length).toBeGreaterThan(50);
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    }, SOON);
  });

  test('a payment provider that fails, which the status page shows at once', async () => {
    await seen('PaymentProviderAway sandbox', async () => {
      const orders = await Promise.all(Array.from({ length: 6 }, place));
      provider.fails = true;
      for (const order of orders) await pay(order).catch(() => undefined);
      expect(await (await fetch(`${demo.baseUrl}/status`)).text()).toContain('PaymentProviderAway');
      return () => (provider.fails = false);
    });
  }, 120_000);

  test('a consumer that stands still', async () => {
    // The lag is looked at every ten seconds, on whatever clock: what was seen of an earlier test must have gone.
    await eventually(async () => {
      expect(await select('consumer_lag_records{service="loyalty"} > 0')).toEqual([]);
    }, SOON);
    await seen('ConsumerStuck loyalty', async () => {
      const loyalty = await platform.sql('loyalty');
      await loyalty.query('begin');
      await loyalty.query('lock table inbox in access exclusive mode');
      await place();
      return () => loyalty.query('rollback');
    });
  }, 120_000);

  test(`an event log that takes nothing${onKafka ? ', for its broker was stopped' : ''}`, async () => {
    await seen('OutboxStuck orders', async () => {
      const mend = onKafka ? await brokerStops() : await logIsLocked();
      await place();
      return mend;
    });
  }, 120_000);

  async function brokerStops(): Promise<() => Promise<unknown>> {
    await broker?.stop();
    return async () => (broker = await startKafka({ folder: join(folder, 'kafka') }));
  }

  async function logIsLocked(): Promise<() => Promise<unknown>> {
    const log = await platform.sql('log');
    await log.query('begin');
    await log.query('lock table log_entries in exclusive mode');
    return () => log.query('rollback');
  }

  test('each objective is measured by a bucket that there is', async () => {
    const rules = await rulesAt(prometheus.url);
    const buckets = rules.flatMap(({ query }) => query.match(/\w+_bucket\{[^}]*le=~?"[^}]*\}/g) ?? []);
    expect(new Set(buckets).size).toBeGreaterThan(3);
    await place();
    for (const bucket of buckets)
      await eventually(async () => expect(await select(bucket), bucket).not.toEqual([]), SOON);
  });

  test('npm start -- --observe starts one beside the platform, with the rules as they are, and stops it with the platform', async () => {
    const [, url = ''] = /^ {2}Prometheus {2}(\S+)$/m.exec(platform.said) ?? [];
    const names = (rules: readonly Rule[]): string[] => rules.map(({ name }) => name).toSorted();
    expect(names(await rulesAt(url))).toEqual(names(await rulesAt(prometheus.url)));
    const { activeTargets } = await ask<{ activeTargets: { scrapeUrl: string }[] }>('targets', url);
    expect(activeTargets).toMatchObject([{ scrapeUrl: `${demo.baseUrl}/metrics` }]);
    expect(await platform.stop()).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  }, 120_000);

  test('a port that is taken is told in one sentence', async () => {
    const port = Number(new URL(prometheus.url).port);
    const other = { folder: join(folder, 'other'), target: 'localhost:1', rules: [], port };
    await expect(startPrometheus(other)).rejects.toThrow(`Port ${port} is in use: name another with --observe=<port>`);
  });
});

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly query: string;
}

interface Alert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

const SOON = { within: 90_000 };
