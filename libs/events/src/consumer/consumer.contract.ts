import { randomUUID } from 'node:crypto';
import type { Tx } from '@comanda/platform';
import { eventually, testLine } from '@comanda/testing';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { deadLetterTopic, type EventLog, type LogRecord } from '../log/event-log.js';
import {
  caughtUp,
  closed,
  consume,
  coversSeated,
  type Floor,
  inbox,
  opened,
  type Opened,
  parked,
  seat,
  seated,
  upTo,
} from '../testing/floor.js';
import { quiet } from '../testing/quiet.js';
import { connections, serviceDatabase } from '../testing/service-database.js';
import { replayDeadLetters } from './dead-letters.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** What a consumer promises on either log. */
export function promisesOfAConsumer(open: () => EventLog): void {
  let log: EventLog;
  vi.setConfig({ testTimeout: 90_000 });
  beforeAll(() => {
    log = open();
  });
  afterAll(() => log.close());

  /** A floor with a topic, a group and a database of its own. */
  async function openFloor(): Promise<Floor> {
    const topic = `comanda.test-${randomUUID()}.v1`;
    const [service] = await Promise.all([serviceDatabase(), log.createTopics([topic])]);
    return { topic, group: `floor-${randomUUID()}`, service, log, registry: new Registry() };
  }

  describe('a consumer', () => {
    test('gives every event its effect once, each check in order, and notes it', async () => {
      const floor = await openFloor();
      consume(floor);
      const checks = Array.from({ length: 10 }, () => randomUUID());
      for (let version = 1; version <= 30; version++)
        await log.append(checks.map((checkId) => opened(floor, { checkId, version, covers: version })));
      await eventually(async () => expect(await seated(floor)).toHaveLength(300), SOON);
      await eventually(() => caughtUp(floor), SOON);
      const rows = await seated(floor);
      for (const checkId of checks)
        expect(rows.filter((row) => row.checkId === checkId).map(({ covers }) => covers)).toEqual(upTo(30));
      expect(await inbox(floor)).toHaveLength(300);
      expect(await parked(floor)).toEqual([]);
    });

    test('gives an event that is delivered twice its effect once, also within one slice', async () => {
      const floor = await openFloor();
      const events = upTo(20).map((covers) => opened(floor, { covers }));
      await log.append([...events, ...events]);
      consume(floor);
      await eventually(() => caughtUp(floor), SOON);
      await log.append(events);
      await eventually(() => caughtUp(floor), SOON);
      expect(await coversSeated(floor)).toEqual(upTo(20));
    });

    test('killed after the effect and before the position: the events come again and have no second effect', async () => {
      const floor = await openFloor();
      await log.append(upTo(20).map((covers) => opened(floor, { covers })));
      let deaths = 0;
      const dying: EventLog = {
        system: log.system,
        append: (records) => log.append(records),
        createTopics: (topics) => log.createTopics(topics),
        positions: (group, topics) => log.positions(group, topics),
        rewind: (group) => log.rewind(group),
        read: (topic) => log.read(topic),
        close: () => log.close(),
        consume: (options) =>
          log.consume({
            ...options,
            onSlice: async (slice, signal) => {
              await options.onSlice(slice, signal);
              if (deaths++ < 2) throw new Error('killed');
            },
          }),
      };
      consume({ ...floor, log: dying });
      await eventually(() => caughtUp(floor), SOON);
      expect(deaths).toBeGreaterThan(2);
      expect(await coversSeated(floor)).toEqual(upTo(20));
    });

    test('writes the events of a slice in one transaction an organization, each seeing its own rows only', async () => {
      const floor = await openFloor();
      const organizations = [randomUUID(), randomUUID(), randomUUID()];
      await log.append(
        organizations.flatMap((organizationId) => upTo(30).map((covers) => opened(floor, { covers, organizationId }))),
      );
      const seen = new Set<string>();
      consume(floor, async (event, tx) => {
        await seat(event, tx);
        const rows = await tx.query<{ organization_id: string }[]>('select distinct organization_id from seated');
        seen.add(`${event.organizationId}: ${rows.map((row) => row.organization_id).join()}`);
      });
      await eventually(() => caughtUp(floor), SOON);
      expect(await seated(floor)).toHaveLength(90);
      expect([...seen].toSorted(byText)).toEqual(organizations.map((id) => `${id}: ${id}`).toSorted(byText));
      const [transactions] = await floor.service.worker.query<{ count: number }[]>(
        'select count(distinct xmin::text)::int as count from seated',
      );
      expect(transactions?.count).toBeLessThanOrEqual(3 * 3);
    });

    test('passes over events that nobody here handles, without a note', async () => {
      const floor = await openFloor();
      await log.append([closed(floor), opened(floor, { covers: 2 })]);
      consume(floor);
      await eventually(() => caughtUp(floor), SOON);
      expect(await inbox(floor)).toHaveLength(1);
      expect(await parked(floor)).toEqual([]);
      const text = await floor.registry.metrics();
      expect(text).toContain(`events_taken_total{topic="${floor.topic}"} 2`);
      expect(text).toContain('events_handled_total{type="comanda.check.opened.v1"} 1');
    });

    test('measures how far effects lie behind the recording of their events', async () => {
      const floor = await openFloor();
      const recordedAt = new Date(Date.now() - 3_000).toISOString();
      await log.append([opened(floor, { covers: 2, recordedAt })]);
      consume(floor);
      await eventually(() => caughtUp(floor), SOON);
      const text = await floor.registry.metrics();
      expect(text).toContain('events_handled_total{type="comanda.check.opened.v1"} 1');
      expect(text).toContain(`event_lag_seconds_bucket{le="2",topic="${floor.topic}"} 0`);
      expect(text).toContain(`event_lag_seconds_count{topic="${floor.topic}"} 1`);
      expect(text).toContain('messaging_process_duration_seconds_count 1');
    });
  });

  test('a consumer that is held up says how many records it has yet to take', async () => {
    const floor = await openFloor();
    await log.append(upTo(7).map((covers) => opened(floor, { covers })));
    consume(floor, () => Promise.reject(Object.assign(new Error('shutting down'), { code: '57P01' })));
    const behind = `consumer_lag_records{topic="${floor.topic}"} 7`;
    await eventually(async () => expect(await floor.registry.metrics()).toContain(behind), SOON);
  });

  describe('an event that fails alone', () => {
    test('is parked with the reason, and everything around it flows', async () => {
      const floor = await openFloor();
      const checkId = randomUUID();
      const good = upTo(6).map((covers) => opened(floor, { checkId, version: covers, covers }));
      const [one, two, three, four, five, six] = good as [
        LogRecord,
        LogRecord,
        LogRecord,
        LogRecord,
        LogRecord,
        LogRecord,
      ];
      const { ce_id: _, ...nameless } = one.headers;
      const tooMany = opened(floor, { checkId, covers: 99 });
      await log.append([
        one,
        { ...opened(floor, { checkId }), value: Buffer.from('{"half":') },
        two,
        { ...opened(floor, { checkId }), value: Buffer.from('{"checkId":"table 4","covers":2}') },
        three,
        { ...one, headers: nameless },
        four,
        { topic: floor.topic, key: checkId, value: Buffer.from([0, 255]), headers: {} },
        five,
        { ...tooMany, headers: { ...tooMany.headers, ce_traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } },
        six,
      ]);
      const logged: object[] = [];
      const logger = { ...quiet, error: (facts: object) => void logged.push(facts) };
      consume({ ...floor, logger }, async (event, tx) => {
        if (event.data.covers === 99) throw new Error('the floor has no 99 chairs');
        await seat(event, tx);
      });
      await eventually(() => caughtUp(floor), { within: 30_000 });
      expect(await coversSeated(floor)).toEqual(upTo(6));
      const letters = await parked(floor);
      expect(letters.map(({ error, tries }) => [error, tries])).toEqual([
        ['UnreadableEvent: data: is no JSON', 1],
        ['UnreadableEvent: data/checkId: Invalid UUID', 1],
        [expect.stringContaining('UnreadableEvent: headers/ce_id'), 1],
        ['UnreadableEvent: headers/ce_type: is missing', 1],
        ['Error: the floor has no 99 chairs', 5],
      ]);
      for (const letter of letters)
        expect(letter).toMatchObject({ group: floor.group, topic: floor.topic, key: checkId });
      expect(new Set(letters.map(({ offset }) => offset)).size).toBe(5);
      expect(logged).toHaveLength(5);
      expect(logged.at(-1)).toMatchObject({ type: 'comanda.check.opened.v1', tries: 5, trace_id: TRACE });
      const text = await floor.registry.metrics();
      expect(text).toContain('events_parked_total{type="comanda.check.opened.v1"} 4');
      expect(text).toContain('events_parked_total{type="unknown"} 1');
      expect(text).toContain(`dead_letters_waiting{topic="${floor.topic}"} 5`);
      expect(text).toContain('events_failed_total{type="comanda.check.opened.v1",reason="event"} 5');
    });

    test('holds up its own check only, until it succeeds', async () => {
      const floor = await openFloor();
      const [slow, other] = [randomUUID(), randomUUID()];
      await log.append([
        opened(floor, { checkId: slow, version: 1, covers: 1 }),
        opened(floor, { checkId: slow, version: 2, covers: 2 }),
        opened(floor, { checkId: other, version: 1, covers: 11 }),
        opened(floor, { checkId: other, version: 2, covers: 12 }),
      ]);
      let tries = 0;
      consume(floor, async (event, tx) => {
        if (event.data.covers === 1 && ++tries <= 3) throw new Error('not yet');
        await seat(event, tx);
      });
      await eventually(() => caughtUp(floor), SOON);
      expect((await seated(floor)).map(({ covers }) => covers)).toEqual([11, 12, 1, 2]);
      expect(await parked(floor)).toEqual([]);
    });

    test('has its effect once when it is replayed, in the group that asked only, however often', async () => {
      const floor = await openFloor();
      const other = { ...(await openFloor()), topic: floor.topic };
      let broken = true;
      const seatUnlessBroken = async (event: Opened, tx: Tx): Promise<void> => {
        if (broken) throw new Error('a defect');
        await seat(event, tx);
      };
      consume(floor, seatUnlessBroken);
      consume(other, seatUnlessBroken);
      await log.append(upTo(3).map((covers) => opened(floor, { covers })));
      await eventually(async () => expect(await parked(floor)).toHaveLength(3), SOON);
      await eventually(async () => expect(await parked(other)).toHaveLength(3), SOON);
      const replay = (ids?: string[]) => replayDeadLetters(log, [floor.topic], { group: floor.group, ids });
      broken = false;
      const [first] = await parked(floor);
      expect(await replay([first?.id ?? ''])).toBe(1);
      await eventually(async () => expect(await seated(floor)).toHaveLength(1), SOON);
      // Whoever starts now finds what waits.
      const registry = new Registry();
      consume({ ...floor, registry });
      const waiting = `dead_letters_waiting{topic="${floor.topic}"} 2`;
      await eventually(async () => expect(await registry.metrics()).toContain(waiting), SOON);
      expect(await replay()).toBe(2);
      expect(await replay()).toBe(0);
      await eventually(async () => expect(await seated(floor)).toHaveLength(3), SOON);
      await eventually(() => caughtUp(floor), SOON);
      await eventually(() => caughtUp(other), SOON);
      expect(await coversSeated(floor)).toEqual(upTo(3));
      expect((await parked(floor)).map(({ replayedAt }) => replayedAt)).toEqual(upTo(3).map(() => expect.any(String)));
      expect(await seated(other)).toEqual([]);
      expect((await parked(other)).map(({ replayedAt }) => replayedAt)).toEqual([null, null, null]);
    });

    test('is parked again when its replay fails again', async () => {
      const floor = await openFloor();
      consume(floor);
      await log.append([{ ...opened(floor, {}), value: Buffer.from('{') }]);
      await eventually(async () => expect(await parked(floor)).toHaveLength(1), SOON);
      expect(await replayDeadLetters(log, [floor.topic], { group: floor.group })).toBe(1);
      await eventually(async () => expect(await parked(floor)).toMatchObject([{ replayedAt: null }]), SOON);
      const letters: LogRecord[] = [];
      for await (const letter of log.read(deadLetterTopic(floor.topic))) letters.push(letter);
      expect(letters).toHaveLength(3);
    });
  });

  describe('when the database is away', () => {
    test('events wait, nothing is parked, and afterwards each has its effect once', async () => {
      const floor = await openFloor();
      const line = await testLine(floor.service.urls.app);
      const { db } = await connections({ ...floor.service.urls, app: line.url });
      consume({ ...floor, service: { ...floor.service, db } });
      await log.append(upTo(10).map((covers) => opened(floor, { covers })));
      await eventually(async () => expect(await seated(floor)).toHaveLength(10), SOON);
      line.cut();
      await log.append(
        upTo(30)
          .slice(10)
          .map((covers) => opened(floor, { covers })),
      );
      const failures = 'events_failed_total{type="comanda.check.opened.v1",reason="infrastructure"}';
      await eventually(async () => expect(await floor.registry.metrics()).toContain(failures), SOON);
      line.heal();
      await eventually(() => caughtUp(floor), SOON);
      expect(await coversSeated(floor)).toEqual(upTo(30));
      expect(await parked(floor)).toEqual([]);
    });
  });

  describe('consumers of one group', () => {
    test('keep the order of every check and give each event one effect while members come and go', async () => {
      const floor = await openFloor();
      const second = open();
      onTestFinished(() => second.close());
      const checks = Array.from({ length: 20 }, () => randomUUID());
      const serve = async (from: number, to: number): Promise<void> => {
        for (let version = from; version <= to; version++)
          await log.append(checks.map((checkId) => opened(floor, { checkId, version, covers: version })));
      };
      const first = consume(floor);
      await serve(1, 10);
      consume({ ...floor, log: second });
      await serve(11, 20);
      await first.stop();
      await serve(21, 30);
      await eventually(() => caughtUp(floor), SOON);
      const rows = await seated(floor);
      expect(rows).toHaveLength(600);
      for (const checkId of checks)
        expect(rows.filter((row) => row.checkId === checkId).map(({ covers }) => covers)).toEqual(upTo(30));
    });

    test('replace one another within seconds when one leaves', async () => {
      const floor = await openFloor();
      const first = consume(floor);
      await log.append(upTo(5).map((covers) => opened(floor, { covers })));
      await eventually(() => caughtUp(floor), SOON);
      const start = performance.now();
      await first.stop();
      expect(performance.now() - start).toBeLessThan(10_000);
      consume(floor);
      await log.append(
        upTo(10)
          .slice(5)
          .map((covers) => opened(floor, { covers })),
      );
      await eventually(async () => expect(await coversSeated(floor)).toEqual(upTo(10)), SOON);
    });
  });
}

/** How long to wait for what takes a second or two where nothing else is going on. */
const SOON = { within: 60_000 };

const byText = (one: string, other: string): number => one.localeCompare(other);
