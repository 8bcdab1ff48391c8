import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { changed } from './broken/break-rule.js';
import { BROKEN_RULES } from './broken/rules.js';

const root = join(import.meta.dirname, '../../..');

/** The command as it was built: what it runs must be given its surroundings before anything is loaded. */
async function simulator(...given: string[]): Promise<{ summary: Record<string, unknown>; told: string }> {
  const command = join(root, 'apps/simulator/dist/src/main.js');
  const run = promisify(execFile)(process.execPath, [command, '--json', '--workers', '1', ...given], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  return { summary: JSON.parse(stdout) as Record<string, unknown>, told: stderr };
}

const PATIENCE = 180_000;

test(
  'whatever failed once holds now, and so do other seeds, each time in the same way',
  { timeout: PATIENCE },
  async () => {
    const { summary, told } = await simulator('--corpus', '--seeds', '3', '--repeat', '2');
    expect(summary, told).toMatchObject({ failingSeeds: [], operations: expect.any(Number) });
    expect(summary['seeds']).toBeGreaterThanOrEqual(6);
    expect(summary['operations']).toBeGreaterThan(40);
  },
);

describe('a rule that is broken', () => {
  test.each(BROKEN_RULES)('$name could still be broken: the code is what it was', async (rule) => {
    const source = await readFile(join(root, rule.file), 'utf8');
    expect(changed(rule, source)).not.toBe(source);
  });

  test('but one that the code has outgrown is told of', () => {
    expect(() => changed(BROKEN_RULES[0] as (typeof BROKEN_RULES)[0], 'export {};')).toThrow('holds no more');
  });
});
