import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface, type MixedList } from 'typeorm';
import { ConfigError } from '../config.js';
import { type DatabaseUrls, rolePassword } from './connect.js';
import { codeOf } from './faults.js';
import { planForGrowth } from './first-plans.js';
import { fitOf } from './schema-fit.js';
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
 *
 * A migration sees no rows: row security is forced on the owner too, and a statement that it would filter fails instead.
 * @returns the names of the migrations that ran now
 * @throws ConfigError when there is no owner's URL, its user may not do what is needed, or the schema was contracted past this code
 */
export async function migrate(urls: DatabaseUrls, schema: Schema, secret: string): Promise<string[]> {
  const { owner: url, database } = urls;
  if (!url) throw new ConfigError(`Migrating ${database} needs the URL of its owner.`);
  try {
    await createDatabase(urls, url, secret);
    return await withLock(url, 'comanda.migrate', async (client) => {
      await grantAccess(client, database);
      return runMigrations(url, database, schema);
    });
  } catch (error) {
    const sentence = WHY_NOT[codeOf(error) ?? ''];
    throw sentence ? new ConfigError(`${sentence(database)}: ${(error as Error).message}`, { cause: error }) : error;
  }
}

/** The statements that would bring the tables to what the entities say: empty, unless somebody forgot a migration. */
export async function schemaDrift(urls: DatabaseUrls, schema: Schema): Promise<string[]> {
  const source = asOwner(urls.owner ?? urls.app, urls.database, schema);
  await source.initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
}

const ownerRole = (database: string): string => `${database}_owner`;

/** What an operator can do something about, in a sentence. */
const WHY_NOT: Readonly<Record<string, (database: string) => string>> = {
  28000: (database) => `The server of ${database} does not let the owner in`,
  '28P01': (database) => `The server of ${database} does not let the owner in`,
  42501: (database) => `The user of the owner's URL may not make the database ${database}, its roles and its tables`,
};

/** Makes database and roles. Two migrators at once on one server meet in its maintenance database. */
async function createDatabase({ database, ...urls }: DatabaseUrls, ownerUrl: string, secret: string): Promise<void> {
  const owner = ownerRole(database);
  const roles = [
    { role: appRole(database), url: urls.app },
    { role: workerRole(database), url: urls.worker },
    { role: auditorRole(database), url: urls.auditor },
  ];
  // The database that the URL names may not exist yet: then the server's own `postgres` is the door.
  const door = new URL(ownerUrl);
  door.pathname = '/postgres';
  await withLock(door.href, 'comanda.create', async (client) => {
    await createRole(client, owner, 'nologin');
    await client.query(`grant ${name(owner)} to current_user`);
    for (const { role, url } of roles) {
      await createRole(client, role, 'login');
      const given = new URL(url);
      const derived = rolePassword(secret, role);
      if (decodeURIComponent(given.username) === role && decodeURIComponent(given.password) === derived)
        await client.query(`alter role ${name(role)} password ${literal(scramVerifier(derived))}`);
    }
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${name(database)}`);
  });
}

async function createRole(client: pg.Client, role: string, login: 'login' | 'nologin'): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (rowCount === 0) await client.query(`create role ${name(role)} ${login}`);
}

async function grantAccess(client: pg.Client, database: string): Promise<void> {
  const [on, owner] = [name(database), name(ownerRole(database))];
  await client.query(`revoke all on database ${on} from public`);
  await client.query(`revoke all on schema public from public`);
  await client.query(`grant connect, create on database ${on} to ${owner}`);
  await client.query(`grant usage, create on schema public to ${owner}`);
  for (const role of [appRole, workerRole, auditorRole]) {
    await client.query(`grant connect on database ${on} to ${name(role(database))}`);
    await client.query(`grant usage on schema public to ${name(role(database))}`);
  }
}

async function runMigrations(url: string, database: string, schema: Schema): Promise<string[]> {
  const source = asOwner(url, database, schema);
  await source.initialize();
  try {
    const fit = await fitOf(source, schema.migrations);
    if (fit.state === 'contracted') throw new ConfigError(`${database}: ${fit.sentence}.`);
    const ran = await source.runMigrations({ transaction: 'each' });
    await planForGrowth(source);
    // A service is ready when it sees the schema its code needs.
    await source.query(`grant select on migrations to ${name(appRole(database))}`);
    return ran.map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

function asOwner(url: string, database: string, schema: Schema): DataSource {
  const role = ownerRole(database).replaceAll(/[\\ ]/g, String.raw`\$&`);
  return new DataSource({
    type: 'postgres',
    url,
    entities: schema.entities,
    migrations: [...schema.migrations],
    migrationsTableName: 'migrations',
    // What fails is thrown; TypeORM would print it as well.
    logger: 'debug',
    // A statement on rows that row security would hide fails, where it would else do nothing and say nothing.
    extra: { max: 1, pipeline: true, options: `-c role=${role} -c row_security=off` },
  });
}

/** Runs `work` while no other session holds the lock. It ends with the session: a second migrator waits, a killed one lets go. */
async function withLock<T>(url: string, lock: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // Whoever is using the connection gets the error itself.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [lock]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What the server stores of a password (RFC 5803), made here so that the password itself never stands in a statement or its log. */
function scramVerifier(password: string): string {
  const [salt, iterations] = [randomBytes(16), 4096];
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyed = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${keyed('Server Key').toString('base64')}`;
}

const name = (identifier: string): string => pg.escapeIdentifier(identifier);
const literal = (text: string): string => pg.escapeLiteral(text);
