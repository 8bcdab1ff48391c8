import { chmod, mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Does the work with a folder for everything that is written and that nobody keeps: databases of tests, logs, platforms' homes. It is
 * in memory where Linux has a file system there with room for all of it, because making and removing a database's three
 * hundred files is a tenth of what tests cost; elsewhere, and where `TMPDIR` names a place, it is where temporary files go.
 */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const place = process.env['TMPDIR'] || !(await hasRoomInMemory()) ? tmpdir() : IN_MEMORY;
  await removeLeft(place);
  const folder = await mkdtemp(join(place, `${OURS}${process.pid}-`));
  try {
    await chmod(folder, 0o1777); // as the place itself: servers may run as users of their own
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const IN_MEMORY = '/dev/shm';
const OURS = 'comanda-tests-';

/** Removes what a run left that was killed: in memory it would stay until the machine is started anew. */
async function removeLeft(place: string): Promise<void> {
  const left = (await readdir(place)).filter((name) => name.startsWith(OURS) && !isRunning(name.slice(OURS.length)));
  await Promise.all(left.map((name) => rm(join(place, name), { recursive: true, force: true })));
}

/** @param run as it stands in the folder's name: the process's number comes first */
function isRunning(run: string): boolean {
  try {
    return process.kill(Number.parseInt(run, 10), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's
  }
}

async function hasRoomInMemory(): Promise<boolean> {
  try {
    const [mounts, memory, { bavail, bsize }] = await Promise.all([
      readFile('/proc/mounts', 'utf8'),
      readFile('/proc/meminfo', 'utf8'),
      statfs(IN_MEMORY),
    ]);
    return holdsTests({ mounts, memory, free: bavail * bsize });
  } catch {
    return false; // not Linux, or not for us to see
  }
}

/**
 * Whether the file system in memory will do: it runs programs, and it and the machine have enough to spare.
 * @param given.mounts as `/proc/mounts` has them
 * @param given.memory as `/proc/meminfo` has it
 * @param given.free bytes that the file system will take
 */
export function holdsTests({ mounts, memory, free }: { mounts: string; memory: string; free: number }): boolean {
  const [, type, options = ''] = /^\S+ \/dev\/shm (\S+) (\S+)/m.exec(mounts) ?? [];
  const available = Number(/^MemAvailable:\s+(\d+) kB/m.exec(memory)?.[1] ?? 0) * 1024;
  return type === 'tmpfs' && !options.split(',').includes('noexec') && free >= FILES && available >= FILES + PROGRAMS;
}

const GIB = 2 ** 30;
/** What a whole run writes at most before it removes it. */
const FILES = 6 * GIB;
/** What servers, platforms and tests need beside it. */
const PROGRAMS = 6 * GIB;
