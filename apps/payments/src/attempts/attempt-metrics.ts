import { measureAsked, METRICS, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { AttemptRow } from './attempt.entity.js';
import { openAttempts } from './attempts.store.js';

/** Tells operators how the provider treats our guests, and for how long an outcome has been unknown. */
@Injectable()
export class AttemptMetrics {
  readonly #ended: Counter<'kind' | 'outcome'>;
  readonly #resolved: Histogram;

  constructor(@Inject(METRICS) metrics: Registry, @Inject(WORKER_DATABASE) worker: DataSource) {
    this.#ended = new Counter({
      name: 'payment_attempts_total',
      help: 'What was asked of the payment provider, by how it ended; unknown ones are counted again when they are known.',
      labelNames: ['kind', 'outcome'],
      registers: [metrics],
    });
    this.#resolved = new Histogram({
      name: 'payment_unknown_resolved_seconds',
      help: 'From when an attempt was made whose outcome became unknown to when it was known.',
      buckets: [1, 5, 15, 30, 60, 120, 300],
      registers: [metrics],
    });
    measureAsked(metrics, () => openAttempts(worker), [
      {
        name: 'payment_attempts_open',
        help: 'Attempts whose outcome is not known; codes that a guest has yet to pay are not among them.',
        read: ({ attempts }) => attempts,
      },
      {
        name: 'payment_attempts_oldest_open_seconds',
        help: 'Age of the oldest of them; zero when all are known.',
        read: ({ age }) => age,
      },
    ]);
  }

  /** @param before how it stood until then */
  ended({ kind, status, createdAt }: AttemptRow, before: AttemptRow['status']): void {
    this.#ended.inc({ kind, outcome: status });
    if (before === 'unknown' && status !== 'unknown')
      this.#resolved.observe((Date.now() - createdAt.getTime()) / 1_000);
  }
}
