import { execFileSync } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';

/** A disk of its own, in memory, that can be filled to the last byte. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** @returns undefined where this user, or this machine, may not mount */
  static mount(folder: string, megabytes: number): SmallDisk | undefined {
    mkdirSync(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder], { stdio: 'ignore' });
      return new SmallDisk(folder);
    } catch {
      return undefined;
    }
  }

  /** Leaves no room. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    await writeFile(join(this.folder, BALLAST), Buffer.alloc(bavail * bsize)).catch((error: NodeJS.ErrnoException) => {
      // Somebody else took the last byte.
      if (error.code !== 'ENOSPC') throw error;
    });
  }

  /** Makes room again. */
  async clear(): Promise<void> {
    await rm(join(this.folder, BALLAST), { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.folder], { stdio: 'ignore' });
  }
}

const BALLAST = 'ballast';
