import { setTimeout as pause } from 'node:timers/promises';
import { Client, type QueryConfig, type QueryResult, types } from 'pg';
import type { Target } from './target.js';

/** What the real server did with a statement. */
export type Reply = { readonly result: QueryResult | QueryResult[] } | { readonly error: Error };

/** A statement as the driver takes it. */
export interface Statement {
  readonly name?: string | undefined;
  readonly text: string;
  readonly values?: unknown[] | undefined;
}

/** A connection to the real server. */
export class Backend {
  /** Of the statement that it works on. */
  #reply: Reply | undefined;

  constructor(
    readonly key: string,
    readonly client: Client,
  ) {}

  get pid(): number {
    return (this.client as unknown as { processID: number }).processID;
  }

  /** What came of the last statement; undefined while it is worked on. */
  get reply(): Reply | undefined {
    return this.#reply;
  }

  /** Makes an error of what came of the last statement. */
  fail(code: string, message: string): void {
    this.#reply = { error: Object.assign(new Error(message), { code }) };
  }

  /** Sends statements in one go; the reply is that to the last of them. Resolves when it is there, and never rejects. */
  send(...statements: readonly Statement[]): Promise<void> {
    this.#reply = undefined;
    const replies = statements.map(({ name, ...statement }) =>
      this.client.query((name ? { ...statement, name: nameOf(name, statement.text) } : statement) as QueryConfig).then(
        (result): Reply => ({ result }),
        (error: unknown): Reply => ({ error: error as Error }),
      ),
    );
    return Promise.all(replies).then((all) => void (this.#reply = all.at(-1)));
  }
}

/** Connections to the real server, kept from seed to seed: opening one costs more than all that a session does with it. */
export class Backends {
  readonly #idle = new Map<string, Backend[]>();
  readonly #all = new Set<Backend>();
  readonly #side: Client;
  readonly #administrators = new Map<string, Client>();

  constructor(private readonly administrator: string) {
    this.#side = new Client({ connectionString: administrator });
    this.#side.on('error', () => undefined);
  }

  /** @param databases those that will be administered */
  async open(databases: readonly string[]): Promise<void> {
    await this.#side.connect();
    for (const database of databases) {
      const url = new URL(this.administrator);
      url.pathname = `/${database}`;
      const client = new Client({ connectionString: url.href, types: TYPES });
      client.on('error', () => undefined);
      await client.connect();
      this.#administrators.set(database, client);
    }
  }

  async close(): Promise<void> {
    const clients = [this.#side, ...this.#administrators.values(), ...[...this.#all].map(({ client }) => client)];
    await Promise.all(clients.map((client) => client.end()));
  }

  async take({ key, config }: Target): Promise<Backend> {
    const idle = this.#idle.get(key)?.pop();
    if (idle) return idle;
    const client = new Client(config);
    client.on('error', () => undefined);
    await client.connect();
    const backend = new Backend(key, client);
    this.#all.add(backend);
    return backend;
  }

  /** Keeps a backend for the next session, which must find nothing of this one. Prepared statements stay. */
  giveBack(backend: Backend): void {
    const idle = this.#idle.get(backend.key) ?? [];
    idle.push(backend);
    this.#idle.set(backend.key, idle);
  }

  /** How many are somebody's now. */
  get lent(): number {
    return [...this.#idle.values()].reduce((left, idle) => left - idle.length, this.#all.size);
  }

  /**
   * Waits until a backend has an answer or cannot have one because it waits for a lock. Who waits for himself is in a
   * deadlock, and is the one to give up: he came last.
   * @returns whether it waits for a lock
   */
  async settle(backend: Backend, sent?: Promise<void>): Promise<boolean> {
    if (sent) await Promise.race([sent, pause(PATIENCE)]);
    while (backend.reply === undefined) {
      const blockers = await this.#blockersOf(backend.pid);
      if (backend.reply !== undefined) break;
      if (blockers.size > 0) {
        if (!(await this.#leadsTo(backend.pid, blockers))) return true;
        await this.cancel(backend);
        backend.fail('40P01', 'deadlock detected');
      } else await (sent ? Promise.race([sent, pause(PATIENCE)]) : pause(1));
    }
    return false;
  }

  /** Has the server give up the statement that a backend works on. */
  async cancel(backend: Backend): Promise<void> {
    while (backend.reply === undefined) {
      await this.#side.query('select pg_cancel_backend($1)', [backend.pid]);
      await pause(1);
    }
  }

  /**
   * Does what may end a transaction while backends that wait for locks stand still; then they go on one by one. Whom of
   * them the server would let go first is chance.
   */
  async whileOthersStand<T>(others: readonly Backend[], work: () => Promise<T>): Promise<T> {
    for (const { pid } of others) process.kill(pid, 'SIGSTOP');
    const standing = [...others];
    try {
      return await work();
    } finally {
      for (let next = standing.shift(); next; next = standing.shift()) {
        process.kill(next.pid, 'SIGCONT');
        await this.settle(next);
      }
    }
  }

  /** Asks a database as the administrator, outside of the simulated world. */
  async administer<Row extends object>(database: string, text: string, values: unknown[] = []): Promise<Row[]> {
    const client = this.#administrators.get(database);
    if (!client) throw new Error(`${database} is not administered.`);
    return (await client.query<Row>(text, values)).rows;
  }

  async #blockersOf(pid: number): Promise<Set<number>> {
    const { rows } = await this.#side.query<{ pids: number[] }>('select pg_blocking_pids($1) as pids', [pid]);
    return new Set(rows[0]?.pids);
  }

  async #leadsTo(pid: number, from: ReadonlySet<number>): Promise<boolean> {
    const seen = new Set<number>();
    const waiting = [...from];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === pid) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...(await this.#blockersOf(next)));
    }
    return false;
  }
}

/** Two processes may call different statements alike: on a connection that serves one after the other they need two names. */
function nameOf(name: string, text: string): string {
  const known = texts.get(text) ?? texts.size;
  texts.set(text, known);
  return `${name.slice(0, 40)} ${known}`;
}

const texts = new Map<string, number>();

/** `bigint` as a number. */
const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === 20 ? Number : (types.getTypeParser(oid, format as 'text') as never),
};

/** Real milliseconds after which we look whether a statement waits for a lock. */
const PATIENCE = 3;
