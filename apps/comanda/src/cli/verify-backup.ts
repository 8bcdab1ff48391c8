import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Backup,
  backupAt,
  restoreBackup,
  startEmbeddedPostgres,
  verifyBackup,
  withConnection,
} from '@comanda/embedded';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress } from './output.js';

/**
 * Reads a backup, and restores it aside if that is wanted. Prints what was found.
 * @throws CommandFailure when it is not what it was
 */
export async function verify(folder: string, { start, json }: { start?: boolean; json?: boolean }): Promise<void> {
  const progress = new Progress(process.stderr, json);
  const backup = await backupAt(resolve(folder));
  progress.step(`reading ${backup.folder}`);
  const verified = await verifyBackup(backup);
  const damages = [...verified.damages];
  const rows = start && damages.length === 0 ? await rowsOf(backup, progress) : undefined;
  if (json) printJson({ backup: backup.name, until: backup.until, ...verified, ...(rows !== undefined && { rows }) });
  if (damages.length > 0) throw new CommandFailure(`${backup.folder} is damaged: ${damages.slice(0, 5).join(' ')}`);
  if (json) return;
  print(`${verified.files.toLocaleString('en')} files are what was copied; everything until ${backup.until} is there.`);
  if (rows !== undefined) print(`PostgreSQL started from it, and read ${rows.toLocaleString('en')} rows.`);
}

/** Restores it into a folder that is removed again. PostgreSQL checks each page that it reads. */
async function rowsOf(backup: Backup, progress: Progress): Promise<number> {
  const aside = await mkdtemp(join(tmpdir(), 'comanda-verify-'));
  // As root PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(aside, 0o755);
  const folder = join(aside, 'postgres');
  try {
    await restoreBackup({ backup, folder, progress: (step) => progress.update(step) });
    progress.done();
    progress.step('reading every row');
    const server = await startEmbeddedPostgres({ folder });
    return await countRows(server.url).finally(() => server.stop());
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function countRows(url: string): Promise<number> {
  const databases = await withConnection(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('select datname as name from pg_database where datallowconn');
    return rows.map(({ name }) => name);
  });
  let rows = 0;
  for (const database of databases) {
    const at = new URL(url);
    at.pathname = `/${encodeURIComponent(database)}`;
    rows += await withConnection(at.href, async (client) => {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      let sum = 0;
      for (const { name } of tables) sum += await countOf(client, name);
      return sum;
    });
  }
  return rows;
}

/** Every column of every row is read, also what is stored beside its table. */
async function countOf(client: Parameters<Parameters<typeof withConnection>[1]>[0], table: string): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    `select count(*)::int as rows from ${table} as t where length(t::text) >= 0`,
  );
  return rows[0]?.rows ?? 0;
}
