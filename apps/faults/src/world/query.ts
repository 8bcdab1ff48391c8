import { Client } from 'pg';

/** Asks a database as its administrator, on a connection of its own. */
export async function query<Row extends object>(
  server: string,
  database: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const url = new URL(server);
  url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
