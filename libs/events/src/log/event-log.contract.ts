import { randomUUID } from 'node:crypto';
import { eventually } from '@comanda/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { toDeadLetter } from '../consumer/dead-letters.js';
import { MAX_DATA } from '../outbox/publish.js';
import {
  type Consumption,
  type ConsumeOptions,
  deadLetterTopic,
  type EventLog,
  GroupActive,
  lagOf,
  type LogRecord,
  PARTITIONS,
  type StoredRecord,
} from './event-log.js';

/** What both drivers promise. `open` gives another instance on the same log, as another process would have. */
export function promisesOfAnEventLog(open: () => EventLog): void {
  let log: EventLog;
  vi.setConfig({ testTimeout: 90_000 });
  beforeAll(() => {
    log = open();
  });
  afterAll(() => log.close());

  /** A topic of the test's own. */
  async function newTopic(): Promise<string> {
    const topic = `comanda.test-${randomUUID()}.v1`;
    await log.createTopics([topic]);
    return topic;
  }

  /** Joins a group and keeps what it gets; `take` may refuse a slice by throwing. */
  function member(
    topics: string[],
    options: Partial<ConsumeOptions> & { from?: EventLog } = {},
  ): Consumption & { taken: StoredRecord[]; slices: number[]; group: string } {
    const { from = log, group = `group-${randomUUID()}`, onSlice } = options;
    const taken: StoredRecord[] = [];
    const slices: number[] = [];
    const consumption = from.consume({
      ...options,
      group,
      topics,
      onSlice: async (slice, signal) => {
        await onSlice?.(slice, signal);
        taken.push(...slice);
        slices.push(slice.length);
      },
    });
    onTestFinished(() => consumption.stop());
    return { stop: () => consumption.stop(), taken, slices, group };
  }

  describe('a topic', () => {
    test('keeps key, value and headers as they were given, also bytes that are no text and nothing at all', async () => {
      const topic = await newTopic();
      const records = [
        {
          topic,
          key: 'table 4',
          value: Buffer.from('{"dish":"Cacio e pepe"}'),
          headers: { ce_id: '1', note: 'Grüße 🍕' },
        },
        { topic, key: 'table 4', value: Buffer.from([0, 255, 128, 10]), headers: {} },
        { topic, key: 'table 4', value: null, headers: { empty: '' } },
        { topic, key: null, value: Buffer.from('without a key'), headers: {} },
      ];
      await log.append(records);
      const { taken } = member([topic]);
      await eventually(() => expect(taken).toHaveLength(4), SOON);
      expect(given(taken).filter(({ key }) => key !== null)).toEqual(records.slice(0, 3));
      expect(given(taken).filter(({ key }) => key === null)).toEqual(records.slice(3));
    });

    test('spreads keys over its partitions and keeps each in the same one', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 200, 50));
      await log.append(numbered(topic, 200, 50));
      const partitions = new Map<string | null, Set<number>>();
      for await (const { key, partition } of log.read(topic))
        partitions.set(key, (partitions.get(key) ?? new Set()).add(partition));
      expect([...partitions.values()].map(({ size }) => size)).toEqual(Array.from({ length: 50 }, () => 1));
      expect(new Set([...partitions.values()].flatMap((of) => [...of])).size).toBeGreaterThan(PARTITIONS / 2);
    });

    test('keeps the order of a key over appends at the same time', async () => {
      const topic = await newTopic();
      const appends: Promise<void>[] = [];
      for (let at = 0; at < 40; at++) appends.push(log.append(numbered(topic, 5, 1, at * 5)));
      await Promise.all(appends);
      const numbers: number[] = [];
      for await (const record of log.read(topic)) numbers.push(numberOf(record));
      expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 200 }, (_, n) => n));
      const within = numbers.map((number) => Math.floor(number / 5));
      expect(within.filter((append, place) => append !== within[place - 1])).toHaveLength(40);
    });

    test('numbers its records without gaps', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 300, 20));
      const offsets = new Map<number, number[]>();
      for await (const { partition, offset } of log.read(topic))
        offsets.set(partition, [...(offsets.get(partition) ?? []), offset]);
      for (const list of offsets.values()) expect(list).toEqual(list.map((_, place) => place));
    });

    test('takes several megabytes for one key at once', async () => {
      const topic = await newTopic();
      const large = Buffer.alloc(400_000, 'x');
      const records = Array.from({ length: 10 }, (_, n) => ({
        topic,
        key: 'k',
        value: large,
        headers: { n: String(n) },
      }));
      await log.append(records);
      const read: string[] = [];
      for await (const { headers } of log.read(topic)) read.push(headers['n'] ?? '');
      expect(read).toEqual(records.map(({ headers }) => headers.n));
    });

    test('takes the largest event there may be, and its dead letter', async () => {
      const topic = await newTopic();
      const largest = { topic, key: 'k', value: Buffer.alloc(MAX_DATA, 'x'), headers: { note: 'x'.repeat(10_000) } };
      await log.append([largest]);
      const [stored] = await allOf(log.read(topic));
      expect(stored?.value?.length).toBe(MAX_DATA);
      const error = new Error('x'.repeat(100_000));
      await log.append([toDeadLetter(stored as StoredRecord, 'group', { error, tries: 5 })]);
      expect(await allOf(log.read(deadLetterTopic(topic)))).toHaveLength(1);
    });

    test('comes with its dead-letter topic, and making it again changes nothing', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 1));
      await log.append(numbered(deadLetterTopic(topic), 1));
      const another = `comanda.test-${randomUUID()}.v1`;
      expect(await log.createTopics([topic, another])).toEqual([another]);
      expect(await allOf(log.read(topic))).toHaveLength(1);
      expect(await allOf(log.read(deadLetterTopic(topic)))).toHaveLength(1);
    });

    test('that nobody made cannot be appended to', async () => {
      await expect(log.append(numbered(`comanda.nowhere-${randomUUID()}.v1`, 1))).rejects.toThrow();
    });
  });

  describe('reading', () => {
    test('goes from the start to where the topic ended when it began', async () => {
      const topic = await newTopic();
      expect(await allOf(log.read(topic))).toEqual([]);
      await log.append(numbered(topic, 500, 10));
      expect(await allOf(log.read(topic))).toHaveLength(500);
    });

    test('can stop half-way', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 500, 10));
      let seen = 0;
      for await (const _ of log.read(topic)) if (++seen === 3) break;
      expect(seen).toBe(3);
    });
  });

  describe('a group', () => {
    test('gets every record once, from the start, each key in order, in slices of a hundred at most', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 700, 7));
      const { taken, slices } = member([topic]);
      await eventually(() => expect(taken.length).toBeGreaterThanOrEqual(700), SOON);
      await log.append(numbered(topic, 300, 7, 700));
      await eventually(() => expect(taken.length).toBeGreaterThanOrEqual(1000), SOON);
      expect(taken).toHaveLength(1000);
      for (const key of keys(7)) {
        const numbers = taken.filter((record) => record.key === key).map(numberOf);
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      }
      expect(Math.max(...slices)).toBeLessThanOrEqual(100);
      expect(slices.length).toBeLessThan(100);
    });

    test('shares a slice between partitions, so that a few events of many keys are one transaction', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 90, 90));
      const { taken, slices } = member([topic]);
      await eventually(() => expect(taken).toHaveLength(90), SOON);
      expect(slices.length).toBeLessThanOrEqual(3);
    });

    test('reads several topics, and not those of another group', async () => {
      const [orders, payments, stock] = [await newTopic(), await newTopic(), await newTopic()];
      const floor = member([orders, payments]);
      const store = member([stock]);
      await log.append([...numbered(orders, 3), ...numbered(payments, 4), ...numbered(stock, 5)]);
      await eventually(() => expect([floor.taken.length, store.taken.length]).toEqual([7, 5]), SOON);
      expect(new Set(floor.taken.map(({ topic }) => topic))).toEqual(new Set([orders, payments]));
    });

    test('gets what is appended within a second', async () => {
      const topic = await newTopic();
      const { taken } = member([topic]);
      await log.append(numbered(topic, 1));
      await eventually(() => expect(taken).toHaveLength(1), SOON);
      const times: number[] = [];
      for (let count = 2; count <= 6; count++) {
        const start = performance.now();
        await log.append(numbered(topic, 1));
        await eventually(() => expect(taken).toHaveLength(count), SOON);
        times.push(performance.now() - start);
      }
      // The others may have met with whatever else the machine does.
      expect(Math.min(...times)).toBeLessThan(1_000);
    });

    test('may be joined before its topic exists', async () => {
      const topic = `comanda.test-${randomUUID()}.v1`;
      const { taken } = member([topic]);
      await log.createTopics([topic]);
      await log.append(numbered(topic, 1));
      await eventually(() => expect(taken).toHaveLength(1), SOON);
    });

    test('gets a slice that failed again, as long as it takes, and nothing before it', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 20, 1));
      let failures = 0;
      const { taken } = member([topic], {
        sliceSize: 10,
        onSlice: async (slice) => {
          if (slice.some((record) => numberOf(record) === 0) && ++failures < 6) throw new Error('the database is away');
        },
      });
      await eventually(() => expect(taken).toHaveLength(20), SOON);
      expect(taken.map(numberOf)).toEqual(Array.from({ length: 20 }, (_, n) => n));
      expect(failures).toBe(6);
    });

    test('knows how far it is in each partition', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 50, 10));
      const group = `group-${randomUUID()}`;
      expect(lagOf(await log.positions(group, [topic]))).toBe(50);
      const consumption = member([topic], { group });
      await eventually(async () => expect(lagOf(await log.positions(group, [topic]))).toBe(0), SOON);
      await consumption.stop();
      await log.append(numbered(topic, 5, 5));
      const positions = await log.positions(group, [topic]);
      expect(positions).toHaveLength(PARTITIONS);
      expect(lagOf(positions)).toBe(5);
      expect(positions.reduce((sum, { end }) => sum + end, 0)).toBe(55);
    });

    test('that is set back reads everything again, and is not set back under the hands of a member', async () => {
      const topic = await newTopic();
      await log.append(numbered(topic, 20, 5));
      const group = `group-${randomUUID()}`;
      await log.rewind(group);
      const first = member([topic], { group });
      await eventually(() => expect(first.taken).toHaveLength(20), SOON);
      await expect(log.rewind(group)).rejects.toThrow(GroupActive);
      await first.stop();
      await log.rewind(group);
      expect(lagOf(await log.positions(group, [topic]))).toBe(20);
      const again = member([topic], { group });
      await eventually(() => expect(again.taken).toHaveLength(20), SOON);
    });
  });

  describe('a member that leaves', () => {
    test('lets its slice end, commits it and is replaced at once by one that goes on from there', async () => {
      const topic = await newTopic();
      const group = `group-${randomUUID()}`;
      await log.append(numbered(topic, 100, 1));
      const begun = Promise.withResolvers<void>();
      const mayEnd = Promise.withResolvers<void>();
      const first = member([topic], {
        group,
        sliceSize: 10,
        onSlice: async () => {
          begun.resolve();
          await mayEnd.promise;
        },
      });
      await begun.promise;
      const stopped = first.stop();
      mayEnd.resolve();
      await stopped;
      expect(first.taken.map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const second = member([topic], { group });
      await eventually(() => expect(second.taken).toHaveLength(90), SOON);
      expect(second.taken.map(numberOf)[0]).toBe(10);
    });

    test('does not wait for a slice that keeps failing: the next member gets it', async () => {
      const topic = await newTopic();
      const group = `group-${randomUUID()}`;
      await log.append(numbered(topic, 3));
      let tries = 0;
      const first = member([topic], {
        group,
        onSlice: () => Promise.reject(new Error(`no, for the ${++tries}th time`)),
      });
      await eventually(() => expect(tries).toBeGreaterThan(1), SOON);
      const start = performance.now();
      await first.stop();
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(first.taken).toEqual([]);
      const second = member([topic], { group });
      await eventually(() => expect(second.taken).toHaveLength(3), SOON);
    });

    test('hands its partitions to the other member of the group, which loses nothing', async () => {
      const topic = await newTopic();
      const group = `group-${randomUUID()}`;
      const other = open();
      onTestFinished(() => other.close());
      const first = member([topic], { group });
      const second = member([topic], { group, from: other });
      await log.append(numbered(topic, 200, 20));
      const all = () => new Set([...first.taken, ...second.taken].map(numberOf)).size;
      await eventually(() => expect(all()).toBe(200), SOON);
      await first.stop();
      await log.append(numbered(topic, 200, 20, 200));
      await eventually(() => expect(all()).toBe(400), SOON);
    });
  });
}

/** How long to wait for what takes a second where nothing else is going on. */
const SOON = { within: 60_000 };

const keys = (count: number): string[] => Array.from({ length: count }, (_, n) => `key-${n}`);

/** Records that say their number, dealt out over so many keys. */
const numbered = (topic: string, count: number, ofKeys = 1, from = 0): LogRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    topic,
    key: `key-${(from + n) % ofKeys}`,
    value: Buffer.from(String(from + n)),
    headers: {},
  }));

const numberOf = ({ value }: LogRecord): number => Number(value);

async function allOf(records: AsyncIterable<StoredRecord>): Promise<StoredRecord[]> {
  const read: StoredRecord[] = [];
  for await (const record of records) read.push(record);
  return read;
}

/** Records as they were given, without the place they got. */
const given = (records: readonly StoredRecord[]): LogRecord[] =>
  records.map(({ topic, key, value, headers }) => ({ topic, key, value, headers }));
