import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process with this number was started, in the operating system's own words; undefined when there is none.
 * Number and start together name one process for good: numbers alone are used again.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs('lstart=', pid);
  const stat = read(`/proc/${pid}/stat`);
  // The second field, the command's name, is in parentheses and may hold anything; we want the third and the 22nd.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' ? undefined : fields[18]; // Z: it has ended, and its parent has not looked yet
}

/** The command line of the process with this number; undefined when there is none. */
export function commandOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs('command=', pid);
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') || undefined;
}

function askPs(field: string, pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
