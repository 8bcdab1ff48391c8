import { randomUUID } from 'node:crypto';
import { databaseUrls, inTransaction, migrate, schemaDrift } from '@comanda/platform';
import { testPostgres } from '@comanda/testing';
import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { describe, expect, test } from 'vitest';
import { CheckOpened, schema, SECRET, serviceDatabase } from '../testing/service-database.js';
import { MAX_DATA, newEvent, publish, publishMany } from './publish.js';
import { deletePublished, replayOutbox } from './outbox.store.js';

const opened = (covers = 2) => ({ checkId: randomUUID(), covers });

describe('publishing', () => {
  test('writes the event with the transaction, for its organization, its check and its version', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    const data = opened(4);
    const occurredAt = '2026-03-06T19:30:00.000Z';
    await inTransaction(db, organizationId, (tx) => publish(tx, CheckOpened, data, { version: 3, occurredAt }));
    expect(await worker.query('select * from outbox')).toEqual([
      {
        id: 1,
        event_id: expect.stringMatching(/^[0-9a-f-]{14}7/),
        organization_id: organizationId,
        topic: 'comanda.orders.v1',
        type: 'comanda.check.opened.v1',
        subject: data.checkId,
        aggregate_version: 3,
        occurred_at: new Date(occurredAt),
        recorded_at: expect.any(Date),
        traceparent: null,
        data,
        published_at: null,
      },
    ]);
  });

  test('leaves nothing behind when the transaction rolls back', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    const refused = inTransaction(db, organizationId, async (tx) => {
      await publish(tx, CheckOpened, opened(), { version: 1 });
      throw new Error('the kitchen is closed');
    });
    await expect(refused).rejects.toThrow('the kitchen is closed');
    expect(await worker.query('select * from outbox')).toEqual([]);
  });

  test('happens when it is recorded unless it says otherwise', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    await inTransaction(db, organizationId, (tx) => publish(tx, CheckOpened, opened(), { version: 1 }));
    const [row] = await worker.query("select recorded_at - occurred_at < interval '1 second' as now from outbox");
    expect(row).toEqual({ now: true });
  });

  test('keeps many events in the order given, in one statement', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    const events = Array.from({ length: 250 }, (_, n) => newEvent(CheckOpened, opened(n + 1), { version: 1 }));
    await inTransaction(db, organizationId, (tx) => publishMany(tx, events));
    const rows = await worker.query<{ covers: number }[]>(
      `select (data->>'covers')::int as covers from outbox order by id`,
    );
    expect(rows.map(({ covers }) => covers)).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
  });

  test('shows an organization only its own events', async () => {
    const { db, organizationId } = await serviceDatabase();
    await inTransaction(db, organizationId, (tx) => publish(tx, CheckOpened, opened(), { version: 1 }));
    const seen = (organization: string) =>
      inTransaction(db, organization, (tx) => tx.query<unknown[]>('select id from outbox'));
    expect(await seen(organizationId)).toHaveLength(1);
    expect(await seen(randomUUID())).toHaveLength(0);
  });

  test('keeps the trace that is going on', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const span = {
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: TraceFlags.SAMPLED,
    };
    await context.with(trace.setSpanContext(context.active(), span), () =>
      inTransaction(db, organizationId, (tx) => publish(tx, CheckOpened, opened(), { version: 1 })),
    );
    context.disable();
    expect(await worker.query('select traceparent from outbox')).toEqual([
      { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    ]);
  });

  test('refuses an event that is too large for a broker, in time to say so', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    const data = { ...opened(), note: 'x'.repeat(MAX_DATA) };
    const refused = inTransaction(db, organizationId, (tx) => publish(tx, CheckOpened, data, { version: 1 }));
    await expect(refused).rejects.toThrow('comanda.check.opened.v1: the data is larger than 1032192 bytes.');
    expect(await worker.query('select * from outbox')).toEqual([]);
  });

  test('refuses data that consumers could not read', async () => {
    const { db, organizationId } = await serviceDatabase();
    const refused = inTransaction(db, organizationId, (tx) => publish(tx, CheckOpened, opened(0), { version: 1 }));
    await expect(refused).rejects.toThrow('covers');
  });
});

describe('the outbox', () => {
  test('is the table its entity describes', async () => {
    const { url } = await (await testPostgres()).createDatabase('events');
    const urls = databaseUrls('events', { EVENTS_DATABASE_URL: url, COMANDA_SECRET: SECRET });
    await migrate(urls, schema, SECRET);
    expect(await schemaDrift(urls, schema)).toEqual([]);
  });

  test('sends published events again by time or by id', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    const events = Array.from({ length: 5 }, () => newEvent(CheckOpened, opened(), { version: 1 }));
    await inTransaction(db, organizationId, (tx) => publishMany(tx, events));
    await worker.query(
      `update outbox set published_at = now(), recorded_at = '2026-03-06T10:00:00Z'::timestamptz + id * interval '1 hour'`,
    );
    const waiting = async () =>
      (await worker.query<{ id: number }[]>('select id from outbox where published_at is null order by id')).map(
        ({ id }) => id,
      );
    expect(await replayOutbox(worker, { fromId: 2, toId: 3 })).toBe(2);
    expect(await waiting()).toEqual([2, 3]);
    const [from, to] = [new Date('2026-03-06T13:00:00Z'), new Date('2026-03-06T15:00:00Z')];
    expect(await replayOutbox(worker, { from, to })).toBe(1);
    expect(await waiting()).toEqual([2, 3, 4]);
  });

  test('forgets only what was published and is old, oldest first, a few rows at a time', async () => {
    const { db, worker, organizationId } = await serviceDatabase();
    const events = Array.from({ length: 10 }, () => newEvent(CheckOpened, opened(), { version: 1 }));
    await inTransaction(db, organizationId, (tx) => publishMany(tx, events));
    await worker.query(`update outbox set recorded_at = now() - interval '40 days' where id <= 8`);
    await worker.query(`update outbox set published_at = now() where id <> 2`);
    const monthAgo = new Date(Date.now() - 30 * 86_400_000);
    expect(await deletePublished(worker, monthAgo, 5)).toBe(4);
    expect(await deletePublished(worker, monthAgo, 5)).toBe(3);
    expect(await deletePublished(worker, monthAgo, 5)).toBe(0);
    expect(await worker.query('select id from outbox order by id')).toEqual([{ id: 2 }, { id: 9 }, { id: 10 }]);
  });
});
