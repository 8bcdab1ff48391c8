import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Home } from '../platform/home.js';
import { RecentErrors, recentErrors } from './recent-errors.js';

async function house(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-errors-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return new Home({ COMANDA_HOME: folder });
}

test('the last lines are told, oldest first, also those of an earlier start, and only their owner can read them', async () => {
  const home = await house();
  new RecentErrors(home).write('one\n');
  const later = new RecentErrors(home);
  for (const line of ['two\n', 'three\n']) later.write(line);
  expect(await recentErrors(home, 2)).toEqual(['two', 'three']);
  const [file = ''] = await readdir(home.folder);
  expect((await stat(join(home.folder, file))).mode & 0o077).toBe(0);
});

test('a bad night fills no disk', async () => {
  const home = await house();
  const errors = new RecentErrors(home);
  const line = `${'x'.repeat(100_000)}\n`;
  for (let n = 0; n < 100; n++) errors.write(line);
  const sizes = await Promise.all(
    (await readdir(home.folder)).map(async (name) => (await stat(join(home.folder, name))).size),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_500_000);
  expect(await recentErrors(home, 5)).toHaveLength(5);
});
