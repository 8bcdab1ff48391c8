import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the relay and the consumers of one service count; the registry's own labels say which service. */
export interface EventMetrics {
  readonly published: Counter;
  readonly lag: Histogram<'type'>;
  readonly handled: Counter<'type'>;
  readonly failed: Counter<'type' | 'reason'>;
  readonly parked: Counter<'type'>;
  readonly behind: Gauge<'topic'>;
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
    published: new Counter({ name: 'outbox_published_total', help: 'Outbox rows the log has taken.', registers }),
    lag: new Histogram({
      name: 'event_lag_seconds',
      help: 'From the recording of an event to the commit of its effect here.',
      labelNames: ['type'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300],
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
  };
}

/** Backlog and age of an outbox, asked for when the registry is scraped. While the database is away they stay as they were. */
export function measureOutbox(registry: Registry, backlog: () => Promise<Backlog>): void {
  if (registry.getSingleMetric('outbox_unpublished')) return;
  let asked: Promise<Backlog | undefined> | undefined;
  const ask = (): Promise<Backlog | undefined> =>
    (asked ??= backlog()
      .catch(() => undefined)
      .finally(() => (asked = undefined)));
  const gauge = (name: string, help: string, read: (backlog: Backlog) => number): void => {
    const measure = new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        const answer = await ask();
        if (answer) this.set(read(answer));
      },
    });
    registry.registerMetric(measure);
  };
  gauge('outbox_unpublished', 'Events that wait for the log.', ({ rows }) => rows);
  gauge('outbox_oldest_seconds', 'How long the oldest event has waited for the log.', ({ age }) => age);
}

/** What waits in an outbox: how many rows, and for how many seconds the oldest has. */
export interface Backlog {
  readonly rows: number;
  readonly age: number;
}
