import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { ProjectReport } from './report.ts';
import { addUp, closingLine, groupedByReason, testProjects } from './totals.ts';

const nothing: ProjectReport = { files: [], passed: 0, failed: [], skipped: [], seconds: 1 };

/** A checkout with these test files and these reports. */
function checkout(files: string[], reports: Record<string, Partial<ProjectReport>>): string {
  const root = mkdtempSync(join(tmpdir(), 'comanda-totals-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (file: string, content: unknown) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify(content));
  };
  write('package.json', { workspaces: ['libs/*', 'apps/*'] });
  for (const file of files) write(file, '');
  for (const [project, report] of Object.entries(reports)) write(`reports/${project}.json`, { ...nothing, ...report });
  return root;
}

test('the totals are the sum over the projects', () => {
  const root = checkout(['libs/money/src/a.test.ts', 'apps/orders/src/b.test.ts'], {
    'libs/money': { files: ['src/a.test.ts'], passed: 40 },
    'apps/orders': {
      files: ['src/b.test.ts'],
      passed: 2,
      failed: [{ name: 'src/b.test.ts > settles', why: 'expected 42 to be 41' }],
      skipped: [{ name: 'src/b.test.ts > fires', why: 'there is no Java' }],
    },
  });
  const totals = addUp(root, ['libs/money', 'apps/orders']);
  expect(closingLine(totals)).toBe('tests: 42 passed, 1 failed, 1 skipped');
  expect(groupedByReason(totals.failed)).toBe('  expected 42 to be 41\n    apps/orders/src/b.test.ts > settles');
});

test('a project that left no report has failed, once for each of its test files', () => {
  const root = checkout(['libs/money/src/a.test.ts', 'libs/money/src/b.test.ts'], {});
  expect(closingLine(addUp(root, ['libs/money']))).toBe('tests: 0 passed, 2 failed, 0 skipped');
});

test('a test file that did not run has failed', () => {
  const root = checkout(['libs/money/src/a.test.ts', 'libs/money/src/b.test.ts'], {
    'libs/money': { files: ['src/a.test.ts'], passed: 3 },
  });
  expect(addUp(root, ['libs/money'])).toMatchObject({
    passed: 3,
    failed: [{ name: 'libs/money/src/b.test.ts', why: 'this test file did not run' }],
  });
});

test('a project without test files is no failure', () => {
  const root = checkout([], {});
  expect(closingLine(addUp(root, ['libs/money']))).toBe('tests: 0 passed, 0 failed, 0 skipped');
});

test('the projects are the workspace packages that have tests to run', () => {
  const root = checkout([], {});
  for (const [project, scripts] of Object.entries({
    'libs/money': { test: 'vitest run' },
    'apps/orders': { test: 'vitest run' },
    'apps/notes': {},
  })) {
    mkdirSync(join(root, project), { recursive: true });
    writeFileSync(join(root, project, 'package.json'), JSON.stringify({ scripts }));
  }
  expect(testProjects(root)).toEqual(['apps/orders', 'libs/money']);
});
