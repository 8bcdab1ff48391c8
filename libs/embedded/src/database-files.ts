import { randomBytes } from 'node:crypto';
import { access, chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fromServer } from './embedded-postgres-error.js';
import type { PostgresUser } from './postgres-user.js';
import { serverEnvironment, startServerProcess } from './server-process.js';

export interface DatabaseFilesOptions {
  folder: string;
  /** Where PostgreSQL's `bin` is. */
  programs: string;
  user: PostgresUser;
  /** False leaves the writing to the operating system: for databases that need not survive a crash. */
  durable: boolean;
  log?: ((line: string) => void) | undefined;
  progress: (step: string) => void;
}

/**
 * The folder's PostgreSQL data, made by initdb if they are not there yet, and the administrator's password. initdb works
 * beside the final place, so that a first start that was interrupted begins anew.
 */
export async function databaseFiles(options: DatabaseFilesOptions): Promise<{ data: string; password: string }> {
  const { folder, programs, user, progress } = options;
  const password = await passwordIn(folder, user);
  const data = join(folder, 'data');
  if (await exists(data)) return { data, password };

  progress('creating the database files');
  const unfinished = join(folder, 'data.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const initdb = await startServerProcess({
    command: join(programs, 'bin', 'initdb'),
    args: [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      `--pwfile=${passwordFile(folder)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(options.durable ? [] : ['--no-sync']),
    ],
    stopSignal: 'SIGTERM',
    user: user.ids,
    folder,
    env: serverEnvironment(),
    log: options.log,
  });
  const { code, lastWords } = await initdb.ended;
  if (code !== 0) throw fromServer(lastWords, folder, user);
  await rename(unfinished, data);
  return { data, password };
}

/** Made up at the first start and kept where only PostgreSQL's user (and root) can read it. */
async function passwordIn(folder: string, user: PostgresUser): Promise<string> {
  const path = passwordFile(folder);
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.trim()) return kept.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600, flush: true });
  if (user.ids) await chown(path, user.ids.uid, user.ids.gid);
  return password;
}

function passwordFile(folder: string): string {
  return join(folder, 'password');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
