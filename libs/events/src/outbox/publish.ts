import type { EventDefinition } from '@comanda/contracts';
import { JSON_BETWEEN, jsonTexts, newId, onCommit, send, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Attributes } from '../envelope.js';
import { traceparentAfter } from '../tracing.js';

/** What an event says beside its data. */
export interface Happening {
  /** The aggregate's version after the event. */
  readonly version: number;
  /** When it happened; by default when it is recorded. */
  readonly occurredAt?: Date | string | undefined;
  /** What led to it, an event or a request, to stay in that one's trace where several are handled at once. */
  readonly cause?: Cause | undefined;
}

/**
 * Publishes an event with the transaction: it goes out if and only if the transaction commits, after every earlier event
 * of the same subject. The organization is the transaction's, the subject the field the definition names, the trace the
 * one going on.
 * @throws ZodError when the data is not what the definition says, EventTooLarge when no broker would take it
 */
export function publish<D extends EventDefinition>(
  tx: Tx,
  definition: D,
  data: z.input<D['data']>,
  happening: Happening,
): Promise<void> {
  return publishMany(tx, [newEvent(definition, data, happening)]);
}

/** Publishes events in this order, in one statement. */
export async function publishMany(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { values, ...insert } = outboxInsert(events);
  send(tx, insert, values);
  onCommit(tx, () => wakeRelay(tx.dataSource, events));
}

/** What led to an event, by its trace: another event has one. */
export type Cause = Pick<Attributes, 'traceparent'>;

/** The request that is being handled, as a cause of the events that a group will publish for it. */
export const causeOfNow = (): Cause => ({ traceparent: traceparentAfter(null) });

/** An event ready to be written. */
export interface NewEvent {
  readonly id: string;
  readonly topic: string;
  readonly type: string;
  readonly subject: string;
  readonly version: number;
  readonly occurredAt: Date | string | null;
  readonly traceparent: string | null;
  /** The data as JSON. */
  readonly data: string;
}

/**
 * Makes an event, for `publishMany` or `outboxInsert`.
 * @throws as `publish`
 */
export function newEvent<D extends EventDefinition>(
  definition: D,
  data: z.input<D['data']>,
  { version, occurredAt, cause }: Happening,
): NewEvent {
  const facts = definition.data.parse(data) as Readonly<Record<string, unknown>>;
  const { type, topic } = definition;
  const subject = String(facts[definition.subject]);
  const json = JSON.stringify(facts);
  if (Buffer.byteLength(json) > MAX_DATA)
    throw new EventTooLarge(`${type}: the data is larger than ${MAX_DATA} bytes.`);
  if (Buffer.byteLength(subject) > MAX_SUBJECT)
    throw new EventTooLarge(`${type}: the subject is longer than ${MAX_SUBJECT} bytes.`);
  const traceparent = traceparentAfter(cause?.traceparent);
  return { id: newId(), topic, type, subject, version, occurredAt: occurredAt ?? null, traceparent, data: json };
}

/** An event that no broker would take: refused while there is somebody to tell. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

/** Brokers take records up to 1 MiB; the headers, also those of a dead letter, need their part of it. */
export const MAX_DATA = 1024 * 1024 - 16 * 1024;
const MAX_SUBJECT = 255;

/**
 * The one statement that writes events, for hot paths that send several statements at once. The organization must be set
 * in the transaction; after the commit, `wakeRelay`.
 */
export const outboxInsert = (events: readonly NewEvent[]): { name: string; text: string; values: unknown[] } => ({
  name: 'outbox.insert',
  text: INSERT,
  values: [
    events.map(({ id }) => id),
    events.map(({ topic }) => topic),
    events.map(({ type }) => type),
    events.map(({ subject }) => subject),
    events.map(({ version }) => version),
    events.map(({ occurredAt }) => occurredAt),
    events.map(({ traceparent }) => traceparent),
    jsonTexts(events.map(({ data }) => data)),
  ],
});

const INSERT = `
  insert into outbox (event_id, organization_id, topic, type, subject, aggregate_version, occurred_at, traceparent, data)
  select event_id, nullif(current_setting('app.organization', true), '')::uuid, topic, type, subject, aggregate_version,
    coalesce(occurred_at, clock_timestamp()), traceparent, data
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::text[],
      string_to_array($8, ${JSON_BETWEEN})::json[])
    with ordinality as event (event_id, topic, type, subject, aggregate_version, occurred_at, traceparent, data, place)
  order by place`;

/** Tells the relay of this process, and who else listens, that events were committed. `publish` does so by itself. */
export function wakeRelay(db: DataSource, events: readonly NewEvent[]): void {
  for (const hear of listeners.get(db) ?? []) hear(events);
}

/**
 * Calls back with the events that were committed through this data source: the relay's signal, and the place to count what
 * a service decided. For signals only: `hear` must not throw. Returns how to stop that.
 */
export function onPublished(db: DataSource, hear: Hear): () => void {
  const hearing = listeners.get(db) ?? new Set();
  listeners.set(db, hearing.add(hear));
  return () => hearing.delete(hear);
}

type Hear = (events: readonly NewEvent[]) => void;
const listeners = new WeakMap<DataSource, Set<Hear>>();
