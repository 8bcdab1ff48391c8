import { withConnection } from '@comanda/embedded';
import { databaseUrls, migrate } from '@comanda/platform';
import { schemaOf } from '@comanda/service';
import { Backends } from '../database/backends.js';
import { SELLING } from '../house/house.js';
import type { Ground } from '../scenario/run-seed.js';

/**
 * Makes the databases that a worker's seeds are run on, with a clock that the simulated world sets.
 * @param server the administrator's connection
 * @param prefix what the databases are called by: two workers of a server need two
 */
export async function layGround(server: string, prefix: string): Promise<Ground> {
  const environment: NodeJS.ProcessEnv = { ...ENVIRONMENT, DATABASE_URL: server, DATABASE_PREFIX: `${prefix}_` };
  const databaseOf = (service: string): string => `${prefix}_${service}`;
  for (const definition of SELLING) {
    const urls = databaseUrls(definition.name, environment);
    await giveClock(server, urls.database);
    await migrate(urls, schemaOf(definition), ENVIRONMENT.COMANDA_SECRET);
  }
  const backends = new Backends(server);
  await backends.open(SELLING.map(({ name }) => databaseOf(name)));
  return { backends, environment, databaseOf };
}

/** Empties every table, so that a seed finds nothing of the one before. */
export async function clear({ backends, databaseOf }: Ground): Promise<void> {
  for (const { name } of SELLING) await backends.administer(databaseOf(name), EMPTY);
}

// Deleting few rows costs less than truncating many tables; rows that are kept for ever are deleted here all the same.
const EMPTY = `do $$
  declare kept text;
  begin
    set local session_replication_role = replica;
    for kept in
      select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations'
    loop
      execute format('delete from %I', kept);
    end loop;
  end $$`;

/** `now()` and `clock_timestamp()` of the simulated world stand before PostgreSQL's own; defaults of columns bind to them. */
async function giveClock(server: string, database: string): Promise<void> {
  await asAdministrator(server, `create database "${database}"`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  const clock = (name: string): string =>
    `create function public.${name}() returns timestamptz language sql stable as
       $$ select coalesce(nullif(current_setting('sim.now', true), '')::timestamptz, pg_catalog.${name}()) $$;`;
  await asAdministrator(
    url.href,
    `${clock('now')} ${clock('clock_timestamp')} alter database "${database}" set search_path = public, pg_catalog;`,
  );
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  await withConnection(url, (client) => client.query(statement));
}

const ENVIRONMENT = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  COMANDA_SECRET: 'a secret that only the simulator knows, and long enough',
  SANDBOX_PSP_URL: 'http://provider.invalid',
  SANDBOX_PSP_KEY: 'key',
  SANDBOX_PSP_WEBHOOK_SECRET: `whsec_${Buffer.from('a secret that only the simulator knows').toString('base64')}`,
  PAYMENT_PROVIDER_TIMEOUT_MS: '2000',
};
