import type { Readiness } from '@comanda/service';
import type { Samples } from './samples.js';
import { type Ailment, ailmentsIn } from './symptoms.js';

/** How the platform is, in counts and times alone: nothing of any organization. */
export interface Status {
  readonly version: string;
  readonly at: string;
  readonly startedAt: string;
  readonly ready: boolean;
  /** Of how many seconds what is counted by the second is the mean. */
  readonly over: number;
  readonly ordersPerSecond: number;
  readonly paymentsPerSecond: number;
  readonly services: readonly ServiceStatus[];
  readonly ailments: readonly Ailment[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly ready: boolean;
  /** What keeps it from being ready. */
  readonly because: readonly string[];
  readonly requestsPerSecond: number;
  /** Those answered with 5xx. */
  readonly failuresPerSecond: number;
  /** Events that wait for the log, and for how many seconds the oldest has. */
  readonly outbox: { readonly waiting: number; readonly oldestSeconds: number };
  /** Records that wait for it; the effects it made; how many of them later than two seconds, null when it made none. */
  readonly events: {
    readonly waiting: number;
    readonly perSecond: number;
    readonly meanLagSeconds: number | null;
    readonly late: number | null;
  };
  readonly deadLetters: number;
}

/** Everything that has been counted up to a moment, by what it is of. */
export interface Counted {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly of: ReadonlyMap<string, number>;
}

/** What only grows, and is shown by how fast it does. */
export function countedIn(samples: Samples, names: readonly string[], at: number): Counted {
  const of = new Map<string, number>([
    ['orders', samples.sum('orders_placed_total')],
    ['payments', samples.sum('payment_attempts_total', { outcome: 'approved' })],
  ]);
  for (const service of names) {
    of.set(`${service} requests`, samples.sum('http_server_requests_total', { service }));
    of.set(
      `${service} failures`,
      samples.sum('http_server_requests_total', { service, http_response_status_class: '5xx' }),
    );
    of.set(`${service} effects`, samples.sum('event_lag_seconds_count', { service }));
    of.set(`${service} lag`, samples.sum('event_lag_seconds_sum', { service }));
    of.set(`${service} in time`, samples.sum('event_lag_seconds_bucket', { service, le: '2' }));
  }
  return { at, of };
}

/** Puts together what a look shows, with what was counted at an earlier one. */
export function statusOf({ samples, readiness, now, before, version, startedAt }: Look): Status {
  const grown = (what: string): number => (now.of.get(what) ?? 0) - (before.of.get(what) ?? 0);
  const seconds = Math.max(0.001, (now.at - before.at) / 1_000);
  const perSecond = (what: string): number => grown(what) / seconds;
  const services = [...readiness].map(([name, { ready, checks }]): ServiceStatus => {
    const effects = grown(`${name} effects`);
    return {
      name,
      ready,
      because: Object.values(checks).filter((state) => state !== 'ok'),
      requestsPerSecond: perSecond(`${name} requests`),
      failuresPerSecond: perSecond(`${name} failures`),
      outbox: {
        waiting: samples.max('outbox_unpublished', { service: name }),
        oldestSeconds: samples.max('outbox_oldest_seconds', { service: name }),
      },
      events: {
        waiting: samples.sum('consumer_lag_records', { service: name }),
        perSecond: effects / seconds,
        meanLagSeconds: effects === 0 ? null : grown(`${name} lag`) / effects,
        late: effects === 0 ? null : (effects - grown(`${name} in time`)) / effects,
      },
      deadLetters: samples.sum('dead_letters_waiting', { service: name }),
    };
  });
  return {
    version,
    at: new Date(now.at).toISOString(),
    startedAt: new Date(startedAt).toISOString(),
    ready: services.every(({ ready }) => ready),
    over: Math.round(seconds),
    ordersPerSecond: perSecond('orders'),
    paymentsPerSecond: perSecond('payments'),
    services,
    ailments: ailmentsIn(samples),
  };
}

interface Look {
  readonly samples: Samples;
  readonly readiness: ReadonlyMap<string, Readiness>;
  readonly now: Counted;
  readonly before: Counted;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}
