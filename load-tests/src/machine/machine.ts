import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where a figure was taken: it means nothing elsewhere. */
export interface Machine {
  readonly processors: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a processor when the run began, on average over a minute: what else went on. */
  readonly busyBefore: number;
}

export const thisMachine = (): Machine => ({
  processors: availableParallelism(),
  model: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
  node: process.version,
  busyBefore: loadavg()[0] ?? 0,
});

/** The commit that was built, with a `+` where something was changed since; `null` where this is no clone. */
export async function commitHere(): Promise<string | null> {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const git = async (...args: string[]): Promise<string> => (await promisify(execFile)('git', args, { cwd })).stdout;
  try {
    const commit = (await git('rev-parse', '--short', 'HEAD')).trim();
    return (await git('status', '--porcelain', '--untracked-files=no')) === '' ? commit : `${commit}+`;
  } catch {
    return null;
  }
}
