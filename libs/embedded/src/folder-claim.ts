import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { errorCode } from './error-code.js';
import { startOf } from './other-process.js';

/**
 * Notes in the folder that this process uses it, and returns how to give it back. Refuses with `already_running` while
 * another start that still lives has it; what a killed one left behind is taken over.
 * @param what is in the folder, for the refusal
 */
export async function claimFolder(folder: string, what = 'the database'): Promise<() => Promise<void>> {
  const note = join(folder, 'owner');
  const us = `${process.pid} ${startOf(process.pid)}\n`;
  for (;;) {
    try {
      await writeFile(note, us, { flag: 'wx', flush: true });
      return () => rm(note, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const owner = await ownerIn(note);
    if (owner && startOf(owner.pid) === owner.start) {
      throw new EmbeddedPostgresError(
        'already_running',
        `Another start (process ${owner.pid}) is using ${what} in ${folder}: stop that one first, or name another folder.`,
      );
    }
    await rm(note, { force: true });
  }
}

/** The process that wrote the note, and when that process began: its number alone may be another's by now. A note cut short names nobody. */
async function ownerIn(note: string): Promise<{ pid: number; start: string } | undefined> {
  const [, pid, start] = /^(\d+) (.+)\n$/.exec(await readFile(note, 'utf8').catch(() => '')) ?? [];
  return pid && start ? { pid: Number(pid), start } : undefined;
}
