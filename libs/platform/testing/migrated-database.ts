import { testPostgres } from '@comanda/testing';
import pg from 'pg';
import { databaseUrls, type DatabaseUrls } from '../src/database/connect.js';
import { migrate, type Schema } from '../src/database/migrate.js';

/** A database with all its tables, and nothing in them. */
export interface MigratedDatabase {
  readonly urls: DatabaseUrls;
  /** The same as a service reads them: `<NAME>_DATABASE_URL`, `<NAME>_APP_DATABASE_URL` and so on. */
  readonly environment: Record<string, string>;
}

/**
 * A fresh database of a service, dropped after the last test of the file. The schema is migrated once for all tests of the
 * server, and copied: tables and policies of a copy are for the roles of what was migrated, and it is reached as these.
 */
export async function migratedDatabase(name: string, schema: Schema, secret: string): Promise<MigratedDatabase> {
  const NAME = name.toUpperCase();
  const urlsIn = (environment: Record<string, string>): DatabaseUrls =>
    databaseUrls(name, { ...environment, COMANDA_SECRET: secret });
  const urlsAt = (url: string): DatabaseUrls => urlsIn({ [`${NAME}_DATABASE_URL`]: url });

  const postgres = await testPostgres();
  const content = [secret, ...schema.migrations].join('\n');
  const template = await postgres.template(name, content, (url) => migrate(urlsAt(url), schema, secret));
  const copy = await postgres.createDatabase(name, template.name);
  const { app, worker, auditor } = urlsAt(template.url);
  const onCopy = (url: string): string => Object.assign(new URL(url), { pathname: copy.name }).href;
  const environment = {
    [`${NAME}_DATABASE_URL`]: copy.url,
    [`${NAME}_APP_DATABASE_URL`]: onCopy(app),
    [`${NAME}_WORKER_DATABASE_URL`]: onCopy(worker),
    [`${NAME}_AUDITOR_DATABASE_URL`]: onCopy(auditor),
  };
  await admitOnly([app, worker, auditor], copy.url);
  return { urls: urlsIn(environment), environment };
}

/** Who may enter is the only thing that a copy does not have from its template. */
async function admitOnly(urls: readonly string[], copy: string): Promise<void> {
  const database = pg.escapeIdentifier(new URL(copy).pathname.slice(1));
  const roles = urls.map((url) => pg.escapeIdentifier(decodeURIComponent(new URL(url).username)));
  const client = new pg.Client({ connectionString: copy });
  await client.connect();
  await client.query(
    `revoke all on database ${database} from public; grant connect on database ${database} to ${roles.join(', ')}`,
  );
  await client.end();
}
