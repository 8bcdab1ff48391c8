import { type ClientConfig, Pool } from 'pg';
import { LockedSession } from '../locked-session.js';
import { type Logger, pause } from '../waiting.js';
import {
  DEAD_LETTER_DAYS,
  type ConsumeOptions,
  type Consumption,
  deadLetterTopic,
  type EventLog,
  GroupActive,
  type LogRecord,
  PARTITIONS,
  type Position,
  type StoredRecord,
} from './event-log.js';
import { lockOf, PostgresConsumption } from './postgres-consumption.js';
import {
  ADD_TOPICS,
  DELETE_OLD,
  APPEND,
  ENDS,
  type EndRow,
  type EntryRow,
  FORGET,
  type HeadRow,
  POSITIONS,
  type PositionRow,
  READ,
  TABLES,
  TOPICS,
  toPosition,
  toStored,
} from './postgres-entries.js';
import { placeOf, Tail } from './tail.js';

/**
 * The event log of one machine, in a PostgreSQL database of its own. A group has one active member at a time; the
 * others stand by. Consumers of the same instance are woken by an append and take from memory what it appended; what another
 * instance appended is looked for twice a second, for all of them at once.
 */
export class PostgresLog implements EventLog {
  readonly system = 'postgresql';
  readonly #pool: Pool;
  readonly #config: ClientConfig;
  readonly #logger: Logger;
  readonly #lease: number | undefined;
  readonly #tail = new Tail();
  readonly #topics = new Set<string>();
  readonly #consumptions = new Set<PostgresConsumption>();
  readonly #closing = new AbortController();
  #watching: Promise<void> | undefined;

  constructor({ url, logger, pool = 4, lease }: { url: string; logger: Logger; pool?: number; lease?: number }) {
    this.#config = { connectionString: url, application_name: 'event-log', keepAlive: true };
    this.#pool = new Pool({ ...this.#config, max: pool, connectionTimeoutMillis: 5_000, query_timeout: 30_000 });
    // The pool replaces what it loses; whoever was using the connection gets the error itself.
    this.#pool.on('error', () => undefined);
    this.#logger = logger;
    this.#lease = lease;
  }

  async append(records: readonly LogRecord[]): Promise<void> {
    if (records.length === 0) return;
    const topics = [...new Set(records.map(({ topic }) => topic))];
    await this.#require(topics);
    const placed = records.map((record) => ({ ...record, partition: partitionOf(record.key) }));
    const { rows: heads } = await this.#pool.query<HeadRow>({
      ...APPEND,
      values: [
        placed.map(({ topic }) => topic),
        placed.map(({ partition }) => partition),
        placed.map(({ key }) => key),
        placed.map(({ value }) => value),
        placed.map(({ headers }) => JSON.stringify(headers)),
      ],
    });
    const next = new Map(heads.map((head) => [placeOf(head), Number(head.first)]));
    this.#tail.add(
      placed.map((record) => {
        const place = placeOf(record);
        const offset = next.get(place) ?? 0;
        next.set(place, offset + 1);
        return { ...record, offset };
      }),
    );
    this.#wake(topics);
  }

  async createTopics(topics: readonly string[]): Promise<string[]> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      // Two that start at once would trip over each other's tables.
      await client.query(`select pg_advisory_xact_lock(hashtextextended('event-log.tables', 0))`);
      await client.query(TABLES);
      const wanted = topics.flatMap((topic) => [topic, deadLetterTopic(topic)]);
      const { rows: added } = await client.query<{ topic: string }>(ADD_TOPICS, [wanted, PARTITIONS]);
      await client.query(DELETE_OLD, [topics.map(deadLetterTopic), DEAD_LETTER_DAYS]);
      await client.query('commit');
      return topics.filter((topic) => added.some((partition) => partition.topic === topic));
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  consume(options: ConsumeOptions): Consumption {
    const consumption = new PostgresConsumption(this.#config, this.#tail, options, this.#logger, this.#lease);
    this.#consumptions.add(consumption);
    this.#watching ??= this.#watch();
    return {
      stop: async () => {
        this.#consumptions.delete(consumption);
        await consumption.stop();
      },
    };
  }

  async positions(group: string, topics: readonly string[]): Promise<Position[]> {
    const { rows } = await this.#pool.query<PositionRow>(POSITIONS, [group, topics]);
    return rows.map(toPosition);
  }

  async rewind(group: string): Promise<void> {
    // Nobody becomes a member as long as we have its lock; a member that died a moment ago has it no longer.
    const signal = AbortSignal.timeout(PATIENCE);
    await using session = await LockedSession.acquire(this.#config, lockOf(group), { signal, lease: this.#lease });
    if (!session) throw new GroupActive(group);
    await session.query(FORGET, [group]);
  }

  async *read(topic: string): AsyncIterable<StoredRecord> {
    await this.#require([topic]);
    for (const { partition, end } of await this.positions('', [topic])) {
      for (let next = 0; next < end;) {
        const { rows } = await this.#pool.query<EntryRow>(READ, [topic, partition, next, end]);
        if (rows.length === 0) break;
        for (const row of rows) yield toStored(row);
        next = Number(rows.at(-1)?.position) + 1;
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop()));
    await this.#pool.end();
  }

  #wake(topics: Iterable<string>): void {
    const those = [...topics];
    if (those.length > 0) for (const consumption of this.#consumptions) consumption.wake(those);
  }

  /** Finds what other processes appended. While the database is away, so are the members: they read it when they join again. */
  async #watch(): Promise<void> {
    while (await pause(POLL, this.#closing.signal)) {
      const { rows } = await this.#pool.query<EndRow>(ENDS).catch(() => ({ rows: [] }));
      this.#wake(this.#tail.learn(rows.map(({ end, ...place }) => ({ ...place, end: Number(end) }))));
    }
  }

  /** A topic is made on purpose, not by a spelling mistake. */
  async #require(topics: readonly string[]): Promise<void> {
    if (topics.every((topic) => this.#topics.has(topic))) return;
    const { rows } = await this.#pool.query<{ topic: string }>(TOPICS, [topics]);
    for (const { topic } of rows) this.#topics.add(topic);
    const unknown = topics.filter((topic) => !this.#topics.has(topic));
    if (unknown.length > 0) throw new Error(`The event log has no topic ${unknown.join(', ')}.`);
  }
}

/** Milliseconds in which a group that is to be set back must turn out to have no member. */
const PATIENCE = 3_000;
/** Milliseconds from one look for what other processes appended to the next. */
const POLL = 500;

/** FNV-1a over the key: the same key always lands in the same partition. */
function partitionOf(key: string | null): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key ?? '')) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % PARTITIONS;
}
