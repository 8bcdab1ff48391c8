import { escapeLiteral } from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Migration } from './migrate.js';

/**
 * Says, in the migration that takes something away, which code can live with what is left: code that does not know `oldest` is
 * refused from the commit of this migration on, and says so. It stands in the database itself, as a comment on the table of migrations:
 * code that is older than the contraction must find it.
 * @param oldest the migration that came with the first code which no longer uses what goes
 */
export async function contract(runner: QueryRunner, oldest: Migration): Promise<void> {
  await runner.query(`comment on table migrations is ${escapeLiteral(CONTRACTED + oldest.name)}`);
}

/** How a database's schema stands to code: it serves it, or a sentence that says why not. */
export type Fit =
  | { readonly state: 'fits' }
  /** Not yet: the code's newest migration has not run. What is newer than the code is no hindrance: it was only expanded. */
  | { readonly state: 'behind'; readonly sentence: string }
  /** Not any more: what the code uses was taken away. */
  | { readonly state: 'contracted'; readonly sentence: string };

/** Asks a database how its schema stands to code that knows these migrations. Throws what the database throws. */
export async function fitOf(db: Queryable, migrations: readonly { readonly name: string }[]): Promise<Fit> {
  const newest = migrations.at(-1)?.name ?? '';
  const [{ there = false, said = null } = {}] = (await db.query(SAID)) as { there?: boolean; said?: string | null }[];
  if (!there) return { state: 'behind', sentence: 'nothing has been migrated' };
  const oldest = said?.startsWith(CONTRACTED) ? said.slice(CONTRACTED.length) : undefined;
  if (oldest && !migrations.some(({ name }) => name === oldest))
    return {
      state: 'contracted',
      sentence: `the schema was contracted past this version: it serves code that knows the migration ${oldest}, and this code ends with ${newest}; deploy a newer version`,
    };
  const ran = (await db.query('select 1 from migrations where name = $1', [newest])) as unknown[];
  if (ran.length === 0) return { state: 'behind', sentence: `the newest migration has not run: ${newest}` };
  return { state: 'fits' };
}

interface Queryable {
  query(sql: string, values?: unknown[]): Promise<unknown>;
}

const CONTRACTED = 'contracted to ';

// The first migration of all makes the table, and opens it to us when it is done.
const SAID = `
  select coalesce(has_table_privilege(to_regclass('migrations'), 'select'), false) as there,
    obj_description(to_regclass('migrations'), 'pg_class') as said`;
