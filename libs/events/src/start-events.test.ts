import { randomUUID } from 'node:crypto';
import type { Envelope } from '@comanda/contracts';
import { createAdapter, inTransaction, type Tx } from '@comanda/platform';
import { eventually, testPostgres } from '@comanda/testing';
import { Controller, type INestApplication, Inject, Injectable, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import { context, type Span, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { groupOf } from './consumer/consumer.js';
import { deadLetters } from './consumer/dead-letters.js';
import { Consumes, Events, InTx } from './consumer/decorators.js';
import { fromRecord } from './envelope.js';
import type { EventLog } from './log/event-log.js';
import { PostgresLog } from './log/postgres-log.js';
import { replayOutbox } from './outbox/outbox.store.js';
import { publish } from './outbox/publish.js';
import { type EventFlow, startEvents } from './start-events.js';
import { quiet } from './testing/quiet.js';
import { CheckClosed, CheckOpened, type ServiceDatabase, serviceDatabase } from './testing/service-database.js';

@Injectable()
class Greeter {
  readonly greeted: string[] = [];
}

@Controller()
class SeatGuests {
  constructor(@Inject(Greeter) private readonly greeter: Greeter) {}

  @Consumes(CheckOpened)
  async seat(@Events() events: readonly Envelope<typeof CheckOpened>[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) {
      const { checkId, covers } = event.data;
      if (covers === 99) throw new RangeError('the floor has no 99 chairs');
      await tx.query('insert into seated (organization_id, check_id, covers) values ($1, $2, $3)', [
        event.organizationId,
        checkId,
        covers,
      ]);
      await publish(tx, CheckClosed, { checkId }, { version: event.aggregateVersion + 1, cause: event });
      this.greeter.greeted.push(checkId);
    }
  }
}

vi.setConfig({ testTimeout: 90_000 });

describe('a service', () => {
  test('handles events in ordinary controllers: injected, with the event and its transaction', async () => {
    const { service, app } = await serviceOf(SeatGuests);
    const checkId = await openCheck(service, 4);
    await eventually(async () => expect(await seated(service)).toEqual([{ check_id: checkId, covers: 4 }]), SOON);
    expect(app.get(Greeter).greeted).toEqual([checkId]);
  });

  test('learns what really went wrong in a handler, not that something did', async () => {
    const { service, log } = await serviceOf(SeatGuests);
    await openCheck(service, 99);
    const group = groupOf('orders');
    await eventually(async () => expect(await deadLetters(log, [CheckOpened.topic], group)).toHaveLength(1), SOON);
    const [letter] = await deadLetters(log, [CheckOpened.topic], group);
    expect(letter?.error).toBe('RangeError: the floor has no 99 chairs');
    expect(await seated(service)).toEqual([]);
  });

  test('does not start with two handlers of one event', async () => {
    @Controller()
    class AlsoSeatsGuests {
      @Consumes(CheckOpened)
      async seat(@Events() _events: readonly Envelope<typeof CheckOpened>[]): Promise<void> {
        throw new Error('never called');
      }
    }
    await expect(serviceOf(SeatGuests, AlsoSeatsGuests)).rejects.toThrow(
      'comanda.check.opened.v1 has two handlers in orders; there may be one.',
    );
  });

  test('does not start with a handler of something that is no event of ours', async () => {
    @Controller()
    class Stray {
      @EventPattern<string>('anything')
      on(): void {
        throw new Error('never called');
      }
    }
    await expect(serviceOf(Stray)).rejects.toThrow('anything is no event: a handler is marked with @Consumes.');
  });

  test('stops within seconds and leaves what was not handled to the next start', async () => {
    const { service, log, events } = await serviceOf(SeatGuests);
    await openCheck(service, 1);
    await eventually(async () => expect(await seated(service)).toHaveLength(1), SOON);
    const start = performance.now();
    await events.stop();
    expect(performance.now() - start).toBeLessThan(10_000);
    await openCheck(service, 2);
    expect(await seated(service)).toHaveLength(1);
    await startService(service, log, SeatGuests);
    await eventually(async () => expect(await seated(service)).toHaveLength(2), SOON);
  });

  test('fills a log that lost everything from its outbox, and no effect happens twice', async () => {
    const { service, log, logUrl } = await serviceOf(SeatGuests);
    for (const covers of [1, 2, 3]) await openCheck(service, covers);
    await eventually(async () => expect(await seated(service)).toHaveLength(3), SOON);
    await eventually(() => published(service, 6), SOON);
    const admin = new Client({ connectionString: logUrl });
    await admin.connect();
    await admin.query('begin; truncate log_entries, log_cursors; update log_partitions set next_position = 0; commit');
    await admin.end();
    const resent = await replayOutbox(service.worker, { from: new Date(0), to: new Date(Date.now() + 1_000) });
    expect(resent).toBe(6);
    await eventually(() => published(service, 6), SOON);
    await openCheck(service, 4);
    await eventually(async () => expect(await seated(service)).toHaveLength(4), SOON);
    const records = [];
    for await (const record of log.read(CheckOpened.topic)) records.push(record);
    expect(records.length).toBeGreaterThanOrEqual(7);
  });

  test('is one trace from the request over the log to what a handler publishes', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    trace.setGlobalTracerProvider(provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    onTestFinished(() => {
      trace.disable();
      context.disable();
    });
    const { service, log } = await serviceOf(SeatGuests);
    const request = await trace.getTracer('test').startActiveSpan('POST /v1/orders', async (span: Span) => {
      await openCheck(service, 2);
      span.end();
      return span.spanContext();
    });
    await eventually(() => published(service, 2), SOON);
    await eventually(() => exporter.getFinishedSpans().some(({ name }) => name.startsWith('receive')), SOON);
    const spans = exporter.getFinishedSpans();
    const named = (name: string) => spans.find((span) => span.name === name);
    const process = named('process comanda.check.opened.v1');
    expect(named('send comanda.orders.v1')?.parentSpanContext?.spanId).toBe(request.spanId);
    expect(process?.parentSpanContext?.spanId).toBe(request.spanId);
    expect(process?.spanContext().traceId).toBe(request.traceId);
    const receive = named('receive comanda.orders');
    expect(receive?.links.map((link) => link.context.spanId)).toEqual([request.spanId]);
    expect(process?.links.map((link) => link.context.spanId)).toEqual([receive?.spanContext().spanId]);
    const traces: (string | null)[] = [];
    for await (const record of log.read(CheckClosed.topic))
      if (record.headers['ce_type'] === CheckClosed.type) traces.push(fromRecord(record, CheckClosed).traceparent);
    expect(traces).toEqual([`00-${request.traceId}-${process?.spanContext().spanId}-01`]);
  });
});

const SOON = { within: 60_000 };

interface Running {
  readonly service: ServiceDatabase;
  readonly log: EventLog;
  readonly logUrl: string;
  readonly app: INestApplication;
  readonly events: EventFlow;
}

/** A service with these controllers, a database and a log of its own. */
async function serviceOf(...controllers: Type[]): Promise<Running> {
  const [service, { url }] = await Promise.all([serviceDatabase(), (await testPostgres()).createDatabase('log')]);
  const log = new PostgresLog({ url, logger: quiet });
  onTestFinished(() => log.close());
  await log.createTopics([CheckOpened.topic]);
  return { service, log, logUrl: url, ...(await startService(service, log, ...controllers)) };
}

async function startService(
  { db, worker }: ServiceDatabase,
  log: EventLog,
  ...controllers: Type[]
): Promise<{ app: INestApplication; events: EventFlow }> {
  class ServiceModule {}
  const module = { module: ServiceModule, controllers, providers: [Greeter] };
  const app = await NestFactory.create(module, createAdapter().adapter, { logger: false, abortOnError: false });
  onTestFinished(() => app.close());
  const events = await startEvents({
    service: 'orders',
    app,
    consumes: [CheckOpened],
    db,
    worker,
    log,
    registry: new Registry(),
    logger: quiet,
  });
  onTestFinished(() => events.stop());
  return { app, events };
}

async function openCheck({ db, organizationId }: ServiceDatabase, covers: number): Promise<string> {
  const checkId = randomUUID();
  await inTransaction(db, organizationId, (tx) => publish(tx, CheckOpened, { checkId, covers }, { version: 1 }));
  return checkId;
}

const seated = ({ worker }: ServiceDatabase): Promise<unknown[]> =>
  worker.query('select check_id, covers from seated order by place');

async function published({ worker }: ServiceDatabase, count: number): Promise<void> {
  const rows = await worker.query('select count(*)::int as count from outbox where published_at is not null');
  expect(rows).toEqual([{ count }]);
}
