import pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface, type MixedList } from 'typeorm';
import { ConfigError } from '../config.js';
import { type DatabaseUrls, rolePassword } from './connect.js';
import { codeOf } from './faults.js';
import { appRole, auditorRole, workerRole } from './tenancy.js';

export type Migration = new () => MigrationInterface;

/** What a database is made from. */
export interface Schema {
  readonly entities: MixedList<Function | string | EntitySchema>;
  readonly migrations: readonly Migration[];
}

/**
 * Brings a database to the newest schema: makes it and its roles where they are missing, then runs what has not
 * run yet, each migration in a transaction. Safe to run twice, two at once, or again after a kill.
 * @returns the names of the migrations that ran now
 * @throws ConfigError when there is no owner's URL, or its user may not do what is needed
 */
export async function migrate(urls: DatabaseUrls, schema: Schema, secret: string): Promise<string[]> {
  if (!urls.owner) throw new ConfigError(`Migrating ${urls.database} needs the URL of its owner.`);
  await createDatabase(urls, urls.owner, secret);
  const lock = new pg.Client({ connectionString: urls.owner });
  await lock.connect();
  try {
    // Held by this session until it ends: a second migrator waits here, a killed one lets go.
    await lock.query(`select pg_advisory_lock(hashtextextended('comanda.migrate', 0))`);
    return await runMigrations(urls.owner, urls.database, schema);
  } finally {
    await lock.end();
  }
}

const ownerRole = (database: string): string => `${database}_owner`;

async function runMigrations(url: string, database: string, schema: Schema): Promise<string[]> {
  const source = asOwner(url, ownerRole(database), schema);
  await source.initialize();
  try {
    const ran = await source.runMigrations({ transaction: 'each' });
    // A pod is ready when it sees the schema its code needs.
    await source.query(`grant select on migrations to ${name(appRole(database))}`);
    return ran.map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

/** The statements that would bring the tables to what the entities say: empty, unless somebody forgot a migration. */
export async function schemaDrift(urls: DatabaseUrls, schema: Schema): Promise<string[]> {
  const source = asOwner(urls.owner ?? urls.app, ownerRole(urls.database), schema);
  await source.initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
}

function asOwner(url: string, owner: string, schema: Schema): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: schema.entities,
    migrations: [...schema.migrations],
    migrationsTableName: 'migrations',
    extra: { max: 1, pipeline: true, options: `-c role=${owner}` },
  });
}

/** Makes database and roles. Two migrators at once on one server meet in its maintenance database. */
async function createDatabase(urls: DatabaseUrls, ownerUrl: string, secret: string): Promise<void> {
  const { database } = urls;
  const owner = ownerRole(database);
  const roles = [
    { role: appRole(database), url: urls.app },
    { role: workerRole(database), url: urls.worker },
    { role: auditorRole(database), url: urls.auditor },
  ];
  const admin = await connectToServer(ownerUrl);
  try {
    await admin.query(`select pg_advisory_lock(hashtextextended('comanda.create', 0))`);
    await createRole(admin, owner, 'nologin');
    await admin.query(`grant ${name(owner)} to current_user`);
    for (const { role, url } of roles) {
      await createRole(admin, role, 'login');
      const given = new URL(url);
      const derived = rolePassword(secret, role);
      if (given.username === role && decodeURIComponent(given.password) === derived)
        await admin.query(`alter role ${name(role)} password ${literal(derived)}`);
    }
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await admin.query(`create database ${name(database)}`);
  } catch (error) {
    if (codeOf(error) === '42501')
      throw new ConfigError(
        `The user of the database URL may not make the database ${database} and its roles: ${(error as Error).message}`,
      );
    throw error;
  } finally {
    await admin.end();
  }
  await grantAccess(
    ownerUrl,
    database,
    owner,
    roles.map(({ role }) => role),
  );
}

async function grantAccess(ownerUrl: string, database: string, owner: string, roles: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('comanda.migrate', 0))`);
    await client.query(`revoke all on database ${name(database)} from public`);
    await client.query(`revoke all on schema public from public`);
    await client.query(`grant connect, create on database ${name(database)} to ${name(owner)}`);
    await client.query(`grant usage, create on schema public to ${name(owner)}`);
    for (const role of roles) {
      await client.query(`grant connect on database ${name(database)} to ${name(role)}`);
      await client.query(`grant usage on schema public to ${name(role)}`);
    }
  } finally {
    await client.end();
  }
}

/** The database the URL names may not exist yet: then the server's own `postgres` is the door. */
async function connectToServer(url: string): Promise<pg.Client> {
  const door = new URL(url);
  door.pathname = '/postgres';
  const client = new pg.Client({ connectionString: door.href });
  await client.connect();
  return client;
}

async function createRole(admin: pg.Client, role: string, login: 'login' | 'nologin'): Promise<void> {
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
  if (rowCount === 0) await admin.query(`create role ${name(role)} ${login}`);
}

const name = (identifier: string): string => pg.escapeIdentifier(identifier);
const literal = (text: string): string => pg.escapeLiteral(text);
