import type { Attempt } from '@comanda/faults/attempts';
import { expect, test } from 'vitest';
import { figuresOf } from './figures.js';

const attempt = (given: Partial<Attempt>): Attempt => ({
  service: 'orders',
  method: 'POST',
  status: 201,
  retryAfter: false,
  at: 1_000,
  milliseconds: 10,
  ...given,
});

test('who got no answer, an error, or was told to come back was let down', () => {
  const all = [0, 201, 409, 429, 500, 503].map((status) => attempt({ status }));
  expect(figuresOf(all)).toMatchObject({ requests: 6, failed: 4, taken: 1 });
});

test('each failure is told with its moment, and why', () => {
  const lost = attempt({ status: 0, error: 'ECONNRESET', at: Date.parse('2026-11-22T20:00:00.000Z') });
  expect(figuresOf([lost]).failures).toEqual(['2026-11-22T20:00:00.000Z POST to orders: ECONNRESET']);
});

test('what was before a moment does not count', () => {
  const all = [attempt({ at: 999, status: 500 }), attempt({ at: 1_000, milliseconds: 30 })];
  expect(figuresOf(all, 1_000)).toMatchObject({ requests: 1, failed: 0, p50: 30, p99: 30 });
});
