import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { errorCode } from '../error-code.js';

/** What a file held when it was read. */
export interface Fingerprint {
  readonly size: number;
  readonly sha256: string;
}

export const isSame = (one: Fingerprint, other: Fingerprint): boolean =>
  one.size === other.size && one.sha256 === other.sha256;

/** Reads a whole file; undefined where there is none. */
export async function fingerprintOf(path: string): Promise<Fingerprint | undefined> {
  await using file = await open(path).catch(ignoreMissing);
  return file && (await pour(file, () => undefined));
}

/**
 * Copies a file, on disk when this resolves, and tells what was written: of one that grows meanwhile, what it held when it was
 * read. One that is there already with the same content is left as it is, so that a copy that was interrupted goes on.
 * @returns undefined when there is no such file, or none any more
 */
export async function copyFile(from: string, to: string): Promise<Fingerprint | undefined> {
  const there = await fingerprintOf(to);
  if (there) {
    const wanted = await fingerprintOf(from);
    if (wanted && isSame(there, wanted)) return there;
  }
  await using source = await open(from).catch(ignoreMissing);
  if (!source) return undefined;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await using target = await open(to, 'w', 0o600);
  const written = await pour(source, (chunk) => target.writeFile(chunk));
  await target.datasync();
  return written;
}

/** Writes a small file whole: it is on disk when this resolves, and readable by its owner alone. */
export async function writeDurably(path: string, content: string | Buffer): Promise<Fingerprint> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await using file = await open(path, 'w', 0o600);
  await file.writeFile(content);
  await file.sync();
  return { size: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') };
}

/** Does something with each, a few at a time. The first failure is thrown, once those under way have ended. */
export async function eachOf<T>(all: Iterable<T>, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done && !failed; next = rest.next())
      await work(next.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** The names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(ignoreMissing)) ?? [];
}

/** Every file below a folder, as paths relative to it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(ignoreMissing)) ?? [];
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

export function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}

/** Reads a file from where it is to its end. */
async function pour(file: FileHandle, take: (chunk: Buffer) => Promise<void> | undefined): Promise<Fingerprint> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let size = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK);
    if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await take(chunk);
    size += bytesRead;
  }
}

const CHUNK = 256 * 1024;
const AT_ONCE = 16;
