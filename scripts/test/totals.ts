import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readReport } from './report.ts';
import type { Told } from './report.ts';

export interface Totals {
  passed: number;
  failed: Told[];
  skipped: Told[];
}

/** Every workspace package that has a `test` script, as folders below the root. */
export function testProjects(root: string): string[] {
  const { workspaces }: { workspaces: string[] } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return globSync(
    workspaces.map((folder) => `${folder}/package.json`),
    { cwd: root },
  )
    .filter((file) => {
      const { scripts }: { scripts?: Record<string, string> } = JSON.parse(readFileSync(join(root, file), 'utf8'));
      return scripts?.['test'] !== undefined;
    })
    .map((file) => file.slice(0, -'/package.json'.length))
    .toSorted();
}

/**
 * Adds up what the projects reported. A test file that no report knows of counts as failed: what did not run is not
 * known to work.
 */
export function addUp(root: string, projects: readonly string[]): Totals {
  const totals: Totals = { passed: 0, failed: [], skipped: [] };
  for (const project of projects) {
    const here = ({ name, why }: Told): Told => ({ name: `${project}/${name}`, why });
    const report = readReport(root, project);
    totals.passed += report?.passed ?? 0;
    totals.failed.push(...(report?.failed ?? []).map(here));
    totals.skipped.push(...(report?.skipped ?? []).map(here));
    for (const file of testFiles(root, project)) {
      if (!report?.files.includes(file)) totals.failed.push(here({ name: file, why: 'this test file did not run' }));
    }
  }
  return totals;
}

/** The line that ends every run. */
export function closingLine({ passed, failed, skipped }: Totals): string {
  return `tests: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
}

/** Names in groups, each under its reason. */
export function groupedByReason(tests: readonly Told[]): string {
  return [...Map.groupBy(tests, (test) => test.why.split('\n')[0])]
    .map(([why, group]) => [`  ${why}`, ...group.map(({ name }) => `    ${name}`)].join('\n'))
    .join('\n');
}

function testFiles(root: string, project: string): string[] {
  return globSync('**/*.test.ts', { cwd: join(root, project), exclude: ['**/node_modules', '**/dist'] });
}
