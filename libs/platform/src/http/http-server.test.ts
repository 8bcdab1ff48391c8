import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from './http-server.js';

const HURRIED = { headers: 50, request: 100, silence: 60_000, check: 20 };

/** A client's connection to a server with little patience. */
async function connected(handle: RequestListener, patience = HURRIED): Promise<Socket> {
  const server = createHttpServer(handle, patience);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  await once(socket, 'connect');
  return socket;
}

test('who never ends their headers is told so, and cut off', async () => {
  const socket = await connected(() => expect.unreachable());
  socket.write('GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('who never ends their body is told so, and cut off', async () => {
  const socket = await connected((request) => request.resume());
  socket.write('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nso far');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('headers without end are refused', async () => {
  const socket = await connected(() => expect.unreachable());
  socket.write(`GET / HTTP/1.1\r\nHost: here\r\n${'X-Bomb: boom\r\n'.repeat(2_000)}\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
});

test('who reads nothing of a large answer loses the connection, and holds nothing up', async () => {
  const closed = Promise.withResolvers<void>();
  const large = Buffer.alloc(32 * 1024 * 1024);
  const patience = { ...HURRIED, headers: 60_000, request: 60_000, silence: 100 };
  const socket = await connected((_request, response) => {
    response.on('close', () => closed.resolve());
    response.end(large);
  }, patience);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  await closed.promise;
});
