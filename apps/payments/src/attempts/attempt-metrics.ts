import { METRICS, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { AttemptRow } from './attempt.entity.js';
import { oldestOpen } from './attempts.store.js';

/** Tells operators how the provider treats our guests, and for how long an outcome has been unknown. */
@Injectable()
export class AttemptMetrics {
  readonly #ended: Counter<'kind' | 'outcome'>;

  constructor(@Inject(METRICS) metrics: Registry, @Inject(WORKER_DATABASE) worker: DataSource) {
    this.#ended = new Counter({
      name: 'payment_attempts_total',
      help: 'What was asked of the payment provider, by how it ended; unknown ones are counted again when they are known.',
      labelNames: ['kind', 'outcome'],
      registers: [metrics],
    });
    new Gauge({
      name: 'payment_attempts_oldest_open_seconds',
      help: 'Age of the oldest attempt whose outcome is not known; zero when all are.',
      registers: [metrics],
      async collect() {
        // While the database is away it stays as it was.
        await oldestOpen(worker).then(
          (age) => this.set(age),
          () => undefined,
        );
      },
    });
  }

  ended({ kind, status }: AttemptRow): void {
    this.#ended.inc({ kind, outcome: status });
  }
}
