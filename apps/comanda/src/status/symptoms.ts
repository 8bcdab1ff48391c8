import type { Samples } from './samples.js';

/**
 * What alerts look at that one look can tell: a gauge that is over its limit. They have the limits of the alerts of these names in
 * charts/comanda/rules, without their patience: what is over its limit now may be fine in a moment, and nobody is woken yet.
 */
export const SYMPTOMS: readonly Symptom[] = [
  { alert: 'OutboxStuck', metric: 'outbox_oldest_seconds', over: 60, says: 'Events do not reach the log.' },
  { alert: 'EventsParked', metric: 'dead_letters_waiting', over: 0, says: 'Events were put aside.' },
  {
    alert: 'PaymentProviderAway',
    metric: 'circuit_breaker_open',
    labels: { service: 'payments' },
    over: 0,
    says: 'The payment provider does not answer.',
  },
  {
    alert: 'PaymentUnknown',
    metric: 'payment_attempts_oldest_open_seconds',
    over: 300,
    says: 'Whether a guest has paid is unknown.',
  },
  {
    alert: 'LedgerUnbalanced',
    metric: 'ledger_unbalanced_transactions',
    over: 0,
    says: 'The ledger does not sum to zero.',
  },
  {
    alert: 'CallsHeldBack',
    metric: 'circuit_breaker_open',
    labels: { service: 'orders' },
    over: 0,
    says: 'Orders cannot reach the menus.',
  },
  {
    alert: 'WebhooksStuck',
    metric: 'webhook_oldest_due_seconds',
    over: 60,
    says: 'Nobody sends webhooks that are due.',
  },
  {
    alert: 'DatabasePoolExhausted',
    metric: 'db_client_connections',
    labels: { state: 'waited_for' },
    over: 0,
    says: 'Requests wait for a connection to the database.',
  },
  {
    alert: 'EventLoopBlocked',
    metric: 'nodejs_eventloop_lag_p99_seconds',
    over: 0.5,
    says: 'The process is too busy to turn to what comes.',
  },
];

/** A limit of a gauge. */
export interface Symptom {
  readonly alert: string;
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly over: number;
  readonly says: string;
}

/** A gauge that is over its limit now. */
export interface Ailment {
  readonly alert: string;
  readonly says: string;
  readonly service: string;
  readonly value: number;
  readonly over: number;
}

/** What is over its limit, the worst sample of each service. */
export function ailmentsIn(samples: Samples): Ailment[] {
  return SYMPTOMS.flatMap(({ alert, metric, labels, over, says }) => {
    const beyond = samples.all(metric, labels).filter(({ value }) => value > over);
    const byService = Map.groupBy(beyond, (sample) => String(sample.labels['service']));
    return [...byService].map(([service, of]) => ({
      alert,
      says,
      service,
      value: Math.max(...of.map(({ value }) => value)),
      over,
    }));
  });
}
