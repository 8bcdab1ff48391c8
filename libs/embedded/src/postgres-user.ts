import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';

const run = promisify(execFile);

/** Whom PostgreSQL runs as. `ids` is set only where that is somebody else than we are. */
export interface PostgresUser {
  readonly name: string;
  readonly ids?: { uid: number; gid: number };
}

/** Ourselves; or, when we are root, whom PostgreSQL refuses, the system user `postgres`, made if it is missing. */
export async function postgresUser(): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { name: userInfo().username };
  const ids = (await idsOf('postgres')) ?? (await makeUser('postgres'));
  return { name: 'postgres', ids };
}

/** The first folder on the way to `path`, or `path` itself, that this user cannot enter or run; undefined when none is in the way. */
export async function obstacleFor(user: PostgresUser, path: string): Promise<string | undefined> {
  const way = [path];
  while (dirname(way[0]!) !== way[0]) way.unshift(dirname(way[0]!));
  const firstClosed = 'for step; do [ -x "$step" ] || { printf %s "$step"; exit; }; done';
  const { stdout } = await run('/bin/sh', ['-c', firstClosed, 'sh', ...way], { cwd: '/', ...user.ids });
  return stdout || undefined;
}

async function idsOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function makeUser(name: string): Promise<{ uid: number; gid: number }> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]);
  } catch (error) {
    // Two starts at once: the other one may have made it.
    const ids = await idsOf(name);
    if (ids) return ids;
    throw refusal(name, error);
  }
  const ids = await idsOf(name);
  if (!ids) throw refusal(name, 'it is not there after useradd');
  return ids;
}

function refusal(name: string, cause: unknown): EmbeddedPostgresError {
  const why = cause instanceof Error ? cause.message.trim() : String(cause);
  return new EmbeddedPostgresError(
    'failed',
    `PostgreSQL does not run as root, and the user "${name}" could not be made (${why}): start as an ordinary user.`,
  );
}
