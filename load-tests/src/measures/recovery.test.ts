import { expect, test } from 'vitest';
import { Recovery } from './recovery.js';

/** Ten orders in each second: `slow` took a second, `refused` were told to come back. */
function recoveryOf(seconds: readonly ('good' | 'slow' | 'refused')[]): number | null {
  const recovery = new Recovery();
  for (const [second, how] of seconds.entries())
    for (let order = 0; order < 10; order++)
      recovery.note({
        at: second * 1000 + order * 100,
        took: how === 'slow' ? 1_000 : 20,
        accepted: how !== 'refused',
      });
  return recovery.seconds();
}

test.each([
  ['nothing was wrong', ['good', 'good', 'good', 'good'], 0],
  ['two slow seconds', ['slow', 'slow', 'good', 'good', 'good'], 2],
  ['a relapse counts from after it', ['good', 'good', 'refused', 'good', 'good', 'good'], 3],
  ['refused is not served, however quickly', ['refused', 'refused', 'refused', 'refused'], null],
  ['it ended before anybody could tell', ['slow', 'good', 'good'], null],
] as const)('%s', (_story, seconds, expected) => expect(recoveryOf(seconds)).toBe(expected));

test('one slow order in a second is chance', () => {
  const recovery = new Recovery();
  for (let at = 0; at < 3_000; at += 100) recovery.note({ at, took: at % 1000 === 0 ? 900 : 10, accepted: true });
  expect(recovery.seconds()).toBe(0);
});
