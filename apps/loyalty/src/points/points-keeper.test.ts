import { setImmediate } from 'node:timers/promises';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { PointsKeeper } from './points-keeper.js';

let it: TestService;
let keeper: PointsKeeper;
/** Each booking is a transaction of the quiet service. */
let booked: MockInstance<DataSource['createQueryRunner']>;

beforeAll(async () => {
  it = await testService(loyalty);
  keeper = it.service.app.get(PointsKeeper);
});

beforeEach(() => void (booked = vi.spyOn(it.service.app.get(DataSource), 'createQueryRunner')));
afterEach(() => booked.mockRestore());

describe('points', () => {
  test('follow the first payment of a quiet moment at once', async () => {
    const waits: number[] = [];
    for (let payment = 0; payment < 5; payment++) {
      const quiet = performance.now() + 100;
      await eventually(() => performance.now() > quiet, { within: 5_000 });
      booked.mockClear();
      const woken = performance.now();
      keeper.wake(it.id);
      while (booked.mock.calls.length === 0) await setImmediate();
      waits.push(performance.now() - woken);
    }
    expect(Math.min(...waits)).toBeLessThan(20);
  });

  test('follow payments that come one upon the other together, a hundred and twenty-five times a second at most', async () => {
    const started = performance.now();
    while (booked.mock.calls.length < 5) {
      keeper.wake(it.id);
      await setImmediate();
    }
    expect(performance.now() - started).toBeGreaterThan(4 * 7);
  });
});
