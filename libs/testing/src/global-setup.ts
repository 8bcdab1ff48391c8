import { once } from 'node:events';
import { createServer } from 'node:http';

import { freePort } from '@comanda/embedded';

import { TestServers } from './servers/index.js';

/**
 * Opens a door at which the test files of this run ask for a server (`GET /postgres`, `/kafka`, `/redis`): it starts at
 * the first knock, all share it, and it stops after the last test. Servers named in the environment are used instead.
 */
export default async function openServersDoor(): Promise<() => Promise<void>> {
  const servers = new TestServers();
  const door = createServer((request, response) => {
    const name = request.url?.slice(1);
    const asked =
      name === 'postgres' || name === 'kafka' || name === 'redis'
        ? servers[name]()
        : Promise.reject(new Error(`No server ${name}`));
    asked.then(
      (at) => response.end(at),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  const port = await freePort();
  door.listen(port, '127.0.0.1');
  await once(door, 'listening');
  process.env['COMANDA_TEST_SERVERS'] = `http://127.0.0.1:${port}`;
  return async () => {
    door.close();
    await servers.stop();
  };
}
