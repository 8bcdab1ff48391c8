import { describe, expect, test } from 'vitest';

import { eventually } from './eventually.js';

describe('eventually', () => {
  test('returns what the check returned, once it passes', async () => {
    let looks = 0;
    const covers = await eventually(
      () => {
        expect((looks += 1)).toBeGreaterThan(3);
        return { covers: looks };
      },
      { within: 5_000 },
    );
    expect(covers).toEqual({ covers: 4 });
  });

  test('takes false for "not yet"', async () => {
    let looks = 0;
    await eventually(() => (looks += 1) === 3, { within: 5_000 });
    expect(looks).toBe(3);
  });

  test('says what was wrong last when time is up', async () => {
    const failure = eventually(() => Promise.reject(new Error('the oven is cold')), { within: 50 });
    await expect(failure).rejects.toThrow(/^Not within 50 ms, after \d+ tries; at last: the oven is cold$/);
  });

  test('does not wait for a check that hangs', async () => {
    const failure = eventually(() => new Promise<never>(() => undefined), { within: 50 });
    await expect(failure).rejects.toThrow('Not within 50 ms, after 1 tries; at last: the check never ended');
  });
});
