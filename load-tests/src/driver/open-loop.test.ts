import { expect, test } from 'vitest';
import { openLoop } from './open-loop.js';

test('guests go on coming while nobody is served', async () => {
  const doors = Promise.withResolvers<void>();
  let inside = 0;
  const sent = await openLoop({
    perSecond: 200,
    seconds: 0.5,
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
    perSecond: 500,
    seconds: 0.2,
    act: async (intended) => {
      if (performance.now() < intended) early.push(intended);
    },
  });
  expect(early).toEqual([]);
});

test('what goes wrong ends the load', async () => {
  const load = openLoop({ perSecond: 1_000, seconds: 60, act: () => Promise.reject(new Error('The oven is out.')) });
  await expect(load).rejects.toThrow('The oven is out.');
});
