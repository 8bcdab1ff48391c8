import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { root } from '../launch/steps.mjs';

const ours = globSync('{apps,k8s,libs,load-tests,scripts}/**/*.{ts,mjs}', {
  cwd: root,
  exclude: (name) => ['node_modules', 'dist', 'published'].includes(name),
});

/** "file:line: text" for each line that the pattern is found in. */
function linesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

const tests = ours.filter((file) => file.endsWith('.test.ts'));

test('a file is one thing, in at most 400 lines', () => {
  const long = ours
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > 400 && !file.endsWith('.test.ts'));
  expect(long).toEqual([]);
});

test('nothing is left for later', () => {
  expect(linesWith(/\b(TO[D]O|FIX[M]E|HA[C]K)\b/, ours)).toEqual([]);
});

test('no check is switched off', () => {
  expect(linesWith(/@ts-(ignore|nocheck)|(eslint|oxlint)-disable(?!.* -- )/, ours)).toEqual([]);
});

test('every test runs, always', () => {
  expect(linesWith(/\b(test|it|describe)\.(skip|only|todo)\(/, tests)).toEqual([]);
});

test('no test waits by the clock', () => {
  expect(linesWith(/setTimeout\(\s*(r|res|resolve|done)\w*\s*,|\bsleep\(/, tests)).toEqual([]);
});

test('nothing names a folder of one machine', () => {
  expect(linesWith(/['"`/](home|Users)\/[a-z]+\//, ours)).toEqual([]);
});

test('a migration that takes something away says which code is served without it', () => {
  const migrations = ours.filter((file) => /^(apps\/[^/]+\/migrations\/|.*\.migration\.ts$)/.test(file));
  expect(migrations.length).toBeGreaterThan(20);
  const silent = migrations.filter((file) => {
    const code = readFileSync(join(root, file), 'utf8');
    return (
      /drop (table|column)|rename (to|column)|set not null|column \w+ drop default/i.test(code) &&
      !code.includes('contract(runner')
    );
  });
  expect(silent).toEqual([]);
});
