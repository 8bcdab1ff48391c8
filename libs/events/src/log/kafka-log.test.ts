import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as cook } from 'node:timers/promises';
import { describeReal, eventually, type FaultyLine, startKafka, testKafka, testLine } from '@comanda/testing';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { quiet } from '../testing/quiet.js';
import { type ConsumeOptions, lagOf, type LogRecord } from './event-log.js';
import { promisesOfAnEventLog } from './event-log.contract.js';
import { KafkaLog, type KafkaOptions } from './kafka-log.js';

describeReal('kafka', 'the Kafka log', () => {
  let brokers: string[];
  beforeAll(async () => {
    brokers = (await testKafka()).brokers.split(',');
  });

  promisesOfAnEventLog(() => new KafkaLog({ brokers, clientId: 'test', logger: quiet }));

  describe('over a line that fails', () => {
    test('refuses appends while it is cut, takes them afterwards, and keeps their order', async () => {
      const { log, topic, line } = await overALine();
      await log.append(numbered(topic, 1, 3));
      line.cut();
      await expect(log.append(numbered(topic, 4, 6))).rejects.toThrow();
      await expect(log.append(numbered(topic, 4, 6))).rejects.toThrow();
      line.heal();
      await log.append(numbered(topic, 4, 6));
      await log.append(numbered(topic, 7, 9));
      expect(await numbersIn(log, topic)).toEqual(upTo(9));
    });

    test('gives up on a broker that does not answer, and takes nothing for what that one may have stored', async () => {
      const { log, topic, line } = await overALine();
      await log.append(numbered(topic, 1, 3));
      line.goMute();
      await expect(log.append(numbered(topic, 4, 6))).rejects.toThrow();
      line.heal();
      // As many as before, so that a producer which went on counting would have its batch taken for a repeat, and dropped.
      await log.append(numbered(topic, 7, 9));
      expect([...new Set(await numbersIn(log, topic))]).toEqual(upTo(9));
    });

    test('a member comes back and goes on where it was', async () => {
      const { log, topic, line } = await overALine();
      const { taken } = member(log, topic);
      await log.append(numbered(topic, 1, 5));
      await eventually(() => expect(taken).toEqual(upTo(5)), SOON);
      line.cut();
      await expect(log.append(numbered(topic, 6, 9))).rejects.toThrow();
      line.heal();
      await log.append(numbered(topic, 6, 9));
      await eventually(() => expect([...new Set(taken)]).toEqual(upTo(9)), SOON);
    });

    test('a member that falls silent is replaced when its session is over', async () => {
      const { log, topic, line } = await overALine();
      const group = randomUUID();
      const silent = member(log, topic, { group });
      await log.append(numbered(topic, 1, 5));
      await eventually(() => expect(silent.taken).toEqual(upTo(5)), SOON);
      const other = openLog();
      await eventually(async () => expect(lagOf(await other.positions(group, [topic]))).toBe(0), SOON);
      const next = member(other, topic, { group });
      line.goDead();
      await other.append(numbered(topic, 6, 9));
      await eventually(() => expect(next.taken).toEqual([6, 7, 8, 9]), SOON);
    });
  });

  test('keeps its partitions while a slice takes longer than a session', async () => {
    const log = openLog();
    const topic = await newTopic(log);
    const group = randomUUID();
    const { taken } = member(log, topic, { group, onSlice: () => cook(3 * SESSION) });
    await log.append(numbered(topic, 1, 5));
    await eventually(async () => expect(lagOf(await log.positions(group, [topic]))).toBe(0), SOON);
    expect(taken).toEqual(upTo(5));
  });

  test('is left within seconds also amid a rebalance, and whoever stays has all partitions', async () => {
    const log = openLog();
    const topic = await newTopic(log);
    const group = randomUUID();
    const first = member(log, topic, { group });
    await log.append(numbered(topic, 1, 5));
    await eventually(() => expect(first.taken).toEqual(upTo(5)), SOON);
    const [second, third] = [member(openLog(), topic, { group }), member(openLog(), topic, { group })];
    const start = performance.now();
    await Promise.all([first.stop(), second.stop()]);
    expect(performance.now() - start).toBeLessThan(10_000);
    await log.append(upTo(60).flatMap((n) => numbered(topic, n + 5, n + 5, `key-${n}`)));
    await eventually(() => expect(new Set(third.taken).size).toBe(60), SOON);
  });

  test('outlives a restart of its broker', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'comanda-kafka-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const broker = await startKafka({ folder });
    const log = openLog({ brokers: [broker.brokers] });
    const topic = await newTopic(log);
    const { taken } = member(log, topic);
    await log.append(numbered(topic, 1, 5));
    await eventually(() => expect(taken).toEqual(upTo(5)), SOON);
    await broker.stop();
    await expect(log.append(numbered(topic, 6, 9))).rejects.toThrow();
    const again = await startKafka({ folder });
    onTestFinished(() => again.stop());
    await eventually(() => log.append(numbered(topic, 6, 9)), SOON);
    await eventually(() => expect([...new Set(taken)]).toEqual(upTo(9)), SOON);
  });

  /** A log whose sessions are short and which loses patience early. */
  function openLog(options: Partial<KafkaOptions> = {}): KafkaLog {
    const hurried = { session: SESSION, patience: 4_000 };
    const log = new KafkaLog({ brokers, clientId: 'test', logger: quiet, ...hurried, ...options });
    onTestFinished(() => log.close());
    return log;
  }

  async function overALine(): Promise<{ log: KafkaLog; topic: string; line: FaultyLine }> {
    const line = await testLine(`tcp://${brokers[0]}`);
    const { hostname, port } = new URL(line.url);
    const log = openLog({ socketFactory: ({ onConnect }) => connect(Number(port), hostname, onConnect) });
    return { log, line, topic: await newTopic(log) };
  }
});

const SOON = { within: 60_000 };
const SESSION = 3_000;

async function newTopic(log: KafkaLog): Promise<string> {
  const topic = `comanda.test-${randomUUID()}.v1`;
  await log.createTopics([topic]);
  return topic;
}

function member(
  log: KafkaLog,
  topic: string,
  options: Partial<ConsumeOptions> = {},
): { taken: number[]; stop(): Promise<void> } {
  const taken: number[] = [];
  const { onSlice, group = randomUUID() } = options;
  const consumption = log.consume({
    group,
    topics: [topic],
    onSlice: async (slice, signal) => {
      await onSlice?.(slice, signal);
      taken.push(...slice.map(({ value }) => Number(value)));
    },
  });
  onTestFinished(() => consumption.stop());
  return { taken, stop: () => consumption.stop() };
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);

const numbered = (topic: string, first: number, last: number, key = 'k'): LogRecord[] =>
  upTo(last)
    .slice(first - 1)
    .map((n) => ({ topic, key, value: Buffer.from(String(n)), headers: {} }));

async function numbersIn(log: KafkaLog, topic: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { value } of log.read(topic)) numbers.push(Number(value));
  return numbers;
}
