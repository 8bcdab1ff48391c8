import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { eachOf, fingerprintOf, isSame } from './files.js';
import { type Backup, type Piece, pieceOf } from './store.js';

const decompress = promisify(gunzip);

/** What reading all of a backup showed. */
export interface Verified {
  readonly files: number;
  readonly bytes: number;
  /** What is not as it was when the backup was made: a sentence each. */
  readonly damages: readonly string[];
}

/** Reads every file of a backup and holds it against what was noted when it was made. */
export async function verifyBackup({ folder, manifest, pieces }: Backup): Promise<Verified> {
  const damages: string[] = [];
  let bytes = 0;
  const known = Object.entries(manifest.files);
  await eachOf(known, async ([path, noted]) => {
    const found = await fingerprintOf(join(folder, path));
    bytes += found?.size ?? 0;
    if (!found) damages.push(`${path} is missing.`);
    else if (!isSame(found, noted)) damages.push(`${path} is not what was copied.`);
  });
  const segments = pieces.filter(({ segment }) => segment);
  await eachOf(segments, async (piece) => {
    const { size, damage } = await examine(folder, piece);
    bytes += size;
    if (damage) damages.push(damage);
  });
  if (!reaches(pieces, manifest.first, manifest.last))
    damages.push(`The write-ahead log from ${manifest.first} to ${manifest.last} is not all there.`);
  return { files: known.length + segments.length, bytes, damages: damages.sort() };
}

async function examine(folder: string, { segment = '', sha256 }: Piece): Promise<{ size: number; damage?: string }> {
  const path = pieceOf(segment);
  const packed = await readFile(join(folder, path)).catch(() => undefined);
  if (!packed) return { size: 0, damage: `${path} is missing.` };
  const content = await decompress(packed).catch(() => undefined);
  const same = content && createHash('sha256').update(content).digest('hex') === sha256;
  return { size: packed.length, ...(!same && { damage: `${path} is not what was copied.` }) };
}

/** Whether the pieces, which have no gap between them, begin and end as they must. */
function reaches(pieces: readonly Piece[], first: string, last: string): boolean {
  const segments = pieces.flatMap(({ segment }) => segment ?? []);
  return segments[0] === first && segments.includes(last);
}
