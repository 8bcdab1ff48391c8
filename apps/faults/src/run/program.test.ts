import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeReal } from '@comanda/testing';
import { expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios/index.js';

test('--help names every fault, and what each exit code means', async () => {
  const { code, stdout } = await faults(['--help']);
  expect(code).toBe(0);
  for (const { id, title } of SCENARIOS) expect(stdout).toContain(`${id.padEnd(6)}${title}`);
  for (const meaning of ['0  every promise', '1  one was not', '2  the options', '3  the faults cannot'])
    expect(stdout).toContain(meaning);
});

test.each([[['--only', 'F99']], [['--kills', 'many']], [['--sometimes']]])(
  '%j is no way to ask: 2',
  async (options) => {
    expect((await faults(options)).code).toBe(2);
  },
);

test('without a broker to be had it says so in one sentence: 3', async () => {
  const nowhere = await mkdtemp(join(tmpdir(), 'comanda-nothing-'));
  const { code, stdout, stderr } = await faults(['--only', 'F1', '--state', join(nowhere, 'state')], {
    PATH: nowhere,
    COMANDA_CACHE: nowhere,
  });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^The faults need kafka: there is no Java.+\.\n$/);
});

describeReal(['kafka', 'redis'], 'a few of them', () => {
  test('a relay and whoever consumes are killed while guests order and pay: nothing is lost, nothing is done twice', async () => {
    const nowhere = await mkdtemp(join(tmpdir(), 'comanda-faults-'));
    const options = ['--only', 'F3,F6', '--kills', '2', '--seed', '1', '--state', join(nowhere, 'state'), '--json'];
    const { code, stdout, stderr } = await faults(options);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as { kills: number; operations: number };
    expect(report).toMatchObject({ lost: 0, duplicated: 0, invariantsViolated: 0 });
    expect(report.kills).toBeGreaterThan(3);
    expect(report.operations).toBeGreaterThan(0);
  }, 300_000);
});

function faults(
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
