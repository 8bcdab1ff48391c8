import { withConnection } from '@comanda/embedded';

/** Asks a database as its administrator, on a connection of its own. */
export async function query<Row extends object>(
  server: string,
  database: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return withConnection(url.href, async (client) => (await client.query<Row>(sql, [...values])).rows);
}
