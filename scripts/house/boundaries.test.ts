import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { finish } from '../launch/finish.mjs';
import { root } from '../launch/steps.mjs';

/** Each import that breaks a rule of .dependency-cruiser.cjs, as "rule: from → to". */
async function violations(folder: string): Promise<string[]> {
  const command = join(root, 'node_modules', '.bin', 'depcruise');
  const { output } = await finish(
    command,
    ['libs', 'apps', 'k8s', 'load-tests/src', 'scripts', '--output-type', 'json'],
    {
      cwd: folder,
    },
  );
  const result: { summary: { violations: { rule: { name: string }; from: string; to: string }[] } } =
    JSON.parse(output);
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).toSorted();
}

test('every import keeps to the layers', async () => {
  expect(await violations(root)).toEqual([]);
});

describe('the rules, on a small restaurant of their own', () => {
  const layers = {
    'libs/money': 'pure',
    'libs/platform': 'platform',
    'libs/testing': 'testing',
    'apps/orders': 'service',
    'apps/payments': 'service',
    'apps/comanda': 'composition',
  };

  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  async function judge(files: Record<string, string>): Promise<string[]> {
    const folder = mkdtempSync(join(tmpdir(), 'comanda-boundaries-'));
    folders.push(folder);
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    copyFileSync(join(root, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
    write('package.json', JSON.stringify({ name: 'restaurant', workspaces: ['libs/*', 'apps/*'] }));
    write('scripts/start.ts', 'export {};');
    write('load-tests/src/main.ts', 'export {};');
    write('k8s/e2e/src/main.ts', 'export {};');
    mkdirSync(join(folder, 'node_modules', '@comanda'), { recursive: true });
    for (const [path, layer] of Object.entries(layers)) {
      const name = `@comanda/${basename(path)}`;
      const exports = { '.': { '@comanda/source': './src/index.ts' } };
      write(`${path}/package.json`, JSON.stringify({ name, exports, nx: { tags: [`layer:${layer}`] } }));
      write(`${path}/src/index.ts`, 'export {};');
      symlinkSync(join(folder, path), join(folder, 'node_modules', name));
    }
    for (const [name, text] of Object.entries(files)) write(name, text);
    return violations(folder);
  }

  const BROKEN: [promise: string, file: string, text: string, rule: string][] = [
    [
      'a service imports no other service',
      'apps/orders/src/bill.ts',
      `import '@comanda/payments';`,
      'a-service-imports-no-other-service',
    ],
    [
      'a library imports no service',
      'libs/platform/src/check.ts',
      `import '@comanda/orders';`,
      'libraries-import-no-service',
    ],
    [
      'what is pure imports only what is pure',
      'libs/money/src/transaction.ts',
      `import '@comanda/platform';`,
      'pure-imports-pure',
    ],
    ['what is pure reads no file', 'libs/money/src/file.ts', `import 'node:fs';`, 'pure-does-no-io'],
    [
      'a package is entered by its door',
      'apps/orders/src/window.ts',
      `import '../../../libs/platform/src/b.js';`,
      'packages-are-entered-by-their-door',
    ],
    [
      'test servers are for tests',
      'apps/orders/src/server.ts',
      `import '@comanda/testing';`,
      'test-servers-are-for-tests',
    ],
    [
      'nobody imports the scripts',
      'apps/orders/src/script.ts',
      `import '../../../scripts/start.js';`,
      'nobody-imports-the-scripts',
    ],
    ['nothing goes round in circles', 'apps/orders/src/circle.ts', `import './round.js';`, 'no-cycles'],
    ['what is imported exists', 'apps/orders/src/ghost.ts', `import './nowhere.js';`, 'what-is-imported-exists'],
  ];
  let found: string[];

  beforeAll(async () => {
    const files = BROKEN.map(([, file, text]) => [file, text]);
    found = await judge({
      ...Object.fromEntries(files),
      'libs/platform/src/b.ts': 'export {};',
      'apps/orders/src/round.ts': `import './circle.js';`,
    });
  });

  test.each(BROKEN)('%s', (_promise, file, _text, rule) => {
    expect(found.filter((violation) => violation.startsWith(`${rule}: ${file} → `))).not.toEqual([]);
  });

  test('what is allowed passes', async () => {
    const allowed = await judge({
      'libs/money/src/a.test.ts': `import 'node:fs';`,
      'libs/platform/src/b.ts': `import '@comanda/money';\nimport 'node:fs';`,
      'apps/orders/src/a.ts': `import '@comanda/platform';\nimport type {} from './c.js';`,
      'apps/orders/src/a.test.ts': `import '@comanda/testing';`,
      'apps/orders/src/c.ts': `import './a.js';`,
      'apps/comanda/src/a.ts': `import '@comanda/orders';\nimport '@comanda/payments';`,
    });
    expect(allowed).toEqual([]);
  });
});
