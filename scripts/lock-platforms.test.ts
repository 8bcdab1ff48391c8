import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { root } from './launch/steps.mjs';
import { completeLock, missingPlatforms } from './lock-platforms.mjs';
import type { Lock } from './lock-platforms.mjs';

function lockOf(packages: Lock['packages']): Lock {
  return { packages };
}

describe('package-lock.json', () => {
  const lock: Lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

  test('lists the optional packages of every platform, so that npm ci accepts it on all of them', () => {
    expect(missingPlatforms(lock)).toEqual([]);
  });

  test('names no host', () => {
    const hosts = Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.includes('://'));
    expect(hosts).toEqual([]);
  });
});

describe('what npm install left out', () => {
  const wanter = { version: '2.0.0', dev: true, optionalDependencies: { '@oven/binding-linux-arm64-musl': '2.0.0' } };

  test('is put back with its platform, and without a host or a checksum that nobody knows', () => {
    expect(missingPlatforms(lockOf({ 'node_modules/oven': wanter }))).toEqual([
      {
        at: 'node_modules/@oven/binding-linux-arm64-musl',
        entry: { version: '2.0.0', cpu: ['arm64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] },
      },
    ]);
  });

  test('is not put back where the package that wants it has its own', () => {
    const at = 'node_modules/oven/node_modules/@oven/binding-linux-arm64-musl';
    expect(missingPlatforms(lockOf({ 'node_modules/oven': wanter, [at]: { version: '2.0.0' } }))).toEqual([]);
  });

  test('is complained of when its name does not tell the platform', () => {
    const odd = { version: '1.0.0', optionalDependencies: { 'oven-mitts': '1.0.0' } };
    expect(() => missingPlatforms(lockOf({ 'node_modules/oven': odd }))).toThrow(
      'package-lock.json lacks oven-mitts@1.0.0, and its name does not tell for which platform it is.',
    );
  });

  test('stands in the file afterwards, in order, and the rest as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comanda-lock-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'package-lock.json');
    writeFileSync(
      path,
      JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/oven': wanter, 'node_modules/zod': {} } }),
    );
    expect(await completeLock(path)).toBe(1);
    expect(await completeLock(path)).toBe(0);
    const completed: Lock = JSON.parse(readFileSync(path, 'utf8'));
    expect(Object.keys(completed.packages)).toEqual([
      '',
      'node_modules/@oven/binding-linux-arm64-musl',
      'node_modules/oven',
      'node_modules/zod',
    ]);
    expect(completed).toMatchObject({ lockfileVersion: 3, packages: { 'node_modules/oven': wanter } });
  });
});
