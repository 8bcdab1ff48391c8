import { expect, test } from 'vitest';
import { pageOf } from './page.js';
import type { ServiceStatus, Status } from './status.js';

const service = (name: string, change: Partial<ServiceStatus> = {}): ServiceStatus => ({
  name,
  ready: true,
  because: [],
  requestsPerSecond: 12.345,
  failuresPerSecond: 0,
  outbox: { waiting: 0, oldestSeconds: 0 },
  events: { waiting: 0, perSecond: 0, meanLagSeconds: null, late: null },
  deadLetters: 0,
  ...change,
});

const status = (change: Partial<Status> = {}): Status => ({
  version: '0.1.0',
  at: '2026-11-22T20:00:00.000Z',
  startedAt: '2026-11-22T08:00:00.000Z',
  ready: true,
  over: 30,
  ordersPerSecond: 4.2,
  paymentsPerSecond: 0,
  services: [service('orders'), service('loyalty')],
  ailments: [],
  ...change,
});

test('a platform that is well says so', () => {
  const page = pageOf(status());
  expect(page).toContain('All 2 services are ready');
  expect(page).toContain('<dt>Orders</dt><dd>4.2/s</dd>');
  expect(page).toContain('Nothing that this page looks at.');
  expect(page).not.toContain('⚠');
});

test('a service that is not ready is told with what keeps it, and the page says it in its title', () => {
  const away = service('loyalty', { ready: false, because: ['the database does not answer'] });
  const page = pageOf(status({ ready: false, services: [service('orders'), away] }));
  expect(page).toContain('<title>⚠ Comanda status</title>');
  expect(page).toContain('1 of 2 services are not ready');
  expect(page).toContain('the database does not answer');
});

test('what is over its limit is told with the name of its alert, its value and its limit', () => {
  const says = 'Events do not reach the log.';
  const page = pageOf(
    status({ ailments: [{ alert: 'OutboxStuck', says, service: 'orders', value: 75.04, over: 60 }] }),
  );
  expect(page).toContain('<b>OutboxStuck</b> orders: Events do not reach the log. <span>75, limit 60</span>');
});

test('it needs nothing, and runs nothing: whatever a name holds', () => {
  const page = pageOf(status({ version: '<script>alert("1")</script>' }));
  expect(page).not.toMatch(/<script|<link|<img|https?:\/\/|@import|url\(/);
});
