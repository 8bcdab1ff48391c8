import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import type { Client } from 'pg';

import { errorCode } from '../error-code.js';
import { withConnection } from '../with-connection.js';
import { segmentAfter, timelineOf } from './segments.js';
import { addPiece, type Backup, backupsIn, keepNewest } from './store.js';
import { backUp, type BackupOptions, claimStore, serverOf } from './take-backup.js';
import { completeSegment, copySegments, unanswered, writingOf } from './wal.js';

export interface FollowOptions extends Omit<BackupOptions, 'url'> {
  /** Asked before each round: the server may have been started again, on another port. Undefined while there is none. */
  readonly url: () => Promise<string | undefined>;
  /** Milliseconds from one round to the next: what a disaster may cost. */
  readonly every: number;
  /** Milliseconds after which a whole backup is made anew. */
  readonly wholeEvery: number;
  /** How many whole backups are kept; all of them, unless given. */
  readonly keep?: number | undefined;
  readonly signal: AbortSignal;
  /** Told after each round: the moment up to which nothing can be lost any more; undefined when the server was away. */
  readonly followed: (until: string | undefined) => void;
}

/**
 * Keeps a folder of backups up to date until the signal: makes a whole one where there is none to go on from, then copies what is
 * committed since, round after round, so that any moment from then on can be restored. Where it was interrupted, or the server was
 * away, it goes on without a gap: the server keeps what was not copied yet, up to `max_slot_wal_keep_size`; beyond that a whole
 * backup is made anew.
 * @throws BackupError with one sentence for the person who asked for it
 */
export async function followServer({ url, every, signal, followed, ...options }: FollowOptions): Promise<void> {
  const release = await claimStore(options.store);
  try {
    while (!signal.aborted) {
      const server = await url();
      followed(server && (await withConnection(server, (client) => round(client, options)).catch(ignoreAway)));
      await pause(every, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await release();
  }
}

type Rounds = Omit<FollowOptions, 'url' | 'every' | 'signal' | 'followed'>;

/** @returns the moment up to which everything is in the backup */
async function round(client: Client, options: Rounds): Promise<string> {
  const { store, wholeEvery, keep } = options;
  const slot = await slotOf(store);
  const known = await latestOf(client, slot, store);
  if (known && Date.now() - Date.parse(known.manifest.begun) < wholeEvery) return copyTail(client, known, slot);

  if (!known) await reserve(client, slot);
  const made = await backUp(client, options);
  // The one before reaches until here: there is no moment that none of them can bring back.
  if (known) await copyTail(client, known, slot);
  const until = await copyTail(client, made, slot);
  if (keep !== undefined) await keepNewest(store, keep);
  return until;
}

/** The newest backup, if what the server keeps goes on where that ends. */
async function latestOf(client: Client, slot: string, store: string): Promise<Backup | undefined> {
  const newest = (await backupsIn(store)).at(-1);
  const last = newest && lastOf(newest);
  if (!last || newest.manifest.system !== (await serverOf(client)).system) return undefined;
  const { segment } = await writingOf(client);
  const { rows } = await client.query<{ kept: string }>(
    `select pg_walfile_name(restart_lsn) as kept from pg_replication_slots
     where slot_name = $1 and restart_lsn is not null and wal_status <> 'lost'`,
    [slot],
  );
  const kept = rows[0]?.kept;
  // A server that was restored writes another history.
  if (!kept || timelineOf(last) !== timelineOf(segment) || kept > segmentAfter(last)) return undefined;
  return newest;
}

/** Has the server keep its write-ahead log from now on, until we have copied it. */
async function reserve(client: Client, slot: string): Promise<void> {
  await client.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [
    slot,
  ]);
  await client.query('select pg_create_physical_replication_slot($1, true)', [slot]);
}

/** Copies what was written since, and lets the server remove it. */
async function copyTail(client: Client, backup: Backup, slot: string): Promise<string> {
  const { at, segment, fresh } = await writingOf(client);
  const first = segmentAfter(lastOf(backup) ?? unanswered());
  if (fresh && segment === first) {
    await addPiece(backup.folder, { until: at });
    return at;
  }
  const { last, end, until } = await completeSegment(client);
  const { data } = await serverOf(client);
  await copySegments(data, backup.folder, { first, last, until });
  await client.query('select pg_replication_slot_advance($1, $2)', [slot, end]);
  return until;
}

const lastOf = ({ pieces }: Backup): string | undefined => pieces.findLast(({ segment }) => segment)?.segment;

/** Each folder of backups has its own place in the server's write-ahead log. */
const slotOf = async (store: string): Promise<string> =>
  `comanda_backup_${createHash('sha256')
    .update(await realpath(store))
    .digest('hex')
    .slice(0, 12)}`;

/** The server ended, or has not begun yet. What else fails, a full disk above all, is not waited out. */
function ignoreAway(error: unknown): undefined {
  if (!AWAY.includes(errorCode(error)) && !/Connection terminated/.test(String(error))) throw error;
}

const AWAY: readonly unknown[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'];
