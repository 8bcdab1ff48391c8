import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { closeGently, createHttpServer, listen } from './http-server.js';

const HURRIED = { headers: 50, request: 100, silence: 60_000, idle: 5_000, check: 20 };

/** A client's connection to a server with little patience. */
async function connected(handle: RequestListener, patience: typeof HURRIED | undefined): Promise<Socket> {
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
  const socket = await connected(() => expect.unreachable(), HURRIED);
  socket.write('GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('who never ends their body is told so, and cut off', async () => {
  const socket = await connected((request) => request.resume(), HURRIED);
  socket.write('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nso far');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('headers without end are refused', async () => {
  const socket = await connected(() => expect.unreachable(), HURRIED);
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

test('who asks nothing more is told how long their connection stays, and for a minute at least it does', async () => {
  const answer = (_request: unknown, response: ServerResponse): unknown => response.end('served');
  const ended = async (patience?: typeof HURRIED): Promise<string> => {
    const socket = await connected(answer, patience);
    socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    return patience ? text(socket) : String(((await once(socket, 'data')) as [Buffer])[0]);
  };
  expect(await ended({ ...HURRIED, idle: 1_000 })).toContain('Keep-Alive: timeout=1\r\n');
  expect(await ended(undefined)).toMatch(/\r\nKeep-Alive: timeout=([6-9]\d|\d{3})\r\n/);
});

test('who is closed gently serves whom it has let in, and lets nobody send into a line that is about to be cut', async () => {
  const [asked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = createHttpServer(async (request, response) => {
    if (request.url === '/slow') {
      asked.resolve();
      await goOn.promise;
    }
    response.end('served');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const { port } = server.address() as AddressInfo;
  const ask = async (path: string): Promise<string | undefined> => {
    const request = get({ port, path, agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('served');
    return response.headers.connection;
  };
  expect(await ask('/')).toBe('keep-alive');
  const slow = ask('/slow');
  await asked.promise;
  const closed = closeGently(server, { goodbye: 500, drain: 10_000 });
  expect(await ask('/')).toBe('close');
  await expect.poll(() => server.listening, { timeout: 5_000 }).toBe(false);
  await expect(ask('/')).rejects.toThrow('ECONNREFUSED');
  goOn.resolve();
  expect(await slow).toBe('close');
  await closed;
});

test('who never lets go of a gently closed server is cut off in the end', async () => {
  const server = createHttpServer((_request, response) => response.writeHead(200).flushHeaders());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [feed] = (await once(get({ port: (server.address() as AddressInfo).port }), 'response')) as [IncomingMessage];
  const read = text(feed);
  await closeGently(server, { drain: 100 });
  await expect(read).rejects.toThrow('aborted');
});

test('a crowd that knocks while the process is busy is not lost', async () => {
  const server = createHttpServer((_request, response) => response.end());
  await listen(server, 0, '127.0.0.1');
  const counted = new Int32Array(new SharedArrayBuffer(4));
  const crowd = new Worker(KNOCK, {
    eval: true,
    workerData: { port: (server.address() as AddressInfo).port, knocks: KNOCKS, counted },
  });
  onTestFinished(async () => {
    await crowd.terminate();
    server.closeAllConnections();
    server.close();
  });
  await once(crowd, 'message');
  // Nobody is let in while this thread stands still: they all wait at the door.
  for (let seen = 0; seen < KNOCKS; seen = Atomics.load(counted, 0))
    expect(Atomics.wait(counted, 0, seen, 10_000)).not.toBe('timed-out');
});

/** More than Node lets wait where it is not told to, as far as the system does. */
const KNOCKS = Math.min(800, somaxconn() - 10);

function somaxconn(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  } catch {
    return 128;
  }
}

const KNOCK = `
  const { connect } = require('node:net');
  const { parentPort, workerData: { port, knocks, counted } } = require('node:worker_threads');
  parentPort.postMessage('ready');
  for (let knock = 0; knock < knocks; knock++)
    connect(port, '127.0.0.1', () => {
      Atomics.add(counted, 0, 1);
      Atomics.notify(counted, 0);
    });
`;
