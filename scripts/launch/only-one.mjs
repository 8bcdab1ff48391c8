import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does the work while no other process does work under the same note. A note whose process is gone binds nobody.
 *
 * @template T
 * @param {string} note a file that names the process at work
 * @param {{ waiting: (pid: number) => void }} tell
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function onlyOne(note, tell, work) {
  await mkdir(dirname(note), { recursive: true });
  for (let told = false; !(await leave(note));) {
    const pid = Number(await readFile(note, 'utf8').catch(() => 0));
    if (pid > 0 && !isAlive(pid)) {
      await rm(note, { force: true });
      continue;
    }
    if (!told && pid > 0) {
      tell.waiting(pid);
      told = true;
    }
    await pause(100);
  }
  try {
    return await work();
  } finally {
    await rm(note, { force: true });
  }
}

/**
 * @param {string} note
 * @returns {Promise<boolean>} false when there is a note already
 */
async function leave(note) {
  try {
    await writeFile(note, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
