import { describe, expect, test } from 'vitest';
import { Throttle } from './throttle.js';

/**
 * A house that answers so many a second, one after the other, in steps of ten milliseconds; so many more come a second.
 * @returns the rate of the last of the seconds, the places, and how long answers took there
 */
function rush(throttle: Throttle, { answers, comes, seconds }: { answers: number; comes: number; seconds: number }) {
  const inside: number[] = [];
  const last = { answered: 0, took: 0 };
  let [work, crowd] = [0, 0];
  for (let now = 0; now < seconds * 1000; now += STEP) {
    for (crowd += (comes * STEP) / 1000; crowd >= 1; crowd -= 1) if (inside.length < throttle.places) inside.push(now);
    for (work += (answers * STEP) / 1000; work >= 1; work -= 1) {
      const since = inside.shift();
      if (since === undefined) continue;
      throttle.answered(now - since, inside.length + 1, now);
      if (now < (seconds - 1) * 1000) continue;
      last.answered += 1;
      last.took = Math.max(last.took, now - since);
    }
    if (inside.length === 0) work = 0;
  }
  return { ...last, places: throttle.places };
}

const STEP = 10;

describe('a throttle', () => {
  test.each([20, 60, 200, 800])('of a house that answers %d a second lets in what it answers in time', (answers) => {
    const { answered, took } = rush(new Throttle(300), { answers, comes: answers * 3, seconds: 20 });
    expect(answered).toBeGreaterThan(answers * 0.9);
    expect(took).toBeLessThan(Math.max(500, (17 / answers) * 1000)); // some are let in however slow it is
  });

  test('turns nobody away who is answered in time', () => {
    const { answered } = rush(new Throttle(300), { answers: 200, comes: 150, seconds: 5 });
    expect(answered).toBe(150);
  });

  test('of a house that is slow without a rush turns nobody away', () => {
    const throttle = new Throttle(300);
    for (let now = 0; now < 20_000; now += 500) throttle.answered(900, 3, now);
    expect(throttle.places).toBeGreaterThanOrEqual(100);
  });

  test('lets more in again when answers come faster', () => {
    const throttle = new Throttle(300);
    expect(rush(throttle, { answers: 100, comes: 500, seconds: 5 }).places).toBeLessThan(60);
    expect(rush(new Throttle(300), { answers: 2_000, comes: 5_000, seconds: 5 }).places).toBe(300);
    expect(rush(throttle, { answers: 2_000, comes: 5_000, seconds: 5 }).answered).toBeGreaterThan(1_800);
  });

  test('never has more places than it was given', () => {
    expect(rush(new Throttle(3), { answers: 100, comes: 500, seconds: 5 }).places).toBeLessThanOrEqual(3);
  });
});
