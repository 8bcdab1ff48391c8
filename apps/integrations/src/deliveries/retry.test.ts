import { expect, test } from 'vitest';
import { IntegrationsConfig } from '../integrations.config.js';
import { afterFailure } from './retry.js';
import { Rooms } from './rooms.js';

const { WEBHOOK_RETRIES: waits } = IntegrationsConfig.parse({});
const HOUR = 3_600_000;

test('the waits grow from five seconds to ten hours, and are about three days together', () => {
  expect([waits[0], waits.at(-1)]).toEqual([5_000, 10 * HOUR]);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  const days = waits.reduce((sum, wait) => sum + wait, 0) / (24 * HOUR);
  expect(days).toBeGreaterThan(2.5);
  expect(days).toBeLessThan(3.5);
});

test('a failure is followed by the next wait, a tenth more or less', () => {
  const failure = { now: 1_000_000, attempts: 2, firstFailedAt: 990_000, failingSince: 990_000 };
  expect(afterFailure(failure, waits, 0)).toEqual({ step: 'retry', at: 1_054_000 });
  expect(afterFailure(failure, waits, 0.5)).toEqual({ step: 'retry', at: 1_060_000 });
  expect(afterFailure(failure, waits, 1)).toEqual({ step: 'retry', at: 1_066_000 });
});

test('after the last wait a delivery is given up when others got through since it first failed', () => {
  const failure = { now: 80 * HOUR, attempts: 13, firstFailedAt: HOUR, failingSince: 70 * HOUR };
  expect(afterFailure(failure, waits, 0.5)).toEqual({ step: 'give up' });
});

test('and the endpoint is disabled when nothing did', () => {
  const failure = { now: 80 * HOUR, attempts: 13, firstFailedAt: HOUR, failingSince: HOUR };
  expect(afterFailure(failure, waits, 0.5)).toEqual({ step: 'disable' });
});

test('also when so much waits that no single delivery was tried that often', () => {
  const failure = { now: 80 * HOUR, attempts: 2, firstFailedAt: 50 * HOUR, failingSince: HOUR };
  expect(afterFailure(failure, waits, 0.5)).toEqual({ step: 'disable' });
});

test('an endpoint that fails eight times in a row rests, longer each time, and is then asked by one request', () => {
  const rooms = new Rooms();
  const fail = (now: number): void => {
    rooms.enter('dead');
    rooms.leave('dead', false, now);
  };
  for (let failures = 1; failures < 8; failures++) fail(0);
  expect(rooms.taken(0)).toEqual({});
  fail(0);
  expect(rooms.taken(499)).toEqual({ dead: 0 });
  expect(rooms.taken(500)).toEqual({ dead: 1 });
  fail(500);
  expect(rooms.taken(1_499)).toEqual({ dead: 0 });
  rooms.enter('dead');
  expect(rooms.taken(1_500)).toEqual({ dead: 0 });
  rooms.leave('dead', true, 1_600);
  expect(rooms.taken(1_600)).toEqual({});
});
