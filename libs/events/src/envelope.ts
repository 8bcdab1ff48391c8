import type { Envelope, EventDefinition } from '@comanda/contracts';
import { z } from 'zod';
import type { LogRecord } from './log/event-log.js';

/** What a record says about its event beside the data. */
export type Attributes = Omit<Envelope, 'data'>;

/**
 * An event as a record: CloudEvents 1.0 in Kafka's binary mode. Attributes are `ce_` headers, the value is the data as
 * JSON, the key is the subject. The trace travels in the `traceparent` attribute of CloudEvents' distributed tracing
 * extension, exactly as the outbox kept it.
 */
export function toRecord(topic: string, event: Attributes, data: string): LogRecord {
  return {
    topic,
    key: event.subject,
    value: Buffer.from(data),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_source: event.source,
      ce_subject: event.subject,
      ce_time: event.time,
      ce_recordedat: event.recordedAt,
      ce_organizationid: event.organizationId,
      ce_aggregateversion: String(event.aggregateVersion),
      ...(event.traceparent !== null && { ce_traceparent: event.traceparent }),
    },
  };
}

/** The type a record says it has, before anything else of it is believed. */
export const typeOf = (record: LogRecord): string | undefined => record.headers['ce_type'];

/**
 * Reads a record as an event of a kind.
 * @throws UnreadableEvent when an attribute is missing or malformed, the value is no JSON, or the data is not what the
 * definition says
 */
export function fromRecord<D extends EventDefinition>(record: LogRecord, definition: D): Envelope<D> {
  const attributes = readAttributes(record);
  if (attributes.type !== definition.type) throw new UnreadableEvent(`ce_type: is not ${definition.type}`);
  const data = definition.data.safeParse(readJson(record.value));
  if (!data.success) throw new UnreadableEvent(`data${describe(data.error)}`);
  return { ...attributes, data: data.data as z.output<D['data']> };
}

/**
 * Reads a record as `fromRecord` does, once for all who are handed the same record. What it gives is theirs together: nobody
 * may change it.
 * @throws UnreadableEvent
 */
export function readOnce<D extends EventDefinition>(record: LogRecord, definition: D): Envelope<D> {
  const known = read.get(record);
  if (known?.definition === definition) return known.event as Envelope<D>;
  const event = fromRecord(record, definition);
  read.set(record, { definition, event });
  return event;
}

const read = new WeakMap<LogRecord, { readonly definition: EventDefinition; readonly event: Envelope }>();

/** A record that no retry makes readable. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/**
 * Reads what a record says about its event. A malformed `traceparent` counts as none: a trace is no reason to lose an event.
 * @throws UnreadableEvent when an attribute is missing or malformed
 */
export function readAttributes(record: LogRecord): Attributes {
  const attributes = Headers.safeParse(record.headers);
  if (!attributes.success) throw new UnreadableEvent(`headers${describe(attributes.error)}`);
  const { data } = attributes;
  return {
    id: data.ce_id,
    type: data.ce_type,
    source: data.ce_source,
    subject: data.ce_subject,
    time: data.ce_time,
    recordedAt: data.ce_recordedat,
    organizationId: data.ce_organizationid,
    aggregateVersion: data.ce_aggregateversion,
    traceparent: data.ce_traceparent,
  };
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const Headers = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: z.uuid().toLowerCase(),
  ce_type: z.string().min(1),
  ce_source: z.string().min(1),
  ce_subject: z.string().min(1),
  ce_time: z.iso.datetime({ offset: true }),
  ce_recordedat: z.iso.datetime({ offset: true }),
  ce_organizationid: z.uuid().toLowerCase(),
  ce_aggregateversion: z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int32()),
  ce_traceparent: z.string().regex(TRACEPARENT).nullable().catch(null),
});

function readJson(value: Buffer | null): unknown {
  if (value === null) throw new UnreadableEvent('data: there is none');
  try {
    return JSON.parse(strictUtf8.decode(value));
  } catch {
    throw new UnreadableEvent('data: is no JSON');
  }
}

// Bytes that are no UTF-8 are refused, not replaced.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The first thing wrong: where, and what. Never the value itself, which may be a guest's. */
function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.map((step) => `/${String(step)}`).join('') ?? ''}: ${issue?.message ?? 'is wrong'}`;
}
