import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { installedBinaries } from '../binaries.js';
import { startEmbeddedPostgres } from '../embedded-postgres.js';
import { postgresUser } from '../postgres-user.js';
import { BackupError } from './backup-error.js';
import { copyFile, eachOf, filesBelow, isSame, namesIn } from './files.js';
import { type Backup, type Piece, pieceOf } from './store.js';
import { verifyBackup } from './verify-backup.js';

const run = promisify(execFile);

export interface RestoreOptions {
  readonly backup: Backup;
  /** The folder of the embedded server: there must be none. */
  readonly folder: string;
  /** The moment to go back to; by default the last one that the backup reaches. */
  readonly at?: Date | undefined;
  readonly progress?: ((step: string) => void) | undefined;
}

/**
 * Brings a server back as it was at a moment, into a folder that is not there yet; it appears when it is whole: verified,
 * started once, and stopped. One that was interrupted is gone on with: what was copied is not copied again.
 * @throws BackupError with one sentence for the person who asked for it
 */
export async function restoreBackup({ backup, folder, at, progress = () => undefined }: RestoreOptions): Promise<void> {
  if ((await namesIn(folder)).length > 0)
    throw new BackupError(
      `There is a database in ${folder}: restore into another folder, or move that one away first.`,
    );
  await requireServer(backup.manifest.postgres);
  const unfinished = `${folder}.restoring`;
  await copyBack(backup, unfinished, progress);
  progress('letting PostgreSQL recover');
  await recover(unfinished, target(backup, at));
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}

/** The files of a database are of one major version of PostgreSQL. */
async function requireServer(version: string): Promise<void> {
  const { stdout } = await run(join(installedBinaries(), 'bin', 'postgres'), ['--version'], { cwd: '/' });
  const installed = /\d+/.exec(stdout)?.[0];
  const [major] = version.split('.');
  if (major !== installed)
    throw new BackupError(
      `The backup is of PostgreSQL ${version}, and this Comanda has PostgreSQL ${installed}: restore it with the version of Comanda that made it.`,
    );
}

async function copyBack(backup: Backup, to: string, progress: (step: string) => void): Promise<void> {
  const { folder, manifest, pieces } = backup;
  progress('verifying the backup');
  const { damages } = await verifyBackup(backup);
  if (damages.length > 0)
    throw new BackupError(`The backup in ${folder} is damaged, restore an older one: ${damages.slice(0, 3).join(' ')}`);
  // A server that has begun to recover has changed them.
  if ((await namesIn(to)).includes(RECOVERING)) await rm(to, { recursive: true, force: true });

  const files = Object.keys(manifest.files).filter((path) => !path.startsWith(`home/`));
  const segments = pieces.flatMap(({ segment }) => (segment ? pieceOf(segment) : []));
  await removeOthers(to, [...files, ...segments]);
  let copied = 0;
  await eachOf([...files, ...segments], async (path) => {
    const written = await copyFile(join(folder, path), join(to, path));
    const noted = manifest.files[path];
    if (!written || (noted && !isSame(written, noted)))
      throw new BackupError(`${join(folder, path)} cannot be read twice alike: its disk is failing.`);
    progress(`${(copied += 1).toLocaleString('en')} of ${files.length + segments.length} files`);
  });
  for (const path of manifest.folders) await mkdir(join(to, 'data', path), { recursive: true, mode: 0o700 });
}

/** What another backup left there, which was begun to be restored and was not finished. */
async function removeOthers(folder: string, wanted: readonly string[]): Promise<void> {
  const ours = new Set(wanted);
  for (const path of await filesBelow(folder)) if (!ours.has(path)) await rm(join(folder, path));
}

/** Where PostgreSQL is to stop: nowhere before the end of what there is, if nothing was committed after that moment. */
function target({ pieces }: Backup, at: Date | undefined): Record<string, string> {
  const last = pieces.findLast((piece: Piece) => piece.segment && piece.until)?.until;
  return at && last && at < new Date(last)
    ? { recovery_target_time: at.toISOString().replace('T', ' ').replace('Z', '+00') }
    : {};
}

/** Starts the server once: it brings its files to the moment, and begins a history of its own from there. */
async function recover(folder: string, until: Record<string, string>): Promise<void> {
  await writeFile(join(folder, RECOVERING), '');
  await writeFile(join(folder, 'data', 'recovery.signal'), '', { mode: 0o600 });
  const { ids } = await postgresUser();
  if (ids) await run('chown', ['-R', `${ids.uid}:${ids.gid}`, folder]);
  const server = await startEmbeddedPostgres({
    folder,
    settings: {
      ...until,
      // Run in the folder of the data. What is not there ends in an error, which means to PostgreSQL that there is no more.
      restore_command: 'gzip -dc ../wal/%f.gz > "%p"',
      recovery_target_action: 'promote',
      // Nobody is let in before it has recovered.
      hot_standby: false,
    },
  });
  await server.stop();
  await rm(join(folder, 'wal'), { recursive: true });
  await rm(join(folder, RECOVERING));
}

const RECOVERING = 'recovering';
