import { createHash, randomBytes } from 'node:crypto';
import { dirname } from 'node:path';

import { withConnection } from '@comanda/embedded';
import { afterAll } from 'vitest';

import { pythonCommand, whyMissing } from './servers/index.js';
import type { Real } from './servers/index.js';

export interface TestDatabase {
  readonly name: string;
  /** The administrator's connection to it. */
  readonly url: string;
}

export interface TestPostgres {
  /** The administrator's connection to the server. */
  readonly url: string;
  /**
   * Makes a fresh database with a name of its own, empty or as `template` is, to which nobody may be connected meanwhile;
   * it is dropped after the last test of the file.
   */
  createDatabase(prefix: string, template?: string): Promise<TestDatabase>;
  /**
   * A database to copy, made once for all tests of this server: whoever asks first for what `content` tells apart fills
   * it with `make`, which leaves nobody connected. It goes with the server.
   */
  template(prefix: string, content: string, make: (url: string) => Promise<unknown>): Promise<TestDatabase>;
}

/**
 * A real PostgreSQL, shared with the other tests of the run: the whole run's, or else one of this package's own. Roles
 * belong to the server, so two tests may meet in them; databases do not.
 */
export async function testPostgres(): Promise<TestPostgres> {
  const url = process.env['COMANDA_TEST_POSTGRES_URL'] ?? (await ask('postgres'));
  const at = (name: string): TestDatabase => {
    const own = new URL(url);
    own.pathname = name;
    return { name, url: own.href };
  };
  return {
    url,
    async createDatabase(prefix, template = 'template0') {
      const name = `${prefix}_${randomBytes(6).toString('hex')}`;
      // Files are copied as they are: the other way sends every page through the buffers and the log.
      await run(url, `create database "${name}" template "${template}" strategy file_copy`);
      databases.push({ server: url, name });
      return at(name);
    },
    async template(prefix, content, make) {
      const template = at(`${prefix}_${createHash('sha256').update(content).digest('hex').slice(0, 12)}`);
      await fill(url, template, make);
      return template;
    },
  };
}

/** Fills the template, unless it is filled: another file may ask at once, and who made it may have died half-way. */
async function fill(
  server: string,
  { name, url }: TestDatabase,
  make: (url: string) => Promise<unknown>,
): Promise<void> {
  await withConnection(server, async (client) => {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]); // until the session ends
    const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [name]);
    if (rowCount) return;
    await client.query(`drop database if exists "${name}" with (force)`);
    await client.query(`create database "${name}" template template0 strategy file_copy`);
    await make(url);
    await client.query(`alter database "${name}" is_template true`);
  });
}

/** A real broker, shared with the other tests of the run: take topic and group names of your own. */
export async function testKafka(): Promise<{ brokers: string }> {
  mustHave('kafka');
  return { brokers: process.env['COMANDA_TEST_KAFKA_BROKERS'] ?? (await ask('kafka')) };
}

/** A real Redis, shared with the other tests of the run: take key prefixes of your own, and never flush it. */
export async function testRedis(): Promise<{ url: string }> {
  mustHave('redis');
  return { url: process.env['COMANDA_TEST_REDIS_URL'] ?? (await ask('redis')) };
}

/** A Python interpreter with kafka-python, jsonschema-rs and schemathesis; `folder` holds their commands, such as `schemathesis`. */
export function testPython(): { command: string; folder: string } {
  mustHave('python');
  const command = process.env['COMANDA_TEST_PYTHON'] ?? pythonCommand();
  return { command, folder: dirname(command) };
}

const databases: { server: string; name: string }[] = [];

// Registered as the file is read, so that it runs after the file's own `afterAll`: its applications are closed by then.
afterAll(async () => {
  for (const { server, name } of databases.splice(0))
    await run(server, `drop database if exists "${name}" with (force)`);
});

async function run(url: string, statement: string): Promise<void> {
  await withConnection(url, (client) => client.query(statement));
}

function mustHave(what: Real): void {
  const reason = whyMissing(what);
  if (reason) throw new Error(`This test needs ${what}: ${reason}.`);
}

async function ask(server: 'postgres' | 'kafka' | 'redis'): Promise<string> {
  const door = process.env['COMANDA_TEST_SERVERS'];
  if (!door) throw new Error("There are no test servers: the package's vitest.config.ts must be the shared one.");
  const answer = await fetch(`${door}/${server}`);
  const said = await answer.text();
  if (!answer.ok) throw new Error(said);
  return said;
}
