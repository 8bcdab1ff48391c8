import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { EventStream } from '../testing/event-stream.js';
import { placed } from '../testing/kept-order.js';
import { before } from './cursor.js';
import { Follower } from './follower.js';

/** Serves every request with a follower. */
async function serve(
  follow: (response: ServerResponse) => Promise<void>,
): Promise<{ url: string; done: Promise<void> }> {
  const done = Promise.withResolvers<void>();
  const server = createServer((_, response) => void follow(response).then(done.resolve, done.reject));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, done: done.promise };
}

test('a silent stream shows that it is alive', async () => {
  const { url } = await serve((response) =>
    new Follower(response, 'here', async () => [], { heartbeat: 20, patience: 1_000 }).follow(before(1), false),
  );
  const stream = await EventStream.open(url, {});
  onTestFinished(() => stream.close());
  expect([await stream.nextComment(), await stream.nextComment()]).toEqual(['still here', 'still here']);
});

test('a client that never reads is sent away, and no more is fetched for it than it could take', async () => {
  const { facts } = placed();
  const order = { ...facts, note: 'x'.repeat(50_000) };
  let fetched = 0;
  const { url, done } = await serve((response) => {
    const endless = async (_: unknown, limit: number) => {
      fetched += limit;
      return Array.from({ length: limit }, (__, n) => ({
        cursor: { transaction: fetched + n, orderId: order.id },
        facts: order,
      }));
    };
    return new Follower(response, 'here', endless, { heartbeat: 1_000, patience: 300 }).follow(before(1), false);
  });
  const request = get(url, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  request.on('error', () => undefined);
  response.pause();
  await done;
  // What the operating system keeps for a connection is a few megabytes; the feed could go on for ever.
  expect(fetched).toBeLessThan(1_000);
});

test('a client that goes away is followed no longer', async () => {
  const { url, done } = await serve((response) =>
    new Follower(response, 'here', async () => []).follow(before(1), false),
  );
  const stream = await EventStream.open(url, {});
  stream.close();
  await expect(done).resolves.toBeUndefined();
});

test('a client whose orders cannot be read is sent away, to come back with its place', async () => {
  const { url, done } = await serve((response) => {
    const failing = () => Promise.reject(new Error('the database is away'));
    return new Follower(response, 'here', failing).follow(before(7), false);
  });
  const refused = expect(done).rejects.toThrow('the database is away');
  const stream = await EventStream.open(url, {});
  await stream.ended();
  expect(stream.lastId).toMatch(/^7-/);
  await refused;
});
