import type { DataSource } from 'typeorm';

/**
 * Lets PostgreSQL plan for tables full of one organization's rows, a few of them for each other id, until it has looked at
 * them itself. Of a table that was never analyzed it believes that an organization, as any id, has a two-hundredth of the rows,
 * so any index that begins with `organization_id` seems as good as the primary key; a prepared statement keeps such a plan, and
 * reads all rows of the organization for each of its calls until the first analyze comes, a minute or more after a chain has
 * begun to sell.
 *
 * Tables that were analyzed, or told of before, are left alone. Does nothing before PostgreSQL 18, which brought the means.
 */
export async function planForGrowth(owner: Pick<DataSource, 'query'>): Promise<void> {
  const [able] = await owner.query<{ able: boolean }[]>(
    `select to_regproc('pg_restore_attribute_stats') is not null as able`,
  );
  if (able?.able) await owner.query(ASSUME);
}

const ASSUME = `
  with fresh as (
    select c.oid, n.nspname::text as schema, c.relname::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.reltuples < 0 and pg_has_role(c.relowner, 'usage')
  )
  select
    pg_restore_relation_stats('schemaname', schema, 'relname', name, 'relpages', 1, 'reltuples', 10000::real),
    pg_restore_attribute_stats('schemaname', schema, 'relname', name, 'attname', attname::text, 'inherited', false,
      'null_frac', 0::real, 'avg_width', 16,
      'n_distinct', case attname when 'organization_id' then 1 when 'location_id' then 10 else -0.1 end::real)
  from fresh join pg_attribute on attrelid = oid and atttypid = 'uuid'::regtype and attnum > 0 and not attisdropped`;
