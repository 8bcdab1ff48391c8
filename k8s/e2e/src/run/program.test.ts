import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { STEPS } from '../steps/index.js';

test('--help names every step, and what each exit code means', async () => {
  const { code, stdout } = await e2e(['--help']);
  expect(code).toBe(0);
  for (const { name, title } of STEPS) expect(stdout).toContain(`${name.padEnd(15)}${title}`);
  for (const meaning of ['0  every promise', '1  one was not', '2  the options', '3  it cannot'])
    expect(stdout).toContain(meaning);
});

test.each([[['--only', 'dance']], [['--namespace', 'Not A Name']], [['--sometimes']]])(
  '%j is no way to ask: 2',
  async (options) => {
    expect((await e2e(options)).code).toBe(2);
  },
);

test('without kubectl it says so in one sentence: 3', async () => {
  const nowhere = await mkdtemp(join(tmpdir(), 'comanda-nothing-'));
  expect(await e2e([], { PATH: nowhere })).toEqual({
    code: 3,
    stdout: '',
    stderr: 'There is no kubectl: install it, or put it on the PATH.\n',
  });
});

function e2e(
  options: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...options], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
