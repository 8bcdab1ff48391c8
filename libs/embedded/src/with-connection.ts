import { Client } from 'pg';

/**
 * Works on a connection of its own to the database of a URL, and closes it. When the server goes away meanwhile, what is
 * asked of it fails, and nothing else does.
 */
export async function withConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
