import { databaseUrls, migrate, schemaDrift } from '@comanda/platform';
import { testPostgres } from '@comanda/testing';
import pg from 'pg';
import { expect } from 'vitest';
import { schemaOf, type ServiceDefinition } from '../src/definition.js';
import { TEST_SECRET, type TestService } from './test-service.js';

/** Walks every table: each has forced row security, and shows another organization, or none, not one row. */
export async function expectTenancy({ sql, service, environment, other }: TestService): Promise<void> {
  const { rows: tables } = await sql.query<{ name: string; forced: boolean; tenant: boolean }>(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and a.attnotnull) as tenant
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'migrations' order by 1`);
  expect(tables.length).toBeGreaterThan(0);
  expect(tables.filter(({ forced, tenant }) => !forced || !tenant)).toEqual([]);
  const app = new pg.Client({ connectionString: databaseUrls(service.name, environment).app });
  await app.connect();
  try {
    for (const { name } of tables) {
      const { rows: before } = await app.query(`select count(*)::int as rows from "${name}"`);
      expect(before, `${name} with no organization set`).toEqual([{ rows: 0 }]);
      await app.query('begin');
      await app.query(`select set_config('app.organization', $1, true)`, [other.id]);
      const { rows: foreign } = await app.query(
        `select count(*)::int as rows from "${name}" where organization_id <> $1`,
        [other.id],
      );
      await app.query('rollback');
      expect(foreign, `${name} as another organization`).toEqual([{ rows: 0 }]);
    }
  } finally {
    await app.end();
  }
}

/** The tables are what the entities say: nobody forgot a migration. */
export async function expectNoDrift(definition: ServiceDefinition): Promise<void> {
  const { url } = await (await testPostgres()).createDatabase(definition.name);
  const environment = { [`${definition.name.toUpperCase()}_DATABASE_URL`]: url, COMANDA_SECRET: TEST_SECRET };
  const [urls, schema] = [databaseUrls(definition.name, environment), schemaOf(definition)];
  await migrate(urls, schema, TEST_SECRET);
  expect(await schemaDrift(urls, schema)).toEqual([]);
}
