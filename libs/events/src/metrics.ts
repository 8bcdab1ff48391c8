import { measureAsked, type TracedHistogram, tracedHistogram } from '@comanda/platform';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What the relay and the consumers of one service count; the registry's own labels say which service. */
export interface EventMetrics {
  readonly published: Counter<'type'>;
  readonly leads: Gauge;
  readonly lag: TracedHistogram<'topic'>;
  readonly duration: TracedHistogram;
  readonly taken: Counter<'topic'>;
  readonly handled: Counter<'type'>;
  readonly failed: Counter<'type' | 'reason'>;
  readonly parked: Counter<'type'>;
  readonly behind: Gauge<'topic'>;
  readonly waiting: Gauge<'topic'>;
}

/** The metrics of a registry: made at the first call, the same ones after that. */
export function eventMetrics(registry: Registry): EventMetrics {
  const known = metrics.get(registry) ?? createMetrics(registry);
  metrics.set(registry, known);
  return known;
}

const metrics = new WeakMap<Registry, EventMetrics>();

function createMetrics(registry: Registry): EventMetrics {
  const registers = [registry];
  return {
    published: new Counter({
      name: 'outbox_published_total',
      help: 'Events that the log has taken.',
      labelNames: ['type'],
      registers,
    }),
    leads: new Gauge({
      name: 'outbox_relay_leads',
      help: 'Whether the relay of this process is the active one of the service.',
      registers,
    }),
    lag: tracedHistogram<'topic'>(registry, {
      name: 'event_lag_seconds',
      help: 'From the recording of an event to the commit of its effect here.',
      labelNames: ['topic'],
      buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300],
    }),
    duration: tracedHistogram(registry, {
      name: 'messaging_process_duration_seconds',
      help: 'How long the transaction of a slice took: of the events of one organization that arrived together.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    }),
    taken: new Counter({
      name: 'events_taken_total',
      help: 'Records of a topic dealt with, whatever they are: handled, passed over or parked.',
      labelNames: ['topic'],
      registers,
    }),
    handled: new Counter({
      name: 'events_handled_total',
      help: 'Events whose effect was committed.',
      labelNames: ['type'],
      registers,
    }),
    failed: new Counter({
      name: 'events_failed_total',
      help: 'Tries that failed: through the event itself, or through the infrastructure, which costs an event nothing.',
      labelNames: ['type', 'reason'],
      registers,
    }),
    parked: new Counter({
      name: 'events_parked_total',
      help: 'Events put aside as dead letters.',
      labelNames: ['type'],
      registers,
    }),
    behind: new Gauge({
      name: 'consumer_lag_records',
      help: 'Records of a topic the service has yet to take.',
      labelNames: ['topic'],
      registers,
    }),
    waiting: new Gauge({
      name: 'dead_letters_waiting',
      help: 'Events of a topic that were parked here and not sent again.',
      labelNames: ['topic'],
      registers,
    }),
  };
}

/** Backlog and age of an outbox, asked for when the registry is scraped. */
export function measureOutbox(registry: Registry, backlog: () => Promise<Backlog>): void {
  if (registry.getSingleMetric('outbox_unpublished')) return;
  measureAsked(registry, backlog, [
    { name: 'outbox_unpublished', help: 'Events that wait for the log.', read: ({ rows }) => rows },
    {
      name: 'outbox_oldest_seconds',
      help: 'How long the oldest event has waited for the log.',
      read: ({ age }) => age,
    },
  ]);
}

/** What waits in an outbox: how many rows, and for how many seconds the oldest has. */
export interface Backlog {
  readonly rows: number;
  readonly age: number;
}
