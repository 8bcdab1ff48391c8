import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres.js';
import { withConnection } from '../with-connection.js';
import { BackupError } from './backup-error.js';
import { followServer } from './follow-backup.js';
import { restoreBackup } from './restore-backup.js';
import { segmentAfter } from './segments.js';
import { type Backup, backupAt, backupsIn, keepNewest } from './store.js';
import { takeBackup } from './take-backup.js';
import { verifyBackup } from './verify-backup.js';

// Servers are copied, restored and started, on a machine that does other things too.
vi.setConfig({ testTimeout: 90_000 });

const scratch = mkdtempSync(join(tmpdir(), 'comanda-backup-'));
const settings = { shared_buffers: '16MB' };
let server: EmbeddedPostgres;
let folders = 0;
const fresh = (): string => join(scratch, `folder-${(folders += 1)}`);

beforeAll(async () => {
  execFileSync('chmod', ['755', scratch]);
  server = await startEmbeddedPostgres({ folder: join(scratch, 'postgres'), settings });
  await query(server.url, 'create database orders');
  await query(server.url, 'create database payments');
  for (const database of ['orders', 'payments'])
    await query(at(database), 'create table sold (number int primary key)');
});

afterAll(async () => {
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const at = (database: string, url = server.url): string => url.replace(/postgres$/, database);

const query = (url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  withConnection(url, async (client) => (await client.query<Record<string, unknown>>(sql, values)).rows);

const sold = async (url: string): Promise<number> =>
  Number((await query(url, 'select coalesce(max(number), 0) as last from sold'))[0]?.['last']);

/** Sells one more in both databases: in orders first. */
async function sell(): Promise<number> {
  const number = (await sold(at('orders'))) + 1;
  for (const database of ['orders', 'payments']) await query(at(database), 'insert into sold values ($1)', [number]);
  return number;
}

const now = async (): Promise<Date> => (await query(server.url, 'select clock_timestamp() as now'))[0]?.['now'] as Date;

/** Restores, and lets the server of it be asked. */
async function restored(backup: Backup, moment?: Date): Promise<EmbeddedPostgres> {
  const folder = fresh();
  await restoreBackup({ backup, folder, at: moment });
  const second = await startEmbeddedPostgres({ folder, settings });
  onTestFinished(() => second.stop());
  return second;
}

describe('a backup of a server that goes on selling', () => {
  test('is all databases at one instant: what it says it holds is there, and nothing half', async () => {
    const selling = { on: true, acknowledged: [] as { number: number; at: Date }[] };
    const seller = (async () => {
      while (selling.on) {
        const number = await sell();
        selling.acknowledged.push({ number, at: await now() });
      }
    })();
    const backup = await takeBackup({ url: server.url, store: fresh() });
    selling.on = false;
    await seller;
    const { url } = await restored(backup);
    const [orders, payments] = [await sold(at('orders', url)), await sold(at('payments', url))];
    expect([0, 1]).toContain(orders - payments);
    const promised = selling.acknowledged.findLast((sale) => sale.at < new Date(backup.until))?.number ?? 0;
    expect(payments).toBeGreaterThanOrEqual(promised);
    expect(payments).toBeGreaterThan(0);
  });

  test('is readable by its owner alone, and brings back what belongs to it', async () => {
    const secret = join(scratch, 'secret');
    writeFileSync(secret, 'open sesame');
    const attachments = { secret, 'demo.json': join(scratch, 'no-such-file') };
    const { folder, manifest } = await takeBackup({
      url: server.url,
      store: fresh(),
      attachments,
      about: { by: 'test' },
    });
    expect(manifest.about).toEqual({ by: 'test' });
    expect(readdirSync(join(folder, 'home'))).toEqual(['secret']);
    const open = Object.keys(manifest.files).filter((path) => (statSync(join(folder, path)).mode & 0o077) !== 0);
    expect([open, statSync(folder).mode & 0o077]).toEqual([[], 0]);
  });

  test('that was interrupted is gone on with: what did not change is not copied again', async () => {
    const store = fresh();
    let copied = 0;
    const stumble = (): void => {
      if ((copied += 1) > 200) throw new Error('the power is gone');
    };
    await expect(takeBackup({ url: server.url, store, progress: stumble })).rejects.toThrow('the power is gone');
    const unfinished = join(store, 'unfinished', 'data');
    const before = readdirSync(join(unfinished, 'base', '1')).map(
      (name) => [name, statSync(join(unfinished, 'base', '1', name)).mtimeMs] as const,
    );
    expect(before.length).toBeGreaterThan(50);
    expect(await backupsIn(store)).toEqual([]);
    const { folder, manifest } = await takeBackup({ url: server.url, store });
    for (const [name, modified] of before)
      expect(statSync(join(folder, 'data', 'base', '1', name)).mtimeMs, name).toBe(modified);
    expect(await verifyBackup((await backupsIn(store))[0] as Backup)).toMatchObject({ damages: [] });
    expect(readdirSync(store)).not.toContain('unfinished');
    expect(Object.keys(manifest.files)).toContain(join('data', 'backup_label'));
  });

  test('refuses a folder that would be lost with the database, and one that another backup uses', async () => {
    await expect(takeBackup({ url: server.url, store: join(scratch, 'postgres', 'backups') })).rejects.toThrow(
      'would be lost together with it',
    );
    const store = fresh();
    const first = takeBackup({ url: server.url, store });
    await expect.poll(() => existsSync(join(store, 'owner'))).toBe(true);
    await expect(takeBackup({ url: server.url, store })).rejects.toThrow(`is using the backups in ${store}`);
    await first;
  });

  test('only the newest are kept, if that is wanted', async () => {
    const store = fresh();
    const made = [await takeBackup({ url: server.url, store }), await takeBackup({ url: server.url, store })];
    mkdirHalfRemoved(store);
    await keepNewest(store, 1);
    expect(readdirSync(store)).toEqual([made[1]?.name]);
  });

  test('one that cannot be read now is not taken for one that is half removed', async () => {
    const store = fresh();
    const { folder } = await takeBackup({ url: server.url, store });
    // No disk fails on demand; a link that leads to itself cannot be read either.
    renameSync(join(folder, 'manifest.json'), join(folder, 'manifest.kept'));
    symlinkSync('manifest.json', join(folder, 'manifest.json'));
    await expect(keepNewest(store, 7)).rejects.toThrow('ELOOP');
    renameSync(join(folder, 'manifest.kept'), join(folder, 'manifest.json'));
    expect(await keepNewest(store, 7)).toEqual([]);
  });
});

describe('following', () => {
  test('any moment comes back: nothing of what was committed before it is missing, nothing later is there', async () => {
    const store = fresh();
    const follower = follow(store);
    await follower.reached(await now());
    await sell();
    const kept = await sell();
    const moment = await now();
    await sell();
    const last = await sell();
    await follower.reached(await now());
    await follower.stop();

    const earlier = await restored(await backupAt(store, moment), moment);
    expect(await sold(at('payments', earlier.url))).toBe(kept);
    const newest = await restored(await backupAt(store));
    expect(await sold(at('payments', newest.url))).toBe(last);
    await expect(backupAt(store, new Date(Date.now() + 60_000))).rejects.toThrow('reaches until');
    await expect(backupAt(store, new Date(0))).rejects.toThrow('The oldest state');
  });

  test('goes on where it was interrupted, and begins anew where the server no longer has what is missing', async () => {
    const store = fresh();
    const first = follow(store);
    await first.reached(await now());
    await first.stop();
    const number = await sell();
    await query(server.url, 'select pg_switch_wal()');
    const second = follow(store);
    await second.reached(await now());
    await second.stop();
    expect(await backupsIn(store)).toHaveLength(1);
    expect(await sold(at('orders', (await restored(await backupAt(store))).url))).toBe(number);

    await query(
      server.url,
      `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name like 'comanda_backup%'`,
    );
    const third = follow(store);
    await third.reached(await now());
    await third.stop();
    expect(await backupsIn(store)).toHaveLength(2);
  });

  test('makes a whole backup anew when the last is old, with no moment between them that is lost', async () => {
    const store = fresh();
    const follower = follow(store, { wholeEvery: 0, keep: 2 });
    await expect.poll(() => backupsIn(store), { timeout: 20_000 }).toHaveLength(2);
    await follower.stop();
    const [one, other] = await backupsIn(store);
    expect(new Date(one?.until ?? 0) >= new Date(other?.manifest.ended ?? Infinity)).toBe(true);
  });

  test('waits for a server that is away', async () => {
    const store = fresh();
    const gone = new URL(server.url);
    gone.port = '1';
    const heard: (string | undefined)[] = [];
    const stop = new AbortController();
    await followServer({
      store,
      url: async () => gone.href,
      every: 10,
      wholeEvery: 60_000,
      signal: stop.signal,
      followed: (until) => {
        heard.push(until);
        if (heard.length === 2) stop.abort();
      },
    });
    expect(heard).toEqual([undefined, undefined]);
  });
});

describe('a backup that is not what it was', () => {
  let good: Backup;
  beforeAll(async () => {
    good = await takeBackup({ url: server.url, store: fresh() });
  });

  const damaged = async (damage: (folder: string) => void): Promise<Backup> => {
    const store = fresh();
    cpSync(good.folder, join(store, good.name), { recursive: true });
    damage(join(store, good.name));
    return backupAt(store);
  };

  test.each<[string, (folder: string) => void, string]>([
    [
      'a file that changed',
      (folder) => appendFileSync(join(folder, 'data', 'PG_VERSION'), '!'),
      'data/PG_VERSION is not what was copied.',
    ],
    [
      'a file that is gone',
      (folder) => rmSync(join(folder, 'data', 'global', 'pg_control')),
      'data/global/pg_control is missing.',
    ],
    [
      'a part of the log that is torn',
      (folder) => writeFileSync(join(folder, 'wal', `${good.manifest.last}.gz`), 'torn'),
      'is not what was copied.',
    ],
    [
      'a part of the log that is gone',
      (folder) => rmSync(join(folder, 'wal', `${good.manifest.last}.gz`)),
      'is missing.',
    ],
  ])('is told of, and not restored: %s', async (_, damage, sentence) => {
    const backup = await damaged(damage);
    const { damages } = await verifyBackup(backup);
    expect(damages).toEqual([expect.stringContaining(sentence)]);
    const folder = fresh();
    await expect(restoreBackup({ backup, folder })).rejects.toThrow(BackupError);
    expect(existsSync(folder)).toBe(false);
  });

  test('is told of when a part in the middle of the log is missing', async () => {
    const after = segmentAfter(segmentAfter(good.manifest.last));
    await expect(
      damaged((folder) =>
        appendFileSync(join(folder, 'wal', 'pieces.jsonl'), `\n${JSON.stringify({ segment: after })}\n`),
      ),
    ).rejects.toThrow(`lacks the segment ${segmentAfter(good.manifest.last)}`);
  });

  test('but a last line that was cut short by a crash is no damage', async () => {
    const backup = await damaged((folder) => appendFileSync(join(folder, 'wal', 'pieces.jsonl'), '\n{"segment":"0000'));
    expect(await verifyBackup(backup)).toMatchObject({ damages: [] });
  });

  test('is not restored over a database', async () => {
    await expect(restoreBackup({ backup: good, folder: join(scratch, 'postgres') })).rejects.toThrow(
      'There is a database in',
    );
  });

  test('is not restored by another PostgreSQL', async () => {
    const older = { ...good, manifest: { ...good.manifest, postgres: '17.6' } };
    await expect(restoreBackup({ backup: older, folder: fresh() })).rejects.toThrow('The backup is of PostgreSQL 17.6');
  });

  test('a restore that was interrupted is gone on with, also after PostgreSQL had begun', async () => {
    const folder = fresh();
    let copied = 0;
    const progress = (): void => {
      if ((copied += 1) > 100) throw new Error('the power is gone');
    };
    await expect(restoreBackup({ backup: good, folder, progress })).rejects.toThrow('the power is gone');
    expect(existsSync(folder)).toBe(false);
    writeFileSync(join(`${folder}.restoring`, 'recovering'), '');
    writeFileSync(join(`${folder}.restoring`, 'data', 'PG_VERSION'), '17');
    await restoreBackup({ backup: good, folder });
    expect(readdirSync(folder).sort()).toEqual(['data', 'password']);
  });
});

/** Follows the server until it is stopped. */
function follow(store: string, options: { wholeEvery?: number; keep?: number } = {}) {
  const stop = new AbortController();
  let reached = new Date(0);
  const ended = followServer({
    store,
    url: async () => server.url,
    every: 50,
    wholeEvery: 3_600_000,
    signal: stop.signal,
    followed: (until) => (reached = new Date(until ?? 0)),
    ...options,
  });
  return {
    reached: async (moment: Date) => {
      await Promise.race([ended, expect.poll(() => reached > moment, { timeout: 20_000 }).toBe(true)]);
    },
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

function mkdirHalfRemoved(store: string): void {
  cpSync(join(scratch, 'postgres', 'password'), join(store, '2020-01-01T00-00-00.000Z', 'password'));
}
