import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { copyFile, eachOf, type Fingerprint, ignoreMissing, writeDurably } from './files.js';

/** What was copied of a server's data folder, by path in it. */
export interface ServerFiles {
  readonly files: Record<string, Fingerprint>;
  readonly folders: readonly string[];
}

/**
 * Copies the data folder of a running server, between `pg_backup_start` and `pg_backup_stop`: files change meanwhile, come and go,
 * and the write-ahead log mends them when the copy is started. What PostgreSQL says not to copy is left out
 * (https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA).
 */
export async function copyServerFiles(
  data: string,
  to: string,
  copied: (files: number, bytes: number) => void,
): Promise<ServerFiles> {
  const { found, folders } = await walk(data);
  const files: Record<string, Fingerprint> = {};
  let bytes = 0;
  await eachOf(found, async (path) => {
    const written = await copyFile(join(data, path), join(to, path));
    if (!written) return; // dropped meanwhile, with its table
    files[path] = written;
    copied(Object.keys(files).length, (bytes += written.size));
  });
  files[CONTROL] = await writeDurably(join(to, CONTROL), await steadily(join(data, CONTROL)));
  return { files, folders };
}

/** Last: it says where the copy is to begin when it is started. */
const CONTROL = join('global', 'pg_control');

/** Folders of which the copy has its own: they are made, and left empty. */
const EMPTY: readonly string[] = [
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
];

/** Files that are of the running server alone; those of temporary tables and sorts. */
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|backup_label.*|tablespace_map.*|backup_manifest|(recovery|standby)\.signal|pg_internal\.init.*|pgsql_tmp.*|t\d+_\d+.*|.*\.tmp)$/;

async function walk(data: string): Promise<{ found: string[]; folders: string[] }> {
  const [found, folders]: [string[], string[]] = [[], []];
  const enter = async (folder: string): Promise<void> => {
    for (const entry of (await readdir(join(data, folder), { withFileTypes: true }).catch(ignoreMissing)) ?? []) {
      const path = join(folder, entry.name);
      if (LEFT_OUT.test(entry.name) || path === CONTROL) continue;
      if (entry.isDirectory()) {
        folders.push(path);
        if (!EMPTY.includes(path)) await enter(path);
      } else if (entry.isFile()) found.push(path);
    }
  };
  await enter('');
  folders.push(join('pg_wal', 'archive_status'), join('pg_wal', 'summaries'));
  return { found, folders };
}

/** The server writes this file in one piece of 8 KB; whoever reads it at that moment may see half of it. */
async function steadily(path: string): Promise<Buffer> {
  let before = await readFile(path);
  for (;;) {
    await pause(10);
    const now = await readFile(path);
    if (now.equals(before)) return now;
    before = now;
  }
}
