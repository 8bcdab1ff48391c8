import { appendFile, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { BackupError } from './backup-error.js';
import { filesBelow, type Fingerprint, ignoreMissing, namesIn, writeDurably } from './files.js';
import { segmentAfter } from './segments.js';

/** What a backup says of itself, in its `manifest.json`: written last, so that a folder that has one is whole. */
export interface Manifest {
  readonly format: 1;
  /** PostgreSQL's version: `18.4`. */
  readonly postgres: string;
  /** Which database server it is of: all its backups have the same. */
  readonly system: string;
  /** When it was begun, and when it was done; the server's clock. */
  readonly begun: string;
  readonly ended: string;
  /** The first and the last segment of the write-ahead log without which its files are of no use. */
  readonly first: string;
  readonly last: string;
  /** Every file, by its path in the backup. */
  readonly files: Readonly<Record<string, Fingerprint>>;
  /** The server's folders, some of which are empty. */
  readonly folders: readonly string[];
  /** What whoever made it wants to know when it is restored. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** A segment of the write-ahead log that was copied, or a moment up to which there was nothing to copy. */
export interface Piece {
  readonly segment?: string;
  /** Of the segment, not of the compressed file. */
  readonly sha256?: string;
  /** Everything committed before this moment is in the backup. */
  readonly until?: string;
}

/** A whole backup. */
export interface Backup {
  /** When it was begun, as its folder is called. */
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** What of the write-ahead log it has, in order and without a gap. */
  readonly pieces: readonly Piece[];
  /** Everything committed before this moment is in it. */
  readonly until: string;
}

/** The folder in which a backup is made until it is whole. */
export const UNFINISHED = 'unfinished';

/** Where a backup keeps a segment of the write-ahead log. */
export const pieceOf = (segment: string): string => join('wal', `${segment}.gz`);

const nameOf = (begun: Date): string => begun.toISOString().replaceAll(':', '-');

/** The whole backups in a folder, oldest first. */
export async function backupsIn(store: string): Promise<Backup[]> {
  const names = (await namesIn(store)).filter((name) => BACKUP.test(name)).sort();
  const all = await Promise.all(names.map((name) => readBackup(join(store, name), name)));
  return all.filter((backup) => backup !== undefined);
}

/**
 * The backup to restore from: the newest, or the newest that goes on from a state before this moment to beyond it.
 * @param place a folder of backups, or one of them
 * @throws BackupError when there is none
 */
export async function backupAt(place: string, at?: Date): Promise<Backup> {
  const one = await readBackup(place, '');
  const all = one ? [one] : await backupsIn(place);
  const newest = all.at(-1);
  if (!newest) throw new BackupError(`There is no backup in ${place}.`);
  if (!at) return newest;
  const found = all.findLast(({ manifest }) => new Date(manifest.ended) <= at);
  if (!found)
    throw new BackupError(`The oldest state that ${place} can bring back is that of ${all[0]?.manifest.ended}.`);
  if (at > new Date(found.until))
    throw new BackupError(
      `The backup in ${found.folder} reaches until ${found.until}, and not to ${at.toISOString()}.`,
    );
  return found;
}

/** Notes what was copied of the write-ahead log. On a line of its own, whatever a crash left of the one before. */
export async function addPiece(folder: string, piece: Piece): Promise<void> {
  await appendFile(join(folder, PIECES), `\n${JSON.stringify(piece)}\n`, { mode: 0o600, flush: true });
}

/** Makes a backup of what was made ready: from now on it is one. */
export async function finish(store: string, manifest: Manifest): Promise<Backup> {
  const [unfinished, name] = [join(store, UNFINISHED), nameOf(new Date(manifest.begun))];
  const known = new Set([...Object.keys(manifest.files), PIECES]);
  for (const file of await filesBelow(unfinished))
    if (!known.has(file) && !file.startsWith('wal')) await rm(join(unfinished, file));
  await writeDurably(join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
  const folder = join(store, name);
  await rename(unfinished, folder);
  await syncFolder(store);
  const made = await readBackup(folder, name);
  if (!made) throw new Error(`${folder} is not what was written.`);
  return made;
}

/** Removes all but the newest. One that is half removed is none any more, and is removed by the next call. */
export async function keepNewest(store: string, keep: number): Promise<string[]> {
  const names = (await namesIn(store)).filter((name) => BACKUP.test(name)).sort();
  const whole = (await backupsIn(store)).map(({ name }) => name);
  const kept = whole.slice(-keep);
  const removed = names.filter((name) => !kept.includes(name));
  for (const name of removed) {
    await rm(join(store, name, MANIFEST), { force: true });
    await rm(join(store, name), { recursive: true, force: true });
  }
  return removed;
}

const MANIFEST = 'manifest.json';
const PIECES = join('wal', 'pieces.jsonl');
const BACKUP = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

async function readBackup(folder: string, name: string): Promise<Backup | undefined> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const manifest = read<Manifest>(text);
  if (manifest?.format !== 1) throw new BackupError(`${join(folder, MANIFEST)} is damaged, or of a newer Comanda.`);
  const pieces = await readPieces(folder);
  const until = pieces.findLast((piece) => piece.until)?.until ?? manifest.ended;
  return { name, folder, manifest, pieces, until };
}

/**
 * @throws BackupError when one is missing between others: what follows would be of no use, and nobody would notice
 */
async function readPieces(folder: string): Promise<Piece[]> {
  const lines = ((await readFile(join(folder, PIECES), 'utf8').catch(ignoreMissing)) ?? '').split('\n');
  // A last line that was cut short tells of nothing: its segment is copied again.
  const pieces = lines.map((line) => read<Piece>(line)).filter((piece) => piece !== undefined);
  let expected: string | undefined;
  for (const { segment } of pieces) {
    if (!segment) continue;
    if (expected && segment !== expected)
      throw new BackupError(`The backup in ${folder} lacks the segment ${expected} of the write-ahead log.`);
    expected = segmentAfter(segment);
  }
  return pieces;
}

function read<T>(json: string): T | undefined {
  try {
    return JSON.parse(json) as T;
  } catch {
    return undefined;
  }
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder);
  await handle.sync();
}
