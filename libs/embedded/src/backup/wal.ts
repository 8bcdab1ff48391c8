import { createHash } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

import type { Client } from 'pg';

import { BackupError } from './backup-error.js';
import { namesIn, writeDurably } from './files.js';
import { segmentAfter, segmentsBetween } from './segments.js';
import { addPiece, pieceOf } from './store.js';

const compress = promisify(gzip);

/**
 * Copies segments of the write-ahead log which the server has completed, each compressed: most are filled in part only.
 * @param until the moment that the last of them reaches
 * @throws BackupError when the server has removed one of them
 */
export async function copySegments(
  data: string,
  backup: string,
  { first, last, until }: { readonly first: string; readonly last: string; readonly until: string },
): Promise<void> {
  const folder = join(data, 'pg_wal');
  const there = segmentsBetween(await namesIn(folder), first, last);
  let expected = first;
  for (const segment of there) {
    if (segment !== expected) break;
    const content = await readFile(join(folder, segment));
    const file = join(backup, pieceOf(segment));
    await writeDurably(`${file}.half`, await compress(content, { level: constants.Z_BEST_SPEED }));
    await rename(`${file}.half`, file);
    const sha256 = createHash('sha256').update(content).digest('hex');
    await addPiece(backup, { segment, sha256, ...(segment === last && { until }) });
    expected = segmentAfter(segment);
  }
  if (expected !== segmentAfter(last))
    throw new BackupError(
      `The server no longer has the segment ${expected} of its write-ahead log: make a new backup.`,
    );
}

/** Where a server writes. */
export interface Writing {
  /** The moment at which this was so; the server's clock. */
  readonly at: string;
  readonly segment: string;
  /** Whether nothing has been written since the segment was begun. */
  readonly fresh: boolean;
}

export async function writingOf(client: Client): Promise<Writing> {
  const { rows } = await client.query<{ at: Date; segment: string; lsn: string }>(
    `select clock_timestamp() as at, pg_walfile_name(lsn) as segment, lsn::text
     from (select pg_current_wal_insert_lsn() as lsn) as now`,
  );
  const [{ at, segment, lsn } = unanswered()] = rows;
  return { at: at.toISOString(), segment, fresh: placeIn(lsn) <= SEGMENT_HEADER };
}

/**
 * Completes the segment that the server is writing, so that it can be copied.
 * @returns its name, where it ends, and a moment before which everything that was committed is in it or in those before
 */
export async function completeSegment(client: Client): Promise<{ last: string; end: string; until: string }> {
  const until = await markCommit(client);
  const { rows } = await client.query<{ last: string; end: string }>(
    'select pg_walfile_name(lsn) as last, lsn::text as end from (select pg_switch_wal() as lsn) as switched',
  );
  return { ...(rows[0] ?? unanswered()), until };
}

/**
 * Commits something after all that was committed before the moment that is returned: who restores to that moment, or to one before it,
 * finds a commit at which to stop.
 */
export async function markCommit(client: Client): Promise<string> {
  const { rows } = await client.query<{ until: Date }>('select clock_timestamp() as until, pg_current_xact_id()');
  return (rows[0]?.until ?? unanswered()).toISOString();
}

export function unanswered(): never {
  throw new Error('PostgreSQL did not answer what was asked.');
}

const SEGMENT_HEADER = 40;
/** How far a position in the write-ahead log, as `0/1A2B3C4D`, is from where its segment of 16 MiB begins. */
const placeIn = (lsn: string): number => Number.parseInt(lsn.split('/')[1] ?? '', 16) % (16 * 1024 * 1024);
