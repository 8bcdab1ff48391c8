import { withConnection } from '@comanda/embedded';

/** Statements that the server was sent, by the database they were for. */
export type StatementCounts = Readonly<Record<string, number>>;

/** Whose statements are counted. */
export interface Counted {
  /** How the databases begin that they were for. */
  readonly prefix: string;
  /** Who only looks, and is left out: the administrator as well as the auditors, unless a peer works as the administrator. */
  readonly administrator?: boolean;
}

/** Begins to count anew. */
export async function resetStatements(url: string): Promise<void> {
  await ask(url, 'select pg_stat_statements_reset()');
}

/**
 * What was sent since, but for what begins, ends and sets the scene of a transaction. `set_config` is how a transaction is
 * told its organization, and counts as SET does.
 */
export async function countStatements(
  url: string,
  { prefix, administrator = false }: Counted,
): Promise<StatementCounts> {
  const values = [prefix, administrator];
  const rows = await ask<{ database: string; calls: number }>(url, COUNT, values);
  return Object.fromEntries(rows.map(({ database, calls }) => [database, calls]));
}

/** The statements that were sent most, for whoever wants fewer. */
export function busiestStatements(
  url: string,
  { prefix, administrator = false }: Counted,
): Promise<{ database: string; calls: number; query: string }[]> {
  return ask(url, BUSIEST, [prefix, administrator]);
}

/** All databases together. */
export const totalOf = (counts: StatementCounts): number =>
  Object.values(counts).reduce((sum, calls) => sum + calls, 0);

const SENT = `
  from pg_stat_statements s join pg_database d on d.oid = s.dbid join pg_roles r on r.oid = s.userid
  where starts_with(d.datname, $1) and r.rolname not like '%\\_auditor' and (r.rolname <> current_user or $2)
    and s.query !~* '^\\s*(begin|start transaction|commit|rollback|savepoint|release|set|reset|show|discard|listen|unlisten|deallocate)\\M'
    and s.query !~* '^\\s*select set_config\\([^()]*\\)\\s*$'`;

const COUNT = `select d.datname as database, sum(s.calls)::float8 as calls ${SENT} group by 1 order by 1`;

const BUSIEST = `select d.datname as database, s.calls::float8 as calls, s.query ${SENT} order by s.calls desc limit 60`;

async function ask<Row extends object>(url: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  return withConnection(url, async (client) => (await client.query<Row>(sql, [...values])).rows);
}
