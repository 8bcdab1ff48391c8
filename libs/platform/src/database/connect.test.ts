import { randomUUID } from 'node:crypto';
import { testLine } from '@comanda/testing';
import type { Pool } from 'pg';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../config.js';
import { type ChecksDatabase, checksDatabase, connected } from '../testing/checks-database.js';
import { connect, databaseUrls } from './connect.js';
import { isInfrastructure } from './faults.js';
import { inTransaction } from './transaction.js';

const COMANDA_SECRET = 'a secret of at least thirty-two characters';

describe('where a database is', () => {
  const host = (url: string | undefined) => url && new URL(url).host;
  const user = (url: string | undefined) => url && new URL(url).username;

  test("says the service's own URL, with log-ins of its roles", () => {
    const urls = databaseUrls('device-gateway', {
      DEVICE_GATEWAY_DATABASE_URL: 'postgres://boss:secret@db.example:6432/devices?sslmode=require',
      DATABASE_URL: 'postgres://boss@other.example/postgres',
      COMANDA_SECRET,
    });
    expect([urls.database, urls.owner]).toEqual([
      'devices',
      'postgres://boss:secret@db.example:6432/devices?sslmode=require',
    ]);
    expect([user(urls.app), user(urls.worker), user(urls.auditor)]).toEqual([
      'devices_app',
      'devices_worker',
      'devices_auditor',
    ]);
    for (const url of [urls.app, urls.worker, urls.auditor])
      expect(url).toMatch(/^postgres:\/\/devices_\w+:[\w-]{43}@db\.example:6432\/devices\?sslmode=require$/);
    expect(new Set([urls.app, urls.worker, urls.auditor].map((url) => new URL(url).password)).size).toBe(3);
  });

  test('says the shared server, on which each service has a database named after it', () => {
    const shared = { DATABASE_URL: 'postgres://boss@db.example/postgres', COMANDA_SECRET };
    expect(databaseUrls('orders', shared).owner).toBe('postgres://boss@db.example/comanda_orders');
    expect(databaseUrls('orders', { ...shared, DATABASE_PREFIX: 'test_' }).database).toBe('test_orders');
  });

  test('may be said for each role, and then nothing is derived and nobody can migrate', () => {
    const urls = databaseUrls('orders', {
      ORDERS_APP_DATABASE_URL: 'postgres://till:1@a.example/orders',
      ORDERS_WORKER_DATABASE_URL: 'postgres://relay:2@b.example/orders',
      ORDERS_AUDITOR_DATABASE_URL: 'postgres://auditor:3@c.example/orders',
    });
    expect([host(urls.app), host(urls.worker), host(urls.auditor), urls.owner]).toEqual([
      'a.example',
      'b.example',
      'c.example',
      undefined,
    ]);
  });

  test.each([
    ['nothing is set', {}, 'ORDERS_DATABASE_URL or DATABASE_URL: must be set'],
    [
      'it is no PostgreSQL',
      { ORDERS_DATABASE_URL: 'mysql://a:hunter2@b/c' },
      'ORDERS_DATABASE_URL: must be a URL that begins with postgres:',
    ],
    ['it is no URL', { DATABASE_URL: 'hunter2' }, 'DATABASE_URL: must be a URL'],
    [
      'it names no database',
      { ORDERS_DATABASE_URL: 'postgres://a:hunter2@b' },
      'ORDERS_DATABASE_URL: must name a database',
    ],
    [
      'its name is too long for its roles',
      { ORDERS_DATABASE_URL: `postgres://a:hunter2@b/${'x'.repeat(56)}` },
      'ORDERS_DATABASE_URL: must name a database, in at most 55 bytes',
    ],
    [
      'there is no secret to derive from',
      { DATABASE_URL: 'postgres://a:hunter2@b', COMANDA_SECRET: '' },
      'COMANDA_SECRET: must be set',
    ],
  ])('is asked for by name when %s', (_, environment, message) => {
    const ask = () => databaseUrls('orders', { COMANDA_SECRET, ...environment });
    expect(ask).toThrow(ConfigError);
    expect(ask).toThrow(message);
    expect(ask).not.toThrow('hunter2');
  });
});

describe('a connection', () => {
  let it: ChecksDatabase;

  beforeAll(async () => {
    it = await checksDatabase();
  });

  test('reads whole numbers as numbers and days as the text they are', async () => {
    const [row] = await it.db.query<object[]>(
      `select 9007199254740991::bigint as large, -1::bigint as small, 7 as "int", date '2026-03-06' as day, null::date as never`,
    );
    expect(row).toEqual({ large: Number.MAX_SAFE_INTEGER, small: -1, int: 7, day: '2026-03-06', never: null });
  });

  test('refuses a whole number that would lose digits, and goes on', async () => {
    await expect(it.db.query('select 9007199254740992::bigint as total')).rejects.toThrow('too large to be exact');
    expect(await it.db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('waits for nothing without end', async () => {
    const [limits] = await it.db.query<object[]>(`select current_setting('lock_timeout') as lock,
      current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`);
    expect(limits).toEqual({ lock: '2s', statement: '15s', idle: '30s' });
  });

  test('that nobody gives back makes the next one fail after two seconds, as something that may pass', async () => {
    const db = await connected(connect(it.urls.app, { name: 'app', pool: 1 }));
    const [taken, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holder = inTransaction(db, randomUUID(), async () => {
      taken.resolve();
      await over.promise;
    });
    await taken.promise;
    const failure = await inTransaction(db, randomUUID(), () => Promise.resolve()).catch((error: unknown) => error);
    expect(isInfrastructure(failure), String(failure)).toBe(true);
    over.resolve();
    await holder;
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('that is cut in the moment in which it changes hands ends no process: whoever has it next is told', async () => {
    const { db } = it;
    const { master } = db.driver as unknown as { master: Pool };
    // As the pool hands it over: its own ears are off, and nobody else's are on yet.
    const client = await master.connect();
    onTestFinished(() => client.release(true));
    const cut = new Promise((resolve) => client.once('end', resolve));
    const [row] = await db.query<{ pid: number }[]>('select pg_backend_pid() as pid');
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    expect(rows[0]?.pid).not.toBe(row?.pid);
    await db.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await cut;
    await expect(client.query('select 1')).rejects.toSatisfy(isInfrastructure);
  });

  test('over a line that went dead is given up, and replaced over a new one', async () => {
    const line = await testLine(it.urls.app);
    const db = await connected(connect(line.url, { name: 'app', pool: 1, statementTimeout: '100ms' }));
    line.goDead();
    const failure = await inTransaction(db, randomUUID(), (tx) => tx.query('select 1')).catch(
      (error: unknown) => error,
    );
    expect(isInfrastructure(failure), String(failure)).toBe(true);
    expect((db.driver as unknown as { master: { totalCount: number } }).master.totalCount).toBe(0);
  });

  test('to a server that does not pick up is given up', async () => {
    const line = await testLine(it.urls.app);
    line.goDead();
    const failure = await connect(line.url, { name: 'app' })
      .initialize()
      .catch((error: unknown) => error);
    expect(isInfrastructure(failure), String(failure)).toBe(true);
  });

  test('is limited as its user asks, in a duration that there is', () => {
    expect(() => connect(it.urls.app, { name: 'app', statementTimeout: 'soon' })).toThrow('soon is no duration');
  });
});
