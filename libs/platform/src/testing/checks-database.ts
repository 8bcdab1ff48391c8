import pg from 'pg';
import { type DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { afterAll } from 'vitest';
import { migratedDatabase } from '../../testing/migrated-database.js';
import { connect, type DatabaseUrls } from '../database/connect.js';
import { tenantTable } from '../database/tenancy.js';
import { createIdempotencyKeys, IdempotencyKey } from '../idempotency/idempotency-key.entity.js';

export const SECRET = 'a secret of at least thirty-two characters';

/** The tables of a small service: checks, which the worker cannot see, and keys of idempotency, which it can. */
class Checks1772000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIdempotencyKeys(runner);
    await runner.query(`create table checks (
      id uuid not null,
      organization_id uuid not null,
      total_minor bigint not null,
      opened_on date not null default current_date,
      constraint checks_pkey primary key (id)
    )`);
    await tenantTable(runner, 'checks', { app: ['select', 'insert', 'update', 'delete'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

export const schema = { entities: [IdempotencyKey], migrations: [Checks1772000000000] };

export interface ChecksDatabase {
  readonly urls: DatabaseUrls;
  readonly db: DataSource;
  readonly worker: DataSource;
  /** The administrator's connection: row security does not apply to it. */
  readonly admin: pg.Client;
}

/** A fresh database with those tables, and connections for both roles of a service; closed after the last test of the file. */
export async function checksDatabase(): Promise<ChecksDatabase> {
  const { urls } = await migratedDatabase('checks', schema, SECRET);
  return {
    urls,
    db: await connected(connect(urls.app, { name: 'app', entities: schema.entities, pool: 5 })),
    worker: await connected(connect(urls.worker, { name: 'worker', pool: 2 })),
    admin: await clientOf(urls.owner ?? ''),
  };
}

const open: (() => Promise<unknown>)[] = [];

// Registered as the file is read: it runs before the databases are dropped.
afterAll(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** Opens a data source until the last test of the file. */
export async function connected(source: DataSource): Promise<DataSource> {
  await source.initialize();
  open.push(() => source.destroy());
  return source;
}

/** A connection of its own until the last test of the file. */
export async function clientOf(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  open.push(() => client.end());
  return client;
}
