import { eventually } from '@comanda/testing';
import { expect, test } from 'vitest';
import { Pace } from './waiting.js';

const APART = 20;

test('rounds are kept apart while there is work, and the first after a quiet time begins at once', async () => {
  const { signal } = new AbortController();
  const pace = new Pace(APART);
  const began = performance.now();
  expect(await isAtOnce(pace.next(signal))).toBe(true);
  const second = pace.next(signal);
  expect(await isAtOnce(second)).toBe(false);
  await second;
  const afterwards = performance.now();
  // Timers count from when their event loop last looked at the clock: they may be early, the more so on a busy machine.
  expect(afterwards - began).toBeGreaterThan(APART / 2);
  await eventually(() => performance.now() - afterwards > APART, { within: 5_000 });
  expect(await isAtOnce(pace.next(signal))).toBe(true);
});

/** Whether something is done before any timer could have run. */
async function isAtOnce(work: Promise<void>): Promise<boolean> {
  let done = false;
  void work.then(() => (done = true));
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  return done;
}
