import { chown, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';

import { binariesFor, installedBinaries } from './binaries.js';
import { databaseFiles } from './database-files.js';
import { EmbeddedPostgresError, fromServer, fromSystem, notAccessible, portInUse } from './embedded-postgres-error.js';
import { errorCode } from './error-code.js';
import { claimFolder } from './folder-claim.js';
import { freePort, isPortFree } from './free-port.js';
import { commandOf } from './other-process.js';
import { obstacleFor, postgresUser } from './postgres-user.js';
import type { PostgresUser } from './postgres-user.js';
import { serverEnvironment, startServerProcess } from './server-process.js';
import type { ServerProcess } from './server-process.js';

export interface EmbeddedPostgresOptions {
  /** Everything the server keeps: its data, its password, who is using it. Made when missing, and PostgreSQL's alone. */
  folder: string;
  /** Default: any free port. */
  port?: number;
  /** Server settings (`max_connections`, …) over the ones below. */
  settings?: Record<string, string | number | boolean>;
  /** Receives each line of the server's log. */
  log?: (line: string) => void;
  /** Receives what is being done, for a person who waits: "creating the database files". */
  progress?: (step: string) => void;
}

export interface EmbeddedPostgres {
  /** The administrator's connection: `postgres://postgres:<password>@127.0.0.1:<port>/postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, whoever ended it. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends open sessions, writes everything to disk and waits until the server has stopped. Harmless when repeated. */
  stop(): Promise<void>;
}

/** Sized for a laptop. Commits are durable: an acknowledged one survives a crash of the machine. */
const defaultSettings = {
  max_connections: 200,
  shared_buffers: '256MB',
  synchronous_commit: true,
  fsync: true,
  // What a backup that follows has not copied yet is kept; but a disk that was carried away must not fill this one.
  max_slot_wal_keep_size: '4GB',
};

/** Not to be changed from outside: reachable from this machine only, over TCP, with messages that we can read. */
const fixedSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  logging_collector: false,
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Starts PostgreSQL on a folder of ours. The first start creates the database, every later one finds it again, also
 * after a crash of the server, of this process or of the machine. It listens on 127.0.0.1 only, and it ends when this
 * process ends. As root, whom PostgreSQL refuses, it runs as the system user `postgres`.
 *
 * @throws EmbeddedPostgresError with one sentence for the person who started it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = await postgresUser();
  try {
    return await start(options, user);
  } catch (error) {
    throw fromSystem(error, resolve(options.folder), user);
  }
}

async function start(options: EmbeddedPostgresOptions, user: PostgresUser): Promise<EmbeddedPostgres> {
  const { log, progress = () => undefined, settings = {} } = options;
  const programs = await binariesFor(user, installedBinaries(), progress);
  const folder = await ownFolder(options.folder, user);
  const release = await claimFolder(folder);
  try {
    await endAbandonedServer(join(folder, 'data'), progress);
    const durable = settings['fsync'] !== false;
    const { data, password } = await databaseFiles({ folder, programs, user, durable, log, progress });
    progress('starting PostgreSQL');
    const { server, port } = await startServer(options.port, async (tried) => {
      const all = { ...defaultSettings, ...settings, ...fixedSettings, port: tried };
      const started = await startServerProcess({
        command: join(programs, 'bin', 'postgres'),
        args: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
        stopSignal: 'SIGINT', // "fast": ends sessions, then a checkpoint
        forceSignal: 'SIGQUIT', // "immediate": leaves no process behind, and recovers at the next start
        stopWithin: 60_000,
        user: user.ids,
        folder,
        env: serverEnvironment(),
        log,
      });
      await untilItAnswers(started, urlOf(tried, password), (lastWords) => fromServer(lastWords, folder, user, tried));
      return started;
    });
    const ended = server.ended.then(release).catch(() => undefined);
    return {
      url: urlOf(port, password),
      port,
      pid: server.pid,
      ended,
      async stop() {
        await server.stop();
        await ended;
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The folder belongs to PostgreSQL's user, who must also be able to come that far. */
async function ownFolder(wanted: string, user: PostgresUser): Promise<string> {
  await mkdir(wanted, { recursive: true, mode: 0o700 });
  const folder = await realpath(wanted);
  if (user.ids) await chown(folder, user.ids.uid, user.ids.gid);
  const obstacle = await obstacleFor(user, folder);
  if (obstacle) throw notAccessible(folder, user, `it cannot enter ${obstacle}`);
  return folder;
}

/**
 * The folder is ours, yet a server may still run on it: its parent was killed a moment ago and it is shutting down, or
 * nobody has told it to. A pid file whose process is something else is left from a crash; the number was used again.
 */
async function endAbandonedServer(data: string, progress: (step: string) => void): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  const stillThere = () => commandOf(pid)?.includes(data) ?? false;
  if (!stillThere()) return rm(pidFile, { force: true });

  progress('waiting for the server of an earlier start to end');
  const since = Date.now();
  for (let told = false; stillThere(); await pause(50)) {
    const waited = Date.now() - since;
    if (waited > 60_000) {
      throw new EmbeddedPostgresError(
        'already_running',
        `The PostgreSQL server ${pid} still uses ${data} and does not stop.`,
      );
    }
    if (waited > 3_000 && !told) {
      process.kill(pid, 'SIGINT');
      told = true;
    }
  }
}

/** Somebody may take a free port between our look and the server's: then another one is tried, unless the caller named it. */
async function startServer(
  named: number | undefined,
  startOn: (port: number) => Promise<ServerProcess>,
): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = named ?? (await freePort());
    try {
      if (!(await isPortFree(port))) throw portInUse(port);
      return { server: await startOn(port), port };
    } catch (error) {
      const taken = error instanceof EmbeddedPostgresError && error.code === 'port_in_use';
      if (!taken || named !== undefined || attempt === 3) throw error;
    }
  }
}

/** Waits as long as the server lives: recovery after a crash may take its time. */
async function untilItAnswers(
  server: ServerProcess,
  url: string,
  failure: (lastWords: string) => Error,
): Promise<void> {
  let ending: { lastWords: string } | undefined;
  void server.ended.then((value) => (ending = value));
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      // The password is not this database's, and will not become it.
      if (errorCode(error) === '28P01') await server.stop();
      if (ending) throw failure(ending.lastWords);
      await pause(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function urlOf(port: number, password: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}
