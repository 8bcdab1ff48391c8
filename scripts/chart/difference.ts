import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { stringify } from 'yaml';

import type { Rendered } from './render.ts';

/**
 * What is different between two sets of objects, for a person: each object that changed, with the lines around the change,
 * and each that came, whole; without line numbers, which change with everything above them.
 */
export async function difference(before: readonly Rendered[], after: readonly Rendered[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-chart-'));
  try {
    await write(join(folder, 'a'), before);
    await write(join(folder, 'b'), after);
    return tidy(await gitDiff(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An object as it is shown: fields in the order of the chart. */
export const shown = (object: Rendered): string => stringify(object, { lineWidth: 0 });

async function write(folder: string, objects: readonly Rendered[]): Promise<void> {
  await mkdir(folder);
  await Promise.all(objects.map((each) => writeFile(join(folder, `${each.kind} ${each.metadata.name}`), shown(each))));
}

/** git is wherever this project is; it ends with 1 where something is different. */
async function gitDiff(cwd: string): Promise<string> {
  const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', '--no-prefix', '--unified=2', 'a', 'b'];
  const run = promisify(execFile)('git', args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  return run.then(
    ({ stdout }) => stdout,
    (error: { code?: number; stdout?: string }) => {
      if (error.code === 1) return error.stdout ?? '';
      throw error;
    },
  );
}

function tidy(diff: string): string {
  return diff
    .split('\n')
    .flatMap((line) => {
      if (/^(index|new file|deleted file|---|\+\+\+) /.test(line)) return [];
      const [, name] = /^diff --git "?[ab]\/(.+?)"? "?[ab]\//.exec(line) ?? [];
      if (name) return ['', `== ${name}`];
      return line.startsWith('@@') ? ['…'] : [line];
    })
    .join('\n')
    .trim()
    .concat('\n');
}
