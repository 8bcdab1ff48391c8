import { join } from 'node:path';

import { expect, test } from 'vitest';

import { finish } from '../launch/finish.mjs';
import { root } from '../launch/steps.mjs';

test('no file, export or dependency is unused, and none is used without being listed', async () => {
  const { output } = await finish(join(root, 'node_modules', '.bin', 'knip'), ['--no-config-hints'], { cwd: root });
  expect(output).toBe('');
});
