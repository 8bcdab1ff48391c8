import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres, withConnection } from '@comanda/embedded';
import { BenchFailure } from '../failure.js';

/** The database server that everything in a run shares, peers too. */
export interface BenchPostgres {
  /** The administrator's. */
  readonly url: string;
  /** The first process of the server; `null` where it runs on another machine, or may not be looked at. */
  readonly pid: number | null;
  /** Ends it as a crash does, and starts it where it was; `null` where it is the user's own. */
  readonly crash: { begin(): Promise<void>; recover(): Promise<void> } | null;
  /** What it says it is. */
  readonly version: string;
  /** How the names of this run's databases begin. */
  readonly prefix: string;
  /** Makes an empty database, whose name is the prefix and this. @returns its URL, as the administrator */
  createDatabase(name: string): Promise<string>;
  /** Stops the server; from one of the user's own everything that the run has made is removed. */
  stop(): Promise<void>;
}

/** Counts every statement that a client sends; those inside of functions are the function's. */
const COUNTING = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': 10_000,
  'pg_stat_statements.track': 'top',
};

/**
 * A PostgreSQL in the folder, durable as everybody's is, that counts its statements; or the one that the environment names.
 * @throws BenchFailure when a server of the user's own does not count its statements
 */
export async function openPostgres(folder: string, progress: (step: string) => void): Promise<BenchPostgres> {
  const own = process.env['DATABASE_URL'];
  const place = { folder: join(folder, 'postgres'), settings: COUNTING, progress };
  let started = own ? undefined : await startEmbeddedPostgres(place);
  const url = started?.url ?? own ?? '';
  return withConnection(url, async (administrator) => {
    await administrator.query('create extension if not exists pg_stat_statements');
    const preloaded = await administrator.query<{ on: string }>(
      `select current_setting('shared_preload_libraries') as on`,
    );
    if (!preloaded.rows[0]?.on.includes('pg_stat_statements'))
      throw new BenchFailure(
        `The server in DATABASE_URL does not count its statements: put pg_stat_statements into its shared_preload_libraries.`,
      );
    const { rows } = await administrator.query<{ version: string; backend: number }>(
      `select current_setting('server_version') as version, pg_backend_pid() as backend`,
    );
    const prefix = `bench_${randomBytes(3).toString('hex')}_`;
    return {
      url,
      prefix,
      createDatabase: (name) => createDatabase(url, `${prefix}${name}`),
      get pid() {
        return started?.pid ?? parentOf(rows[0]?.backend ?? 0);
      },
      version: rows[0]?.version ?? '',
      crash: started
        ? {
            async begin() {
              if (!started) return;
              process.kill(started.pid, 'SIGQUIT');
              await started.ended;
            },
            async recover() {
              started = await startEmbeddedPostgres({ ...place, port: Number(new URL(url).port) });
            },
          }
        : null,
      stop: () => started?.stop() ?? removeAll(url, prefix),
    };
  });
}

/** The server's first process, seen from one of its sessions: where it runs on this machine. */
function parentOf(backend: number): number | null {
  try {
    const stat = readFileSync(`/proc/${backend}/stat`, 'utf8');
    if (!stat.includes('(postgres')) return null;
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

async function createDatabase(url: string, name: string): Promise<string> {
  await withConnection(url, (client) => client.query(`create database ${name}`));
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** Databases first: roles go only when nothing is theirs. */
function removeAll(url: string, prefix: string): Promise<void> {
  return withConnection(url, async (client) => {
    const named = async (sql: string): Promise<string[]> =>
      (await client.query<{ name: string }>(sql, [prefix])).rows.map(({ name }) => client.escapeIdentifier(name));
    for (const name of await named('select datname as name from pg_database where starts_with(datname, $1)'))
      await client.query(`drop database ${name} with (force)`);
    for (const name of await named('select rolname as name from pg_roles where starts_with(rolname, $1)'))
      await client.query(`drop role ${name}`);
  });
}
