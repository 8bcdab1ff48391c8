import { randomUUID } from 'node:crypto';
import { eventually, testLine, testPostgres } from '@comanda/testing';
import { Client } from 'pg';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { quiet } from '../testing/quiet.js';
import { deadLetterTopic, lagOf, type LogRecord } from './event-log.js';
import { promisesOfAnEventLog } from './event-log.contract.js';
import { PostgresLog } from './postgres-log.js';

describe('the PostgreSQL log', () => {
  let url: string;
  beforeAll(async () => {
    ({ url } = await (await testPostgres()).createDatabase('log'));
  });

  promisesOfAnEventLog(() => new PostgresLog({ url, logger: quiet }));

  test('a member whose connection is killed joins again and goes on where it was', async () => {
    const log = openLog(url);
    const group = randomUUID();
    const { topic, taken } = await member(log, { group });
    await log.append(numbered(topic, 1, 5));
    await eventually(async () => expect(lagOf(await log.positions(group, [topic]))).toBe(0), SOON);
    await endGroupSessions(url);
    await log.append(numbered(topic, 6, 9));
    await eventually(() => expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]), SOON);
  });

  test('a member that falls silent is replaced when its lease is over, and moves no position after that', async () => {
    const line = await testLine(url);
    const group = randomUUID();
    const first = await member(openLog(line.url), { group });
    const log = openLog(url);
    await log.append(numbered(first.topic, 1, 5));
    await eventually(async () => expect(lagOf(await log.positions(group, [first.topic]))).toBe(0), SOON);
    line.goDead();
    const second = await member(log, { group, topic: first.topic });
    await log.append(numbered(first.topic, 6, 9));
    await eventually(() => expect(second.taken).toEqual([6, 7, 8, 9]), SOON);
    expect(first.taken).toEqual([1, 2, 3, 4, 5]);
  });

  test('dead letters are gone after thirty days, and nobody waits for them', async () => {
    const log = openLog(url);
    const topic = `comanda.test-${randomUUID()}.v1`;
    await log.createTopics([topic]);
    await log.append([...numbered(topic, 1, 3), ...numbered(deadLetterTopic(topic), 1, 3)]);
    await run(
      url,
      `update log_entries set appended_at = now() - interval '31 days' where topic like '${topic}%' and position < 2`,
    );
    await log.createTopics([topic]);
    const left = async (of: string) => lagOf(await log.positions(randomUUID(), [of]));
    expect([await left(topic), await left(deadLetterTopic(topic))]).toEqual([3, 1]);
    const letters: LogRecord[] = [];
    for await (const letter of log.read(deadLetterTopic(topic))) letters.push(letter);
    expect(letters.map(({ value }) => Number(value))).toEqual([3]);
  });

  test('a member is woken by an append of its own process, long before its next look', async () => {
    const log = openLog(url);
    const { topic, taken } = await member(log);
    const times: number[] = [];
    for (let n = 1; n <= 6; n++) {
      const start = performance.now();
      await log.append(numbered(topic, n, n));
      await eventually(() => expect(taken).toHaveLength(n), SOON);
      times.push(performance.now() - start);
    }
    // It looks again half a second after the last record. The machine may be busy; it is not always.
    expect(Math.min(...times.slice(1))).toBeLessThan(250);
  });

  test('a member finds what another process appended, though nobody wakes it', async () => {
    const { topic, taken } = await member(openLog(url));
    await openLog(url).append(numbered(topic, 1, 3));
    await eventually(() => expect(taken).toEqual([1, 2, 3]), SOON);
  });
});

const SOON = { within: 60_000 };

function openLog(url: string): PostgresLog {
  const log = new PostgresLog({ url, logger: quiet, lease: 3_000 });
  onTestFinished(() => log.close());
  return log;
}

async function member(
  log: PostgresLog,
  { group = randomUUID(), topic }: { group?: string; topic?: string } = {},
): Promise<{ topic: string; taken: number[] }> {
  const own = topic ?? `comanda.test-${randomUUID()}.v1`;
  if (topic === undefined) await log.createTopics([own]);
  const taken: number[] = [];
  log.consume({
    group,
    topics: [own],
    onSlice: async (slice) => void taken.push(...slice.map(({ value }) => Number(value))),
  });
  return { topic: own, taken };
}

const numbered = (topic: string, first: number, last: number): LogRecord[] =>
  Array.from({ length: last - first + 1 }, (_, n) => ({
    topic,
    key: 'k',
    value: Buffer.from(String(first + n)),
    headers: {},
  }));

/** Ends the sessions that hold groups, as the death of their processes would. */
const endGroupSessions = (url: string): Promise<void> =>
  run(
    url,
    `select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
  );

async function run(url: string, statement: string): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query(statement);
  await admin.end();
}
