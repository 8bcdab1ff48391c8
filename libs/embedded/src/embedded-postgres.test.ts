import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { binariesFor, installedBinaries } from './binaries.js';
import { fromSystem } from './embedded-postgres-error.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
import { freePort } from './free-port.js';
import { commandOf } from './other-process.js';
import { postgresUser } from './postgres-user.js';

const scratch = mkdtempSync(join(tmpdir(), 'comanda-embedded-'));
const prepared = join(scratch, 'prepared');
const steps: string[] = [];

beforeAll(async () => {
  execFileSync('chmod', ['755', scratch]);
  const server = await startEmbeddedPostgres({ folder: prepared, progress: (step) => steps.push(step) });
  await server.stop();
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;

/** A folder in which a first start has already been made. */
function usedFolder(): string {
  const folder = join(scratch, `used-${(folders += 1)}`);
  execFileSync('cp', ['-a', prepared, folder]);
  return folder;
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ settings: { shared_buffers: '16MB' }, ...options });
  onTestFinished(() => server.stop());
  return server;
}

/** Starts a server as the child of another process, which can be killed. */
async function startElsewhere(folder: string): Promise<{ parent: ChildProcess; url: string; pid: number }> {
  const program = fileURLToPath(new URL('../test/start-and-wait.mjs', import.meta.url));
  const parent = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const { url, pid }: { url: string; pid: number } = JSON.parse(String(line));
  return { parent, url, pid };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

describe('starting', () => {
  test('the first start says that it creates the database, which takes a moment', () => {
    expect(steps).toEqual(['creating the database files', 'starting PostgreSQL']);
  });

  test('the second start finds what the first one stored, under the same password', async () => {
    const folder = usedFolder();
    const first = await start({ folder });
    await query(first.url, `create table menu as select 'margherita' as pizza`);
    await first.stop();
    const second = await start({ folder });
    expect(await query(second.url, 'select pizza from menu')).toEqual(['margherita']);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  test('two starts at once take two ports', async () => {
    const [one, other] = await Promise.all([start({ folder: usedFolder() }), start({ folder: usedFolder() })]);
    expect(one.port).not.toBe(other.port);
  });

  test('the port is the one asked for', async () => {
    const port = await freePort();
    const server = await start({ folder: usedFolder(), port });
    expect(await query(server.url, 'show port')).toEqual([String(port)]);
  });

  test('a commit is durable unless somebody asks for less', async () => {
    const careful = await start({ folder: usedFolder() });
    expect(await query(careful.url, 'show fsync')).toEqual(['on']);
    expect(await query(careful.url, 'show synchronous_commit')).toEqual(['on']);
    const hasty = await start({ folder: usedFolder(), settings: { shared_buffers: '16MB', fsync: false } });
    expect(await query(hasty.url, 'show fsync')).toEqual(['off']);
  });

  test('a first start that was interrupted begins anew', async () => {
    const folder = join(scratch, 'interrupted');
    mkdirSync(join(folder, 'data.unfinished', 'base'), { recursive: true });
    const server = await start({ folder });
    expect(await query(server.url, 'select 1')).toEqual([1]);
  });
});

describe('who can reach it', () => {
  test('nobody but this machine', async () => {
    const { port } = await start({ folder: usedFolder() });
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4');
    const url = `postgres://postgres@${outside?.address ?? '127.0.0.2'}:${port}/postgres`;
    await expect(query(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('nobody without the password, which only its owner can read', async () => {
    const folder = usedFolder();
    const { port } = await start({ folder });
    await expect(query(`postgres://postgres:guess@127.0.0.1:${port}/postgres`, 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
  });
});

describe('one clear sentence', () => {
  test('when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(start({ folder: usedFolder(), port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: `Port ${port} on 127.0.0.1 is in use by another program: stop it, or choose another port for PostgreSQL.`,
    });
  });

  test("when PostgreSQL's user cannot enter the folder, naming both", async () => {
    const closed = join(scratch, 'closed');
    mkdirSync(closed, { mode: 0o600 });
    const folder = join(closed, 'postgres');
    const { name } = await postgresUser();
    const refusal = await start({ folder }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'folder_not_accessible' });
    expect(String(refusal)).toContain(`PostgreSQL runs as the user "${name}" and cannot use ${folder}`);
    expect(String(refusal)).toContain(closed);
  });

  test('when the folder is a file', async () => {
    const folder = join(scratch, 'receipt.txt');
    writeFileSync(folder, 'one margherita');
    await expect(start({ folder })).rejects.toMatchObject({ code: 'folder_not_accessible' });
  });

  test('when the disk is full', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux has a device that is always full');
    const folder = usedFolder();
    rmSync(join(folder, 'data', 'postmaster.opts'));
    symlinkSync('/dev/full', join(folder, 'data', 'postmaster.opts')); // every write to it answers "no space left"
    await expect(start({ folder })).rejects.toMatchObject({
      code: 'disk_full',
      message: `The disk that holds ${folder} is full: make room (a new database needs about 60 MB) and start again.`,
    });
  });

  test('when the disk is full before there is a database', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux has a device that is always full');
    const noRoom = await writeFile('/dev/full', 'one margherita').catch((error: unknown) => error);
    expect(fromSystem(noRoom, scratch, await postgresUser())).toMatchObject({ code: 'disk_full' });
  });

  test('when another start uses the folder, naming its process', async () => {
    const folder = usedFolder();
    const first = await start({ folder });
    await expect(start({ folder })).rejects.toMatchObject({
      code: 'already_running',
      message: `Another start (process ${process.pid}) is using the database in ${folder}: stop that one first, or name another folder.`,
    });
    expect(await query(first.url, 'select 1')).toEqual([1]);
  });

  test('when the server refuses its settings, in its own words', async () => {
    await expect(start({ folder: usedFolder(), settings: { max_connections: 'many' } })).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('invalid value for parameter "max_connections": "many"'),
    });
  });

  test('and a start that failed does not stand in the way of the next', async () => {
    const folder = usedFolder();
    await expect(start({ folder, settings: { max_connections: 'many' } })).rejects.toThrow();
    expect(await query((await start({ folder })).url, 'select 1')).toEqual([1]);
  });
});

describe('after a crash', () => {
  test('of the server: whoever started it learns of it, and the next start recovers', async () => {
    const folder = usedFolder();
    const crashed = await start({ folder });
    await query(crashed.url, `create table menu as select 'margherita' as pizza`);
    process.kill(crashed.pid, 'SIGKILL');
    await crashed.ended;
    const server = await start({ folder });
    expect(await query(server.url, 'select pizza from menu')).toEqual(['margherita']);
  });

  test('of the process that started it: the server ends too, and the next start has every commit', async () => {
    const folder = usedFolder();
    const { parent, url, pid } = await startElsewhere(folder);
    await query(url, `create table menu as select 'margherita' as pizza`);
    parent.kill('SIGKILL');
    await expect.poll(() => commandOf(pid), { timeout: 10_000 }).toBeUndefined();
    expect(await query((await start({ folder })).url, 'select pizza from menu')).toEqual(['margherita']);
  });

  test('a server that nobody ended is ended by the next start, which has every commit', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux tells us the children of a process');
    const folder = usedFolder();
    const { parent, url, pid } = await startElsewhere(folder);
    await query(url, `create table menu as select 'margherita' as pizza`);
    for (const child of readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(' ')) {
      if (Number(child) !== pid) process.kill(Number(child), 'SIGKILL');
    }
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    expect(commandOf(pid)).toContain(folder);
    expect(await query((await start({ folder })).url, 'select pizza from menu')).toEqual(['margherita']);
  });

  test('a pid file whose number now belongs to another program is no obstacle', async () => {
    const folder = usedFolder();
    const { ids } = await postgresUser();
    const other = spawn('sleep', ['60'], { ...ids, stdio: 'ignore' });
    onTestFinished(() => void other.kill());
    writeFileSync(join(folder, 'data', 'postmaster.pid'), `${other.pid}\n${join(folder, 'data')}\n`);
    writeFileSync(join(folder, 'owner'), `${other.pid} long ago\n`);
    expect(await query((await start({ folder })).url, 'select 1')).toEqual([1]);
  });
});

test('a stopped server leaves nothing running and may be stopped again', async () => {
  const folder = usedFolder();
  const server = await start({ folder });
  await server.stop();
  await server.stop();
  expect(commandOf(server.pid)).toBeUndefined();
  expect(readdirSync(folder).toSorted()).toEqual(['data', 'password']);
});

test('programs in a folder that the user postgres cannot enter are copied to where he can', async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'only root runs PostgreSQL as another user');
  const closed = mkdtempSync(join(tmpdir(), 'comanda-private-'));
  onTestFinished(() => rmSync(closed, { recursive: true, force: true }));
  const native = join(closed, 'native');
  cpSync(installedBinaries(), native, { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(closed, 'package.json'), `{ "version": "${closed}" }`);

  const said: string[] = [];
  const user = await postgresUser();
  const copy = await binariesFor(user, native, (step) => said.push(step));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  expect(said).toEqual([`copying PostgreSQL to ${copy}, where the user "postgres" can run it`]);
  const version = execFileSync(join(copy, 'bin', 'postgres'), ['--version'], {
    ...user.ids,
    encoding: 'utf8',
    cwd: '/',
  });
  expect(version).toContain('(PostgreSQL) 18');
  expect(await binariesFor(user, native, (step) => said.push(step))).toBe(copy);
  expect(said).toHaveLength(1);
  expect(readFileSync(join(copy, 'bin', 'postgres')).equals(readFileSync(join(native, 'bin', 'postgres')))).toBe(true);
});
