import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import type { Attributes } from './envelope.js';
import type { EventLog } from './log/event-log.js';

const tracer = trace.getTracer('@comanda/events');

/** The trace that is going on, to be kept with an event: without it the relay would cut the trace. */
export function currentTraceparent(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return null;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Records that these events were sent, each in its own trace; `send` runs outside of them, once for all. */
export async function traceSend(
  { system }: Pick<EventLog, 'system'>,
  topics: readonly { readonly topic: string; readonly event: Attributes }[],
  send: () => Promise<void>,
): Promise<void> {
  const spans = topics.flatMap(({ topic, event }) => {
    const parent = sampled(event.traceparent);
    if (!parent) return [];
    const attributes = {
      ...describe(system, event),
      'messaging.destination.name': topic,
      'messaging.operation.type': 'send',
    };
    return [tracer.startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, attributes }, inTrace(parent))];
  });
  try {
    await send();
  } catch (error) {
    for (const span of spans) fail(span, error);
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

/**
 * Records that a group took a slice: one span with links to the traces of its events, none when no event is sampled.
 * What `work` does beyond its events (the transaction, the inbox) belongs to this span.
 */
export function traceReceive<T>(
  { system, group }: Source,
  events: readonly Attributes[],
  work: () => Promise<T>,
): Promise<T> {
  const links = events.flatMap(({ traceparent }) => linkTo(sampled(traceparent)));
  if (links.length === 0) return work();
  const attributes = {
    'messaging.system': system,
    'messaging.operation.type': 'receive',
    'messaging.consumer.group.name': group,
    'messaging.batch.message_count': events.length,
  };
  const span = tracer.startSpan(`receive ${group}`, { kind: SpanKind.CONSUMER, attributes, links }, ROOT_CONTEXT);
  return during(span, trace.setSpan(ROOT_CONTEXT, span), work);
}

/** Runs a handler inside the trace of its event, so that what it writes and publishes is part of it. */
export function traceProcess<T>({ system, group }: Source, event: Attributes, work: () => Promise<T>): Promise<T> {
  const parent = parse(event.traceparent);
  if (!parent) return work();
  const links = linkTo(trace.getActiveSpan()?.spanContext());
  const attributes = {
    ...describe(system, event),
    'messaging.operation.type': 'process',
    'messaging.consumer.group.name': group,
  };
  const span = tracer.startSpan(
    `process ${event.type}`,
    { kind: SpanKind.CONSUMER, attributes, links },
    inTrace(parent),
  );
  return during(span, trace.setSpan(inTrace(parent), span), work);
}

/** Where a group takes its events from. */
interface Source extends Pick<EventLog, 'system'> {
  readonly group: string;
}

async function during<T>(span: Span, within: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(within, work);
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function fail(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const describe = (system: string, { id, type }: Attributes): Record<string, string> => ({
  'messaging.system': system,
  'messaging.message.id': id,
  'cloudevents.event_id': id,
  'cloudevents.event_type': type,
});

const linkTo = (span: SpanContext | undefined): Link[] => (span ? [{ context: span }] : []);

const inTrace = (parent: SpanContext): Context => trace.setSpanContext(ROOT_CONTEXT, parent);

function sampled(traceparent: string | null): SpanContext | undefined {
  const parent = parse(traceparent);
  return parent && parent.traceFlags & TraceFlags.SAMPLED ? parent : undefined;
}

function parse(traceparent: string | null): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceparent?.split('-') ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parent) ? parent : undefined;
}
