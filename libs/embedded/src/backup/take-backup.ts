import { mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Client } from 'pg';

import { claimFolder } from '../folder-claim.js';
import { withConnection } from '../with-connection.js';
import { BackupError } from './backup-error.js';
import { copyFile, type Fingerprint, writeDurably } from './files.js';
import { copyServerFiles } from './server-files.js';
import { type Backup, finish, type Manifest, UNFINISHED } from './store.js';
import { copySegments, markCommit, unanswered } from './wal.js';

export interface BackupOptions {
  /** The administrator's connection to the server that is to be backed up. */
  readonly url: string;
  /** The folder of backups; each has a folder of its own in it. */
  readonly store: string;
  /** Files that belong to it, by the name they shall have under `home/`; one that is missing is left out. */
  readonly attachments?: Readonly<Record<string, string>> | undefined;
  /** What whoever restores it wants to know. */
  readonly about?: Readonly<Record<string, unknown>> | undefined;
  /** Receives what is being done, for a person who waits. */
  readonly progress?: ((step: string) => void) | undefined;
}

/**
 * Copies a running server: all its databases as they are at one instant. One that was interrupted is gone on with: what was
 * copied and has not changed is not copied again.
 * @throws BackupError with one sentence for the person who asked for it
 */
export async function takeBackup(options: BackupOptions): Promise<Backup> {
  const release = await claimStore(options.store);
  try {
    return await withConnection(options.url, (client) => backUp(client, options));
  } finally {
    await release();
  }
}

/** Makes the folder of backups, and notes that we use it; returns how to give it back. */
export async function claimStore(store: string): Promise<() => Promise<void>> {
  await mkdir(store, { recursive: true, mode: 0o700 });
  return claimFolder(store, 'the backups');
}

/** The same through a connection that is there, for whoever has claimed the store. */
export async function backUp(client: Client, options: Omit<BackupOptions, 'url'>): Promise<Backup> {
  const { store, attachments = {}, about = {}, progress = () => undefined } = options;
  const { data, elsewhere, ...server } = await serverOf(client);
  if (elsewhere > 0)
    throw new BackupError('The server keeps tables outside of its folder (tablespaces), which are not copied.');
  if (`${await realpath(store)}/`.startsWith(`${dirname(data)}/`))
    throw new BackupError(`${store} is in the folder of the database: a backup there would be lost together with it.`);
  const unfinished = join(store, UNFINISHED);
  await rm(join(unfinished, 'wal'), { recursive: true, force: true });
  // Ends with this session, and keeps the server from removing what is yet to be copied of its write-ahead log.
  await client.query(`select pg_create_physical_replication_slot(${SLOT}, true, true)`);
  progress('waiting for a checkpoint');
  const begun = await beginOf(client);
  const { files, folders } = await copyServerFiles(data, join(unfinished, 'data'), (count, bytes) =>
    progress(`${count.toLocaleString('en')} files, ${megabytes(bytes)} MB`),
  );
  const until = await markCommit(client);
  const { label, first, last, ended } = await endOf(client);
  files['backup_label'] = await writeDurably(join(unfinished, 'data', 'backup_label'), label);
  await copySegments(data, unfinished, { first, last, until });
  await client.query(`select pg_drop_replication_slot(${SLOT})`);
  const beside = { password: join(dirname(data), 'password'), ...under('home', attachments) };
  const manifest: Manifest = {
    format: 1,
    ...server,
    begun,
    ended,
    first,
    last,
    files: { ...under('data', files), ...(await copyBeside(unfinished, beside)) },
    folders,
    about,
  };
  return finish(store, manifest);
}

const SLOT = `'comanda_copying_' || pg_backend_pid()`;

interface Server {
  readonly data: string;
  readonly postgres: string;
  /** Unlike that of any other server, but for those that were restored from its backups. */
  readonly system: string;
  /** Folders of tables that are not in its own. */
  readonly elsewhere: number;
}

export async function serverOf(client: Client): Promise<Server> {
  const { rows } = await client.query<Server>(
    `select current_setting('data_directory') as data, split_part(current_setting('server_version'), ' ', 1) as postgres,
       system_identifier::text as system,
       (select count(*)::int from pg_tablespace where spcname not in ('pg_default', 'pg_global')) as elsewhere
     from pg_control_system()`,
  );
  return rows[0] ?? unanswered();
}

async function beginOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ at: Date }>(
    `select clock_timestamp() as at from pg_backup_start('comanda', fast => true)`,
  );
  return (rows[0]?.at ?? unanswered()).toISOString();
}

async function endOf(client: Client): Promise<{ label: string; first: string; last: string; ended: string }> {
  const { rows } = await client.query<{ label: string; last: string; ended: Date }>(
    `select labelfile as label, pg_walfile_name(lsn) as last, clock_timestamp() as ended
     from pg_backup_stop(wait_for_archive => false)`,
  );
  const [{ label, last, ended } = unanswered()] = rows;
  const [, first] = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)/m.exec(label) ?? [];
  // Milliseconds are less than what the server counts: it is consistent from the next one on, at the latest.
  return { label, first: first ?? unanswered(), last, ended: new Date(ended.getTime() + 1).toISOString() };
}

async function copyBeside(to: string, files: Readonly<Record<string, string>>): Promise<Record<string, Fingerprint>> {
  const copied: Record<string, Fingerprint> = {};
  for (const [path, from] of Object.entries(files)) {
    const written = await copyFile(from, join(to, path));
    if (written) copied[path] = written;
  }
  return copied;
}

const under = <T>(folder: string, files: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(files).map(([path, value]) => [join(folder, path), value]));

const megabytes = (bytes: number): string => Math.round(bytes / 1024 / 1024).toLocaleString('en');
