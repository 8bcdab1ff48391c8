import { expect, test } from 'vitest';
import { closedLoop } from './closed-loop.js';

test('so many are under way at once, and no more', async () => {
  let [now, most] = [0, 0];
  const run = await closedLoop({
    workers: 3,
    seconds: 0.1,
    async act() {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
    },
  });
  expect(most).toBe(3);
  expect(run.begun).toBeGreaterThanOrEqual(run.operations);
  expect(run.latencies.count).toBe(run.operations);
});

test('what goes wrong ends the load', async () => {
  const load = closedLoop({ workers: 2, seconds: 60, act: () => Promise.reject(new Error('The oven is out.')) });
  await expect(load).rejects.toThrow('The oven is out.');
});
