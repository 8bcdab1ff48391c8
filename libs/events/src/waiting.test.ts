import { eventually } from '@comanda/testing';
import { expect, test } from 'vitest';
import { Pace, strainAt, within } from './waiting.js';

const APART = 20;

test('rounds are kept apart while there is work, and the first after a quiet time begins at once', async () => {
  const { signal } = new AbortController();
  const pace = new Pace(APART, () => 1);
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

test('who is hard-pressed takes more apart', async () => {
  const { signal } = new AbortController();
  const pace = new Pace(APART, () => 5);
  const began = performance.now();
  await pace.next(signal);
  await pace.next(signal);
  expect(performance.now() - began).toBeGreaterThan(APART * 4);
  const pressed = new Pace(APART, () => 1_000);
  await pressed.next(signal);
  expect(await within(5_000, pressed.next(signal))).toBe(true);
  expect([0, 0.55, 0.95, 1].map(strainAt)).toEqual([1, 1, 16, 16]);
  expect(strainAt(0.75)).toBeCloseTo(8.5);
});

/** Whether something is done before any timer could have run. */
async function isAtOnce(work: Promise<unknown>): Promise<boolean> {
  let done = false;
  void work.then(() => (done = true));
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  return done;
}
