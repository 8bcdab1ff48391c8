import { createServer } from 'node:net';
import { connect, ConfigError, refusedByDatabase } from '@comanda/platform';
import { freePort, testLine, testPostgres } from '@comanda/testing';
import { type Logger, pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { reach } from './reach.js';

/** A log, and what was written into it. */
function notes(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { log: pino({}, { write: (line: string) => void lines.push(line) }), lines };
}

const sourceAt = (url: string) => {
  const source = connect(url, { name: 'test', pool: 1 });
  onTestFinished(async () => {
    if (source.isInitialized) await source.destroy();
  });
  return source;
};
const databaseUrl = async (): Promise<string> => (await (await testPostgres()).createDatabase('reach')).url;

test('a database that hangs up for a while is reached when it answers, and each try is told of', async () => {
  const line = await testLine(await databaseUrl());
  line.cut();
  const { log, lines } = notes();
  const source = sourceAt(line.url);
  const reached = reach(source, { patience: 30_000, log });
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(1);
  line.heal();
  await reached;
  expect(await source.query('select 1 as one')).toEqual([{ one: 1 }]);
  expect(lines.join()).toContain('the database cannot be reached yet');
});

test('one that never answers ends in one sentence that says where it should be, and no password', async () => {
  const port = await freePort();
  const source = sourceAt(`postgres://orders:sesame@127.0.0.1:${port}/orders`);
  const failure = await reach(source, { patience: 400, log: notes().log }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConfigError);
  expect((failure as Error).message).toBe(
    `The database at 127.0.0.1:${port} could not be reached within 0.4 seconds: connect ECONNREFUSED 127.0.0.1:${port}.`,
  );
});

test('one that is still starting up, or has no connections left, is tried again', async () => {
  for (const code of ['57P03', '53300']) {
    const server = createServer((socket) => socket.once('data', () => socket.end(refusal(code))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const { log, lines } = notes();
    const source = sourceAt(`postgres://orders@127.0.0.1:${port}/orders`);
    await expect(reach(source, { patience: 400, log })).rejects.toThrow('not now');
    expect(lines).toHaveLength(1);
  }
});

test('a wrong log-in and a database that there is not are told of at once', async () => {
  const url = new URL(await databaseUrl());
  const [stranger, nowhere] = [new URL(url), new URL(url)];
  stranger.username = 'nobody_we_know';
  nowhere.pathname = '/no_such_database';
  for (const [{ href }, sentence] of [
    [stranger, 'The database refused the log-in'],
    [nowhere, 'There is no such database'],
  ] as const) {
    const { log, lines } = notes();
    const failure = await reach(sourceAt(href), { patience: 30_000, log }).catch((error: unknown) => error);
    expect(refusedByDatabase(failure)).toContain(sentence);
    expect(lines).toEqual([]);
  }
});

/** PostgreSQL's message that ends a log-in. */
function refusal(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0Mnot now\0\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  return Buffer.concat([Buffer.from('E'), length, fields]);
}
