import { randomUUID } from 'node:crypto';
import { inTransaction } from '@comanda/platform';
import { eventually, testLine, testPostgres } from '@comanda/testing';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { fromRecord } from '../envelope.js';
import type { EventLog, LogRecord } from '../log/event-log.js';
import { PostgresLog } from '../log/postgres-log.js';
import { quiet } from '../testing/quiet.js';
import { CheckOpened, connections, type ServiceDatabase, serviceDatabase } from '../testing/service-database.js';
import { replayOutbox } from './outbox.store.js';
import { newEvent, publish, publishMany } from './publish.js';
import { Relay, type RelayOptions } from './relay.js';

vi.setConfig({ testTimeout: 90_000 });

describe('the relay', () => {
  test('brings events to the log as they were published', async () => {
    const { service, log } = await serviceWithLog();
    relayOf(service, log);
    const checkId = randomUUID();
    const occurredAt = '2026-03-06T19:30:00.000Z';
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await inTransaction(service.db, service.organizationId, (tx) =>
      publishMany(tx, [
        { ...newEvent(CheckOpened, { checkId, covers: 4 }, { version: 9, occurredAt }), traceparent: trace },
      ]),
    );
    const [record] = await eventually(() => recordsIn(log, 1), SOON);
    expect(record?.key).toBe(checkId);
    expect(fromRecord(record as LogRecord, CheckOpened)).toEqual({
      id: expect.any(String),
      type: 'comanda.check.opened.v1',
      source: '/comanda/orders',
      subject: checkId,
      time: occurredAt,
      recordedAt: expect.any(String),
      organizationId: service.organizationId,
      aggregateVersion: 9,
      traceparent: trace,
      data: { checkId, covers: 4 },
    });
  });

  test('does not skip a row that was written first and committed last', async () => {
    const { service, log } = await serviceWithLog();
    relayOf(service, log);
    const written = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const slow = inTransaction(service.db, service.organizationId, async (tx) => {
      await publish(tx, CheckOpened, { checkId: randomUUID(), covers: 1 }, { version: 1 });
      written.resolve();
      await mayCommit.promise;
    });
    await written.promise;
    await open(service, [2]);
    expect(covers(await eventually(() => recordsIn(log, 1), SOON))).toEqual([2]);
    mayCommit.resolve();
    await slow;
    expect(new Set(covers(await eventually(() => recordsIn(log, 2), SOON)))).toEqual(new Set([1, 2]));
  });

  test('is woken by a commit of its own process', async () => {
    const { service, log } = await serviceWithLog();
    const relay = relayOf(service, log, { poll: NEVER });
    await eventually(() => relay.leads, SOON);
    await open(service, [1]);
    await eventually(() => recordsIn(log, 1), SOON);
    await open(service, [2]);
    await eventually(() => recordsIn(log, 2), SOON);
  });

  test('is woken by a commit of another process, whose relay stands by', async () => {
    const { service, log } = await serviceWithLog();
    const relay = relayOf(service, log, { poll: NEVER });
    await eventually(() => relay.leads, SOON);
    const other = await connections(service.urls);
    const standby = relayOf(other, log, { poll: NEVER });
    for (let covers = 1; covers <= 5; covers++) {
      await open({ ...service, ...other }, [covers]);
      await eventually(() => recordsIn(log, covers), SOON);
    }
    expect(standby.leads).toBe(false);
  });

  test('finds within its poll what nobody woke it for', async () => {
    const { service, log } = await serviceWithLog();
    const relay = relayOf(service, log);
    await eventually(() => relay.leads, SOON);
    const stranger = await connections(service.urls);
    await open({ ...service, ...stranger }, [1]);
    await eventually(() => recordsIn(log, 1), SOON);
  });

  test('publishes each event once while nothing fails', async () => {
    const { service, log } = await serviceWithLog();
    relayOf(service, log, { batch: 7 });
    await Promise.all(Array.from({ length: 20 }, (_, n) => open(service, [n * 3 + 1, n * 3 + 2, n * 3 + 3])));
    await eventually(() => nothingWaits(service), SOON);
    const published = covers(await recordsIn(log, 60)).toSorted((one, other) => one - other);
    expect(published).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  test('tries again while the log is away, keeps the order of every check, and loses nothing', async () => {
    const own = await (await testPostgres()).createDatabase('log');
    const line = await testLine(own.url);
    const { service, log } = await serviceWithLog(own.url);
    const away = new PostgresLog({ url: line.url, logger: quiet });
    onTestFinished(() => away.close());
    relayOf(service, away, { batch: 10 });
    const checks = Array.from({ length: 5 }, () => randomUUID());
    for (let version = 1; version <= 30; version++) {
      if (version % 10 === 3) line.cut();
      if (version % 10 === 7) line.heal();
      await inTransaction(service.db, service.organizationId, (tx) =>
        publishMany(
          tx,
          checks.map((checkId) => newEvent(CheckOpened, { checkId, covers: 1 }, { version })),
        ),
      );
    }
    line.heal();
    await eventually(() => nothingWaits(service), SOON);
    const firsts = firstVersions(await allIn(log));
    for (const checkId of checks) expect(firsts.get(checkId)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  test('killed after the log took a batch and before it was marked: the batch is there twice, in order', async () => {
    const { service, log } = await serviceWithLog();
    let kills = 0;
    const killOnce = async (): Promise<void> => {
      if (kills++ === 0) await endRelaySessions(service);
    };
    relayOf(service, { append: async (records) => (await log.append(records), killOnce()) } as EventLog);
    await open(service, [1, 2, 3]);
    expect(covers(await eventually(() => recordsIn(log, 6), SOON))).toEqual([1, 2, 3, 1, 2, 3]);
    await eventually(() => nothingWaits(service), SOON);
    expect(kills).toBe(2);
  });

  test('sends again what an operator asks for', async () => {
    const { service, log } = await serviceWithLog();
    relayOf(service, log, { poll: NEVER });
    await open(service, [1, 2, 3]);
    await eventually(() => nothingWaits(service), SOON);
    expect(await replayOutbox(service.worker, { fromId: 2, toId: 3 })).toBe(2);
    expect(covers(await eventually(() => recordsIn(log, 5), SOON))).toEqual([1, 2, 3, 2, 3]);
  });

  test('says how much waits, for how long, and how much it has published', async () => {
    const { service, log } = await serviceWithLog();
    const registry = new Registry();
    const relay = relayOf(service, { append: () => Promise.reject(new Error('away')) } as unknown as EventLog, {
      registry,
    });
    await open(service, [1, 2]);
    await service.db.query('select pg_sleep(0.05)');
    expect(await valueOf(registry, 'outbox_unpublished')).toBe(2);
    expect(await valueOf(registry, 'outbox_oldest_seconds')).toBeGreaterThan(0.04);
    expect(await valueOf(registry, 'outbox_published_total')).toBeUndefined();
    expect(await valueOf(registry, 'outbox_relay_leads')).toBe(1);
    await relay.stop();
    expect(await valueOf(registry, 'outbox_relay_leads')).toBe(0);
    relayOf(service, log, { registry });
    await eventually(async () => expect(await valueOf(registry, 'outbox_published_total')).toBe(2), SOON);
    expect(await valueOf(registry, 'outbox_unpublished')).toBe(0);
    expect(await valueOf(registry, 'outbox_oldest_seconds')).toBe(0);
  });
});

describe('of two relays', () => {
  test('one is active, and when it stops the other goes on: each event once, in order', async () => {
    const { service, log } = await serviceWithLog();
    const first = relayOf(service, log, { lease: 3_000 });
    await eventually(() => first.leads, SOON);
    const second = relayOf(await connections(service.urls), log, { lease: 3_000 });
    const checkId = randomUUID();
    let version = 0;
    const publishSome = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left--)
        await inTransaction(service.db, service.organizationId, (tx) =>
          publish(tx, CheckOpened, { checkId, covers: 1 }, { version: ++version }),
        );
    };
    await eventually(() => somebodyStandsBy(service), SOON);
    await publishSome(50);
    expect(second.leads).toBe(false);
    await Promise.all([publishSome(50), first.stop()]);
    await eventually(() => second.leads, SOON);
    await publishSome(50);
    await eventually(() => nothingWaits(service), SOON);
    const versions = (await recordsIn(log, 150)).map((record) => fromRecord(record, CheckOpened).aggregateVersion);
    expect(versions).toEqual(Array.from({ length: 150 }, (_, n) => n + 1));
  });

  test('the other takes over when the connection of the first is killed', async () => {
    const { service, log } = await serviceWithLog();
    const first = relayOf(service, log, { lease: 3_000 });
    await eventually(() => first.leads, SOON);
    relayOf(await connections(service.urls), log, { lease: 3_000 });
    await endRelaySessions(service);
    await open(service, [1]);
    await eventually(() => nothingWaits(service), SOON);
    expect(covers(await recordsIn(log, 1))).toEqual([1]);
  });

  test('the other takes over when the first falls silent, and the first leads no longer', async () => {
    const { service, log } = await serviceWithLog();
    const line = await testLine(service.urls.worker);
    const first = relayOf(await connections({ ...service.urls, worker: line.url }), log, { lease: 3_000 });
    await eventually(() => first.leads, SOON);
    const second = relayOf(service, log, { lease: 3_000 });
    line.goDead();
    await eventually(() => second.leads && !first.leads, SOON);
    await open(service, [1]);
    await eventually(() => nothingWaits(service), SOON);
    expect(covers(await recordsIn(log, 1))).toEqual([1]);
  });
});

const SOON = { within: 60_000 };
/** A poll so long that a test which passes was woken. */
const NEVER = 3_600_000;

async function serviceWithLog(url?: string): Promise<{ service: ServiceDatabase; log: PostgresLog }> {
  const [service, own] = await Promise.all([serviceDatabase(), url ?? testPostgres()]);
  const log = new PostgresLog({
    url: typeof own === 'string' ? own : (await own.createDatabase('log')).url,
    logger: quiet,
  });
  onTestFinished(() => log.close());
  await log.createTopics([CheckOpened.topic]);
  return { service, log };
}

function relayOf(
  { db, worker }: Pick<ServiceDatabase, 'db' | 'worker'>,
  log: EventLog,
  options: Partial<RelayOptions> = {},
): Relay {
  const relay = new Relay({ service: 'orders', db, worker, log, registry: new Registry(), logger: quiet, ...options });
  onTestFinished(() => relay.stop());
  relay.start();
  return relay;
}

const CHECK = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

/** Publishes an event for each number of covers, all of one check, in one transaction. */
const open = (service: Pick<ServiceDatabase, 'db' | 'organizationId'>, parties: number[]): Promise<void> =>
  inTransaction(service.db, service.organizationId, (tx) =>
    publishMany(
      tx,
      parties.map((covers) => newEvent(CheckOpened, { checkId: CHECK, covers }, { version: covers })),
    ),
  );

/** What the log has, each check in order. */
async function allIn(log: EventLog): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of log.read(CheckOpened.topic)) records.push(record);
  return records;
}

/** The same; throws while it is not as much as expected. */
async function recordsIn(log: EventLog, expected: number): Promise<LogRecord[]> {
  const records = await allIn(log);
  expect(records).toHaveLength(expected);
  return records;
}

const covers = (records: readonly LogRecord[]): number[] =>
  records.map((record) => fromRecord(record, CheckOpened).data.covers);

/** The versions of each check in the order in which the log saw them first. */
function firstVersions(records: readonly LogRecord[]): Map<string, number[]> {
  const versions = new Map<string, Set<number>>();
  for (const record of records) {
    const { subject, aggregateVersion } = fromRecord(record, CheckOpened);
    versions.set(subject, (versions.get(subject) ?? new Set()).add(aggregateVersion));
  }
  return new Map([...versions].map(([subject, seen]) => [subject, [...seen]]));
}

async function nothingWaits({ worker }: ServiceDatabase): Promise<void> {
  expect(await worker.query('select id from outbox where published_at is null')).toEqual([]);
}

/** Another relay has asked for the lock and did not get it. */
async function somebodyStandsBy({ worker }: ServiceDatabase): Promise<void> {
  const asked = await worker.query(`select pid from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_try_advisory_lock%'`);
  expect(asked).toHaveLength(1);
}

/** Ends the session that holds the lock, as the death of its process would. */
async function endRelaySessions({ urls }: ServiceDatabase): Promise<void> {
  const admin = new Client({ connectionString: urls.owner });
  await admin.connect();
  await admin.query(`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`);
  await admin.end();
}

async function valueOf(registry: Registry, metric: string): Promise<number | undefined> {
  const { values } = (await registry.getSingleMetric(metric)?.get()) ?? { values: [] };
  return values[0]?.value;
}
