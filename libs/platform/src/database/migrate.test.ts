import { randomBytes } from 'node:crypto';
import { testLine, testPostgres } from '@comanda/testing';
import { escapeIdentifier } from 'pg';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../config.js';
import { clientOf, SECRET } from '../testing/checks-database.js';
import { databaseUrls, type DatabaseUrls } from './connect.js';
import { codeOf } from './faults.js';
import { migrate, type Migration, type Schema, schemaDrift } from './migrate.js';
import { tenantTable } from './tenancy.js';

const forward = () => Promise.reject(new Error('Migrations go forward only.'));

class Tables1772000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table tables (organization_id uuid not null, seats integer not null)');
    await tenantTable(runner, 'tables', { worker: ['select'] });
  }
  down = forward;
}

class Bookings1772000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table bookings (organization_id uuid not null)');
    await tenantTable(runner, 'bookings');
  }
  down = forward;
}

const schemaOf = (...migrations: Migration[]): Schema => ({ entities: [], migrations });
const schema = schemaOf(Tables1772000000000, Bookings1772000000001);
const NAMES = ['Tables1772000000000', 'Bookings1772000000001'];

let server: string;

beforeAll(async () => {
  ({ url: server } = await testPostgres());
});

/** The URLs of a database that may not exist yet, dropped after the tests, as a user of the server sees them. */
function urlsOf(name: string, user?: { name: string; password: string }): DatabaseUrls {
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (user) [url.username, url.password] = [user.name, user.password];
  return databaseUrls('seating', { SEATING_DATABASE_URL: url.href, COMANDA_SECRET: SECRET });
}

/** The name of a database that does not exist yet, and is dropped after the tests. */
async function freshName(): Promise<string> {
  const postgres = await testPostgres();
  const { name } = await postgres.createDatabase('seating');
  const admin = await clientOf(server);
  await admin.query(`drop database "${name}"`);
  return name;
}

const tablesSeenBy = async (url: string) =>
  (await (await clientOf(url)).query<{ name: string }>(`select name from migrations order by 1`)).rows.map(
    ({ name }) => name,
  );

const codeWhen = async (url: string, sql: string): Promise<string | undefined> =>
  (await clientOf(url)).query(sql).then(
    () => undefined,
    (error: unknown) => codeOf(error) ?? String(error),
  );

describe('migrating', () => {
  test('makes database, roles and tables, and the second time nothing', async () => {
    const urls = urlsOf(await freshName());
    expect(await migrate(urls, schemaOf(Tables1772000000000), SECRET)).toEqual(NAMES.slice(0, 1));
    expect(await migrate(urls, schema, SECRET)).toEqual(NAMES.slice(1));
    expect(await migrate(urls, schema, SECRET)).toEqual([]);
    expect(await tablesSeenBy(urls.app)).toEqual(NAMES.toSorted());
  });

  test('three at once on a new database make it once', async () => {
    const urls = urlsOf(await freshName());
    const ran = await Promise.all([1, 2, 3].map(() => migrate(urls, schema, SECRET)));
    expect(ran.toSorted((one, other) => other.length - one.length)).toEqual([NAMES, [], []]);
  });

  test('that is killed at any point is finished by the next one', async () => {
    const urls = urlsOf(await freshName());
    let kills = 0;
    for (;;) {
      const line = await testLine(urls.owner ?? '', { cutAfter: 2 * kills });
      const { cut } = await migrate({ ...urls, owner: line.url }, schema, SECRET).then(
        () => ({ cut: false }),
        (error: unknown) => ({ cut: line.isCut, error }),
      );
      if (!cut) break;
      kills++;
    }
    expect(kills).toBeGreaterThan(10);
    expect(await migrate(urls, schema, SECRET)).toEqual([]);
    expect(await tablesSeenBy(urls.app)).toEqual(NAMES.toSorted());
  }, 120_000);

  test('that fails keeps what was done before, and nothing of what failed', async () => {
    class Broken1772000000002 implements MigrationInterface {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query('create table half (organization_id uuid not null)');
        await runner.query('select 1 / 0');
      }
      down = forward;
    }
    const urls = urlsOf(await freshName());
    const broken = schemaOf(Tables1772000000000, Broken1772000000002);
    await expect(migrate(urls, broken, SECRET)).rejects.toThrow('division by zero');
    expect(await codeWhen(urls.owner ?? '', 'select from tables')).toBeUndefined();
    expect(await codeWhen(urls.owner ?? '', 'select from half')).toBe('42P01');
    expect(await migrate(urls, schema, SECRET)).toEqual(NAMES.slice(1));
  });

  test('cannot change rows by accident: what row security would hide from it fails', async () => {
    class Backfill1772000000002 implements MigrationInterface {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query('update tables set seats = 4');
      }
      down = forward;
    }
    const urls = urlsOf(await freshName());
    await migrate(urls, schema, SECRET);
    await expect(migrate(urls, schemaOf(...schema.migrations, Backfill1772000000002), SECRET)).rejects.toThrow(
      'row-level security',
    );
  });

  test('follows the root secret: log-ins of an older one are refused', async () => {
    const urls = urlsOf(await freshName());
    await migrate(urls, schema, SECRET);
    const other = 'another secret of at least thirty-two characters';
    const renewed = databaseUrls('seating', { SEATING_DATABASE_URL: urls.owner, COMANDA_SECRET: other });
    await migrate(renewed, schema, other);
    expect(await tablesSeenBy(renewed.app)).toHaveLength(2);
    await expect(clientOf(urls.app)).rejects.toMatchObject({ code: '28P01' });
  });

  test('leaves log-ins alone that were given', async () => {
    const urls = urlsOf(await freshName());
    await migrate(urls, schema, SECRET);
    const admin = await clientOf(server);
    await admin.query(`alter role "${urls.database}_app" password 'its own'`);
    const given = new URL(urls.app);
    given.password = 'its own';
    await migrate({ ...urls, app: given.href }, schema, SECRET);
    expect(await tablesSeenBy(given.href)).toHaveLength(2);
  });
});

describe('a database user', () => {
  const userWith = async (rights: string): Promise<{ name: string; password: string }> => {
    const [name, password] = [`user_${randomBytes(6).toString('hex')}`, 'open sesame'];
    await (await clientOf(server)).query(`create role "${name}" login password '${password}' ${rights}`);
    return { name, password };
  };

  test('needs no more than to make databases and roles', async () => {
    const urls = urlsOf(await freshName(), await userWith('createdb createrole'));
    expect(await migrate(urls, schema, SECRET)).toEqual(NAMES);
    expect(await migrate(urls, schema, SECRET)).toEqual([]);
  });

  test.each([
    [
      'that may make no roles',
      () => userWith('createdb'),
      /may not make the database seating_\w+, its roles and its tables: permission denied to create role/,
    ],
    [
      'that may make no databases',
      () => userWith('createrole'),
      /may not make the database seating_\w+, its roles and its tables: permission denied to create database/,
    ],
    [
      'with a wrong password',
      async () => ({ ...(await userWith('superuser')), password: 'sesame' }),
      /does not let the owner in: password authentication failed/,
    ],
  ])('%s is told so in one sentence', async (_, user, sentence) => {
    const failure = await migrate(urlsOf(await freshName(), await user()), schema, SECRET).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toMatch(sentence);
    expect((failure as Error).message).not.toMatch(/sesame|\n/);
  });

  test('is needed', async () => {
    const urls = { ...urlsOf('seating'), owner: undefined };
    await expect(migrate(urls, schema, SECRET)).rejects.toThrow(
      new ConfigError('Migrating seating needs the URL of its owner.'),
    );
  });

  test('never says a password to the server, whose log would keep it', async () => {
    const urls = urlsOf(await freshName());
    const line = await testLine(urls.owner ?? '', { remembers: true });
    await migrate({ ...urls, owner: line.url }, schema, SECRET);
    expect(line.said).toContain(`alter role "${urls.database}_app" password 'SCRAM-SHA-256$4096:`);
    for (const url of [urls.app, urls.worker, urls.auditor]) expect(line.said).not.toContain(new URL(url).password);
  });
});

describe('roles', () => {
  let urls: DatabaseUrls;
  const [ours, theirs] = ['0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c'];

  beforeAll(async () => {
    urls = urlsOf(await freshName());
    await migrate(urls, schema, SECRET);
    const admin = await clientOf(urls.owner ?? '');
    await admin.query('insert into tables values ($1, 4), ($2, 6)', [ours, theirs]);
    await admin.query('create schema kitchen create table recipes (id int)');
  });

  const as = (organizationId: string) => `select set_config('app.organization', '${organizationId}', false);`;

  test('of requests see nothing until an organization is set, and then its rows alone', async () => {
    const client = await clientOf(urls.app);
    const seats = async () => (await client.query<{ seats: number }>('select seats from tables')).rows;
    expect(await seats()).toEqual([]);
    await client.query(as(ours));
    expect(await seats()).toEqual([{ seats: 4 }]);
    expect((await client.query(`update tables set seats = 8 where organization_id = '${theirs}'`)).rowCount).toBe(0);
    await client.query(as(''));
    expect(await seats()).toEqual([]);
  });

  test.each([
    ['write for another organization', `${as(ours)} insert into tables values ('${theirs}', 2)`],
    ['hand a row over to another', `${as(ours)} update tables set organization_id = '${theirs}'`],
    ['delete where that was not granted', `${as(ours)} delete from tables`],
    ['make tables', 'create table mine (id int)'],
    ['make temporary tables', 'create temporary table mine (id int)'],
    ['change tables', 'alter table tables disable row level security'],
    ['make schemas', 'create schema mine'],
    ['look into another schema', 'select from kitchen.recipes'],
    ['empty a table', 'truncate tables'],
    ['set row security aside', 'set row_security = off; select from tables'],
  ])('of requests cannot %s', async (_, sql) => {
    expect(await codeWhen(urls.app, sql)).toBe('42501');
  });

  test('of requests cannot become the owner', async () => {
    expect(await codeWhen(urls.app, `set role "${urls.database}_owner"`)).toBe('42501');
  });

  test('of the background see all organizations, in the tables open to them and no others', async () => {
    expect((await (await clientOf(urls.worker)).query('select from tables')).rowCount).toBe(2);
    expect(await codeWhen(urls.worker, 'select from bookings')).toBe('42501');
    expect(await codeWhen(urls.worker, `insert into tables values ('${ours}', 2)`)).toBe('42501');
    expect(await codeWhen(urls.worker, 'create table mine (id int)')).toBe('42501');
  });

  test('of the audit read everything and write nothing', async () => {
    expect((await (await clientOf(urls.auditor)).query('select from tables')).rowCount).toBe(2);
    expect(await codeWhen(urls.auditor, 'select from bookings')).toBeUndefined();
    for (const sql of [`insert into tables values ('${ours}', 2)`, 'update tables set seats = 0', 'delete from tables'])
      expect(await codeWhen(urls.auditor, sql)).toBe('42501');
  });

  test('of another service do not even get in', async () => {
    const other = urlsOf(await freshName());
    await migrate(other, schema, SECRET);
    const url = new URL(other.app);
    url.pathname = `/${urls.database}`;
    await expect(clientOf(url.href)).rejects.toMatchObject({ code: '42501' });
  });
});

test('names that need quoting are no trouble', async () => {
  const name = `the "harbour" house ${randomBytes(6).toString('hex')}`;
  const admin = await clientOf(server);
  onTestFinished(async () => {
    await admin.query(`drop database ${escapeIdentifier(name)} with (force)`);
  });
  const urls = urlsOf(encodeURIComponent(name));
  expect(await migrate(urls, schema, SECRET)).toEqual(NAMES);
  expect((await (await clientOf(urls.worker)).query('select from tables')).rowCount).toBe(0);
});

test('what the entities say and the tables lack is a drift', async () => {
  const urls = urlsOf(await freshName());
  await migrate(urls, schema, SECRET);
  expect(await schemaDrift(urls, schema)).toEqual([]);
  const columns = { organization_id: { type: 'uuid', primary: true }, smoking: { type: 'boolean' } } as const;
  const bookings = new EntitySchema({ name: 'bookings', columns });
  expect(await schemaDrift(urls, { ...schema, entities: [bookings] })).toContain(
    'ALTER TABLE "bookings" ADD "smoking" boolean NOT NULL',
  );
});
