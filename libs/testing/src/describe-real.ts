import { describe, test } from 'vitest';

import { whyMissing } from './servers/index.js';
import type { Real } from './servers/index.js';

/**
 * A suite that needs something not every machine has. Where that is missing it is skipped, and its name says why; with
 * `REQUIRE_REAL=1` it fails instead.
 *
 * @example describeReal('kafka', 'a member that was killed', () => { … });
 */
export function describeReal(needs: Real | readonly Real[], name: string, suite: () => void): void {
  const reasons = [needs].flat().flatMap((need) => whyMissing(need) ?? []);
  if (reasons.length === 0) {
    describe(name, suite);
  } else if (process.env['REQUIRE_REAL'] === '1') {
    describe(name, () => {
      test('has what it needs', () => {
        throw new Error(`REQUIRE_REAL=1, but ${reasons.join('; ')}.`);
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${reasons.join('; ')})`, suite);
  }
}
