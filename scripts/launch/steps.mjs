import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Failure, fullDisk } from './failure.mjs';
import { finish } from './finish.mjs';
import { install, isInstalled } from './install.mjs';
import { onlyOne } from './only-one.mjs';
import { pinnedNode, runPinned } from './pinned.mjs';
import { showing } from './progress.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Installs and builds what is missing, then runs a program of the project.
 *
 * @param {[file: string, ...args: string[]]} program
 * @param {{ progress: { isTTY?: boolean, write(text: string): unknown }, build?: boolean }} options where to show progress; whether to build (default: yes)
 * @returns {Promise<number>} the program's exit code
 */
export async function run(program, { progress, build = true }) {
  const note = join(root, '.cache', 'preparing');
  const waiting = (/** @type {number} */ pid) => {
    progress.write(`waiting for process ${pid}, which is installing or building\n`);
  };
  await onlyOne(note, { waiting }, async () => {
    if (!isInstalled(root)) await showing(progress, 'installing the packages', () => install(root));
    if (build) await showing(progress, 'building', compile);
  });
  return runPinned(root, program);
}

/**
 * Compiles what has changed since the last time, with TypeScript's native compiler, which takes half the time; the compiler's
 * complaints go to stderr. It cannot be loaded into other tools: for them `typescript` is the last one that can.
 */
export async function compile() {
  const tsc = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
  const plain = process.stderr.isTTY ? [] : ['--pretty', 'false'];
  const { code, output } = await finish(pinnedNode(root), [tsc, '-b', ...plain], { cwd: root });
  if (code === 0) return;
  console.error(output);
  if (output.includes('ENOSPC')) throw new Failure(fullDisk(root));
  throw new Failure('The build failed: what the compiler said stands above.');
}
