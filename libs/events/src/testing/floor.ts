import { randomUUID } from 'node:crypto';
import type { Envelope } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import type { Registry } from 'prom-client';
import { expect, onTestFinished } from 'vitest';
import { Consumer, type EventHandler } from '../consumer/consumer.js';
import { type DeadLetter, deadLetters } from '../consumer/dead-letters.js';
import { toRecord } from '../envelope.js';
import { deadLetterTopic, type EventLog, lagOf, type LogRecord } from '../log/event-log.js';
import type { Logger } from '../waiting.js';
import { quiet } from './quiet.js';
import { CheckClosed, CheckOpened, type ServiceDatabase } from './service-database.js';

/** A restaurant's floor: it seats the guests of every check that is opened. */
export interface Floor {
  readonly topic: string;
  readonly group: string;
  readonly service: ServiceDatabase;
  readonly log: EventLog;
  readonly registry: Registry;
  /** By default nobody reads what it logs. */
  readonly logger?: Logger;
}

export type Opened = Envelope<typeof CheckOpened>;

/** Writes down who sits where. */
export async function seat({ organizationId, data }: Opened, tx: Tx): Promise<void> {
  await tx.query('insert into seated (organization_id, check_id, covers) values ($1, $2, $3)', [
    organizationId,
    data.checkId,
    data.covers,
  ]);
}

/** Starts a consumer of the floor; it stops after the test. */
export function consume(
  { topic, group, service, log, registry, logger = quiet }: Floor,
  handle: (event: Opened, tx: Tx) => Promise<void> = seat,
): Consumer {
  const handler: EventHandler = {
    definitions: [{ ...CheckOpened, topic }],
    async handle(events, tx) {
      for (const event of events) await handle(event as Opened, tx);
    },
  };
  const consumer = new Consumer({
    service: 'inventory',
    group,
    db: service.db,
    log,
    handlers: [handler],
    registry,
    logger,
  });
  onTestFinished(() => consumer.stop());
  consumer.start();
  return consumer;
}

interface Party {
  readonly checkId: string;
  readonly covers: number;
  readonly version: number;
  readonly organizationId: string;
  readonly recordedAt: string;
}

/** A check that was opened for a party. */
export const opened = (floor: Floor, party: Partial<Party>): LogRecord => {
  const { checkId = randomUUID(), covers = 2 } = party;
  return record(floor, CheckOpened.type, { checkId, covers }, party);
};

/** A check that was closed; nobody on the floor cares. */
export const closed = (floor: Floor): LogRecord => record(floor, CheckClosed.type, { checkId: randomUUID() });

/** An event on the floor's topic, as the relay would have brought it. */
function record(
  { topic, service }: Floor,
  type: string,
  data: { checkId: string; covers?: number },
  { version = 1, organizationId = service.organizationId, recordedAt = new Date().toISOString() }: Partial<Party> = {},
): LogRecord {
  const event = {
    id: randomUUID(),
    type,
    source: '/comanda/orders',
    subject: data.checkId,
    time: recordedAt,
    recordedAt,
    organizationId,
    aggregateVersion: version,
    traceparent: null,
  };
  return toRecord(topic, event, JSON.stringify(data));
}

/** Whom the floor has seated, in the order in which it did. */
export async function seated({ service }: Floor): Promise<{ checkId: string; covers: number }[]> {
  return service.worker.query('select check_id as "checkId", covers from seated order by place');
}

/** How many sit at each check, in order of size. */
export const coversSeated = async (floor: Floor): Promise<number[]> =>
  (await seated(floor)).map(({ covers }) => covers).toSorted((one, other) => one - other);

/** The notes of the events that had their effect. */
export const inbox = ({ service }: Floor): Promise<unknown[]> => service.worker.query('select event_id from inbox');

/** The floor's dead letters. */
export const parked = ({ log, topic, group }: Floor): Promise<DeadLetter[]> => deadLetters(log, [topic], group);

/** Throws while the floor has records to take. */
export async function caughtUp({ log, topic, group }: Floor): Promise<void> {
  expect(lagOf(await log.positions(group, [topic, deadLetterTopic(topic)]))).toBe(0);
}

/** 1, 2, …, last. */
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);
