import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withConnection } from '@comanda/embedded';
import pg from 'pg';
import { closedLoop } from '../driver/closed-loop.js';
import { BenchFailure } from '../failure.js';
import type { BenchPostgres } from '../platform/postgres.js';

const run = promisify(execFile);

/** The bare writes of one accepted order, six round trips a transaction, on the same server. */
export interface BareWrites {
  /** Who sends them. */
  readonly by: 'pgbench' | 'node-postgres (no pgbench)';
  /** Writes as fast as so many connections can. @returns the transactions that were committed */
  write(connections: number, seconds: number): Promise<{ readonly operations: number; readonly seconds: number }>;
}

/** Makes the tables in a database of their own. */
export async function openBareWrites(postgres: BenchPostgres): Promise<BareWrites> {
  const url = new URL(await postgres.createDatabase('pgbench'));
  await query(url.href, await readFile(peer('schema.sql'), 'utf8'));
  const command = findPgbench();
  if (command === undefined) return { by: 'node-postgres (no pgbench)', write: await throughNode(url.href) };
  return { by: 'pgbench', write: (connections, seconds) => throughPgbench(command, url, connections, seconds) };
}

async function throughPgbench(command: string, url: URL, connections: number, seconds: number) {
  // It takes whole seconds; what it did is divided by what it took.
  const options = {
    n: '',
    M: 'simple',
    c: connections,
    j: 2,
    T: Math.max(1, Math.round(seconds)),
    f: peer('place-order.sql'),
  };
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === '' ? [`-${name}`] : [`-${name}`, `${value}`],
  );
  const { stdout } = await run(command, [...args, url.pathname.slice(1)], {
    env: { ...process.env, PGHOST: url.hostname, PGPORT: url.port, PGUSER: url.username, PGPASSWORD: url.password },
  });
  const operations = Number(/actually processed: (\d+)/.exec(stdout)?.[1]);
  const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  if (!(perSecond > 0)) throw new BenchFailure(`pgbench did not say how much it did: ${stdout.trim()}`);
  return { operations, seconds: operations / perSecond };
}

/** The same statements, one round trip each. */
async function throughNode(url: string): Promise<BareWrites['write']> {
  const script = await readFile(peer('place-order.sql'), 'utf8');
  const statements = statementsOf(script);
  return async (connections, seconds) => {
    const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }));
    await Promise.all(clients.map((client) => client.connect()));
    try {
      const { operations } = await closedLoop({
        workers: connections,
        seconds,
        async act(worker) {
          const [a, b] = [random(2 ** 32), random(2 ** 48)];
          for (const statement of statements) await clients[worker]?.query(withNumbers(statement, a, b));
        },
      });
      return { operations, seconds };
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  };
}

/** A script of pgbench as single statements, without its comments and settings. */
export const statementsOf = (script: string): string[] =>
  script
    .split('\n')
    .filter((line) => !/^(--|\\)/.test(line))
    .join('\n')
    .split(/;\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** A statement with pgbench's variables filled in. */
export const withNumbers = (statement: string, a: number, b: number): string =>
  statement.replaceAll(/:([ab])\)::/g, (_, name: string) => `${name === 'a' ? a : b})::`);

const random = (below: number): number => Math.floor(Math.random() * below);

/** On the path, or where Debian keeps what belongs to a version of the server. */
function findPgbench(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'pgbench'));
  return [...onPath, ...globSync('/usr/lib/postgresql/*/bin/pgbench').toSorted().reverse()].find((file) =>
    existsSync(file),
  );
}

const peer = (file: string): string => fileURLToPath(import.meta.resolve(`@comanda/load-tests/peers/pg/${file}`));

async function query(url: string, sql: string): Promise<void> {
  await withConnection(url, (client) => client.query(sql));
}
