import { databaseUrls, schemaDrift } from '@comanda/platform';
import pg from 'pg';
import { expect } from 'vitest';
import { schemaOf, type ServiceDefinition } from '../src/definition.js';
import type { TestService } from './test-service.js';

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
export async function expectNoDrift(definition: ServiceDefinition, { environment }: TestService): Promise<void> {
  expect(await schemaDrift(databaseUrls(definition.name, environment), schemaOf(definition))).toEqual([]);
}
