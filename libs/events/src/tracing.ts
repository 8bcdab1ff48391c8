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

/**
 * Where a new event belongs, to be kept with it: without it the relay would cut the trace. That is the span going on,
 * unless the event that led to this one is of another trace.
 */
export function traceparentAfter(cause: string | null | undefined): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  const causing = parse(cause ?? null);
  if (causing && causing.traceId !== span?.traceId) return cause ?? null;
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
  await during(spans, context.active(), send);
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
  return during([span], trace.setSpan(ROOT_CONTEXT, span), work);
}

/**
 * Runs a handler for events that it gets at once. Each has a span in its own trace that says so. What the handler writes
 * and publishes belongs to their trace where they share one, and otherwise to the slice, which links to all of them.
 */
export function traceProcess<T>(
  { system, group }: Source,
  events: readonly Attributes[],
  work: () => Promise<T>,
): Promise<T> {
  const parents = events.map(({ traceparent }) => parse(traceparent));
  const [first] = parents;
  const links = linkTo(trace.getActiveSpan()?.spanContext());
  const spans = events.flatMap((event, at) => {
    const parent = parents[at];
    if (!parent) return [];
    const attributes = {
      ...describe(system, event),
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': group,
    };
    const options = { kind: SpanKind.CONSUMER, attributes, links };
    return [tracer.startSpan(`process ${event.type}`, options, inTrace(parent))];
  });
  const [span] = spans;
  const alike = span && first && parents.every((parent) => parent?.traceId === first.traceId);
  return during(spans, alike ? trace.setSpan(inTrace(first), span) : context.active(), work);
}

/** Where a group takes its events from. */
interface Source extends Pick<EventLog, 'system'> {
  readonly group: string;
}

async function during<T>(spans: readonly Span[], within: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(within, work);
  } catch (error) {
    for (const span of spans) fail(span, error);
    throw error;
  } finally {
    for (const span of spans) span.end();
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

/** The trace that a `traceparent` names. */
export const traceIdOf = (traceparent: string | undefined): string | undefined => parse(traceparent ?? null)?.traceId;

/** The span that a `traceparent` names, if its trace is kept. */
export function sampled(traceparent: string | null): SpanContext | undefined {
  const parent = parse(traceparent);
  return parent && parent.traceFlags & TraceFlags.SAMPLED ? parent : undefined;
}

function parse(traceparent: string | null): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceparent?.split('-') ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parent) ? parent : undefined;
}
