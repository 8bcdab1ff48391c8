import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { VERSION } from '@comanda/contracts/words';
import { describe, expect, test } from 'vitest';

import { root } from '../launch/steps.mjs';

interface Package {
  name: string;
  version: string;
  description?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  nx?: { tags?: string[] };
}

function packageIn(folder: string): Package {
  const content: Package = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return content;
}

/** The packages that the TypeScript project in this folder is built after, as folders below the root. */
function referencesOf(folder: string): string[] {
  const { references = [] }: { references?: { path: string }[] } = JSON.parse(
    readFileSync(join(root, folder, 'tsconfig.json'), 'utf8'),
  );
  return references.map(({ path }) => join(folder, path)).toSorted();
}

const folders = [
  ...globSync('{libs,apps}/*/package.json', { cwd: root }).map(dirname),
  'k8s/e2e',
  'load-tests',
  'scripts',
].toSorted();
const folderOf = new Map(folders.map((folder) => [packageIn(folder).name, folder]));

test('the build knows every package', () => {
  expect(referencesOf('.')).toEqual(folders);
});

describe.each(folders)('%s', (folder) => {
  const { version, description, scripts, dependencies, devDependencies, nx } = packageIn(folder);

  test('says what it is for and in which layer', () => {
    expect(description).toMatch(/^[A-Z].*\.$/);
    expect(nx?.tags?.filter((tag) => tag.startsWith('layer:'))).toHaveLength(1);
    expect(readdirSync(join(root, folder))).toContain('README.md');
  });

  test('is of the version that everything says it is', () => {
    expect(version).toBe(VERSION);
  });

  test('can be built, checked, linted and tested through Nx', () => {
    expect(Object.keys(scripts ?? {})).toEqual(expect.arrayContaining(['build', 'typecheck', 'lint', 'test']));
    // By the one compiler that `npm start` and `npm test` build with: another would build everything anew.
    const compiler = join(relative(folder, '.'), 'node_modules', 'typescript-native', 'bin', 'tsc');
    expect([scripts?.['build'], scripts?.['typecheck']]).toEqual(Array(2).fill(`node ${compiler} -b`));
  });

  test('is built after what it depends on', () => {
    const wanted = Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => folderOf.get(name) ?? []);
    expect(referencesOf(folder)).toEqual(wanted.toSorted());
  });
});
