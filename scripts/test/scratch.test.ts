import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test, vi } from 'vitest';

import { holdsTests, inScratch } from './scratch.ts';

const roomy = {
  mounts: 'proc /proc proc rw 0 0\ntmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0\n',
  memory: 'MemTotal:       24684092 kB\nMemAvailable:   20684092 kB\n',
  free: 20 * 2 ** 30,
};

test.each([
  ['with room', {}, true],
  ['of a container, with 64 MB', { free: 64 * 2 ** 20 }, false],
  ['on a machine whose memory others use', { memory: 'MemAvailable:    9684092 kB\n' }, false],
  ['that runs no programs', { mounts: 'shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime 0 0\n' }, false],
  ['that is a disk', { mounts: '/dev/sda1 /dev/shm ext4 rw 0 0\n' }, false],
  ['that there is not', { mounts: '/dev/sda1 / ext4 rw 0 0\n' }, false],
])('tests write to a file system in memory %s: %s', (_what, change, expected) => {
  expect(holdsTests({ ...roomy, ...change })).toBe(expected);
});

test('what was written is gone afterwards, also when the work failed', async () => {
  let used = '';
  const work = inScratch((folder) => {
    used = folder;
    expect(statSync(folder).mode & 0o1777).toBe(0o1777);
    return Promise.reject(new Error('no more dough'));
  });
  await expect(work).rejects.toThrow('no more dough');
  expect(existsSync(used)).toBe(false);
});

test('what a killed run left is gone with the next, and what another run is writing stays', async () => {
  const place = mkdtempSync(join(tmpdir(), 'comanda-scratch-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  vi.stubEnv('TMPDIR', place);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { pid } = spawnSync(process.execPath, ['--version']);
  for (const name of [`comanda-tests-${pid}-left`, `comanda-tests-${process.pid}-ours`, 'photos'])
    mkdirSync(join(place, name));
  await inScratch(() => Promise.resolve());
  expect(readdirSync(place).toSorted()).toEqual([`comanda-tests-${process.pid}-ours`, 'photos']);
});
