import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, onTestFinished, test } from 'vitest';

import { commandOf, startOf } from './other-process.js';

test('a process is known by when it began, which stays the same and is not that of a later one', async () => {
  const later = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void later.kill());
  await once(later, 'spawn');
  expect(startOf(process.pid)).toBe(startOf(process.pid));
  expect(startOf(later.pid!)).toMatch(/\d/);
  expect(startOf(later.pid!)).not.toBe(startOf(process.pid));
  await expect.poll(() => commandOf(later.pid!)).toContain('sleep 60');
});

test('a process that has ended is unknown', async () => {
  const gone = spawn('sleep', ['0'], { stdio: 'ignore' });
  await once(gone, 'exit');
  expect(startOf(gone.pid!)).toBeUndefined();
  expect(commandOf(gone.pid!)).toBeUndefined();
});
