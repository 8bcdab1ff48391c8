import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Samples } from './samples.js';
import { countedIn, statusOf } from './status.js';

const READY = { ready: true, checks: { draining: 'ok', schema: 'ok', database: 'ok' } };
const AWAY = { ready: false, checks: { draining: 'ok', schema: 'unknown', database: 'the database does not answer' } };

test('ten seconds of a service: rates, what waits, and how many of its effects came late', async () => {
  const registry = new Registry();
  registry.setDefaultLabels({ service: 'orders' });
  const registers = [registry];
  const help = 'One of ours.';
  const requests = new Counter({
    name: 'http_server_requests_total',
    help,
    labelNames: ['http_response_status_class'],
    registers,
  });
  const lag = new Histogram({ name: 'event_lag_seconds', help, labelNames: ['topic'], buckets: [1, 2, 5], registers });
  new Gauge({ name: 'outbox_unpublished', help, registers }).set(7);
  new Gauge({ name: 'outbox_oldest_seconds', help, registers }).set(1.5);
  const behind = new Gauge({ name: 'consumer_lag_records', help, labelNames: ['topic'], registers });
  behind.set({ topic: 'one' }, 3);
  behind.set({ topic: 'other' }, 4);
  requests.inc({ http_response_status_class: '2xx' }, 100);
  const before = countedIn(await Samples.of(registers), ['orders'], 0);
  requests.inc({ http_response_status_class: '2xx' }, 30);
  requests.inc({ http_response_status_class: '5xx' }, 20);
  for (const seconds of [0.5, 0.5, 0.5, 4.5]) lag.observe({ topic: 'one' }, seconds);
  const samples = await Samples.of(registers);
  const now = countedIn(samples, ['orders'], 10_000);
  const readiness = new Map([
    ['orders', READY],
    ['loyalty', AWAY],
  ]);

  expect(statusOf({ samples, readiness, now, before, version: '1', startedAt: 0 })).toMatchObject({
    ready: false,
    over: 10,
    services: [
      {
        name: 'orders',
        ready: true,
        because: [],
        requestsPerSecond: 5,
        failuresPerSecond: 2,
        outbox: { waiting: 7, oldestSeconds: 1.5 },
        events: { waiting: 7, perSecond: 0.4, meanLagSeconds: 1.5, late: 0.25 },
      },
      { name: 'loyalty', ready: false, because: ['unknown', 'the database does not answer'], events: { late: null } },
    ],
  });
});
