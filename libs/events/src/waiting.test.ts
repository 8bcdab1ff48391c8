import { expect, test, vi } from 'vitest';
import { Pace } from './waiting.js';

test('rounds are kept apart while there is work, and the first after a quiet time begins at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  const { signal } = new AbortController();
  const pace = new Pace(20);
  const begun: number[] = [];
  const start = performance.now();
  const round = async (): Promise<void> => {
    await pace.next(signal);
    begun.push(performance.now() - start);
  };
  await round();
  expect(begun).toEqual([0]);
  const second = round();
  await vi.advanceTimersByTimeAsync(19);
  expect(begun).toEqual([0]);
  await vi.advanceTimersByTimeAsync(1);
  await second;
  expect(begun).toEqual([0, 20]);
  await vi.advanceTimersByTimeAsync(100);
  await round();
  expect(begun).toEqual([0, 20, 120]);
  vi.useRealTimers();
});
