import { expect, test } from 'vitest';
import { poisson } from './arrivals.js';
import { openLoop } from './open-loop.js';

test('guests go on coming while nobody is served', async () => {
  const doors = Promise.withResolvers<void>();
  let inside = 0;
  const sent = await openLoop({
    arrivals: poisson(200, 0.5),
    async act() {
      inside += 1;
      if (inside === 20) doors.resolve();
      await doors.promise;
    },
  });
  expect(inside).toBe(sent);
  expect(sent).toBeGreaterThanOrEqual(20);
});

test('nobody is sent before it is due', async () => {
  const early: number[] = [];
  await openLoop({
    arrivals: poisson(500, 0.2),
    act: async (intended) => {
      if (performance.now() < intended) early.push(intended);
    },
  });
  expect(early).toEqual([]);
});

test('what goes wrong ends the load', async () => {
  const load = openLoop({
    arrivals: poisson(1_000, 60),
    act: () => Promise.reject(new Error('The oven is out.')),
  });
  await expect(load).rejects.toThrow('The oven is out.');
});

test('nobody is sent any more once it is called off, however long the next is not due', async () => {
  const evening = new AbortController();
  const sent = await openLoop({
    arrivals: [0, 3_600_000],
    act: async () => evening.abort(),
    signal: evening.signal,
  });
  expect(sent).toBe(1);
});
