import { Bell, type Logger } from '@comanda/events';
import { asWorker, CONFIG, LOGGER, measureAsked, METRICS, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { SigningSecrets } from '../endpoints/signing-secrets.js';
import type { IntegrationsConfig } from '../integrations.config.js';
import { Sender } from '../sending/sender.js';
import { signedHeaders } from '../sending/signature.js';
import {
  type Attempt,
  type Errand,
  follow,
  noteDelivered,
  noteFailure,
  oldestUntried,
  takeDue,
} from './deliveries.store.js';
import { afterFailure } from './retry.js';
import { Rooms } from './rooms.js';

/**
 * Brings events to their endpoints: at once when this process heard of them, within a second when another did. Several run
 * beside each other; what one takes the others leave alone until its lease is over, so that what a killed one had taken is
 * sent by another.
 */
@Injectable()
export class Courier implements OnModuleInit, OnModuleDestroy {
  readonly #bell = new Bell();
  readonly #rooms = new Rooms();
  readonly #stopping = new AbortController();
  readonly #under = new Set<Promise<void>>();
  readonly #attempts: Counter<'outcome'>;
  readonly #delay: Histogram;
  #going: Promise<void> | undefined;

  constructor(
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    @Inject(CONFIG) private readonly config: IntegrationsConfig,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) registry: Registry,
    private readonly secrets: SigningSecrets,
    private readonly sender: Sender,
  ) {
    this.#attempts = new Counter({
      name: 'webhook_attempts_total',
      help: 'Attempts to deliver an event to a webhook endpoint.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    this.#delay = new Histogram({
      name: 'webhook_delay_seconds',
      help: 'From when an event was due to an endpoint to the answer that took it.',
      buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15],
      registers: [registry],
    });
    // What nobody takes leaves no delay behind.
    measureAsked(registry, () => asWorker(worker, oldestUntried), [
      {
        name: 'webhook_oldest_due_seconds',
        help: 'How long the oldest event has been due to an endpoint that takes what it is sent.',
        read: (seconds) => seconds,
      },
    ]);
  }

  onModuleInit(): void {
    this.#going = this.#go();
  }

  /** Takes nothing more, and lets what is on its way end: at most the few seconds that an attempt may take. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#going;
    await Promise.all(this.#under);
  }

  /** Says that there is something to deliver, and that it has been committed. */
  wake(): void {
    this.#bell.ring();
  }

  async #go(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const taken = await this.#take();
      for (const errand of taken) this.#run(errand);
      if (taken.length === 0) await this.#bell.wait(LOOK, signal);
    }
  }

  async #take(): Promise<Errand[]> {
    try {
      return await asWorker(this.worker, (tx) => takeDue(tx, Rooms.most, this.#rooms.taken()));
    } catch (err) {
      if (!this.#stopping.signal.aborted)
        this.log.warn({ err }, 'could not look for webhooks to deliver; the next look will');
      return [];
    }
  }

  #run(errand: Errand): void {
    this.#rooms.enter(errand.endpointId);
    const run = this.#deliver(errand)
      .then((worked) => this.#rooms.leave(errand.endpointId, worked))
      .finally(() => {
        this.#under.delete(run);
        // There may be something that had to wait for this one.
        this.#bell.ring();
      });
    this.#under.add(run);
  }

  /** One attempt and its note. True when it got through. */
  async #deliver(errand: Errand): Promise<boolean> {
    const at = new Date();
    const began = performance.now();
    const headers = signedHeaders({ id: errand.eventId, at, body: errand.body }, this.#secretsOf(errand, at));
    const outcome = await this.sender.post(errand.url, headers, errand.body, new AbortController().signal);
    this.#attempts.inc({ outcome: outcome.outcome });
    if (outcome.outcome === 'delivered') this.#delay.observe(Math.max(0, Date.now() - errand.dueAt.getTime()) / 1_000);
    const attempt = { ...outcome, at, durationMs: Math.round(performance.now() - began) };
    try {
      await this.#note(errand, attempt);
    } catch (err) {
      // It is sent again when its lease is over: at least once.
      this.log.warn({ err, deliveryId: errand.id }, 'could not note how a webhook was delivered');
    }
    return outcome.outcome === 'delivered';
  }

  #secretsOf({ endpointId: id, ...sealed }: Errand, at: Date): string[] {
    return this.secrets.valid({ ...sealed, id }, at);
  }

  #note(errand: Errand, attempt: Attempt): Promise<void> {
    if (attempt.outcome === 'delivered') return asWorker(this.worker, (tx) => noteDelivered(tx, errand, attempt));
    return asWorker(this.worker, async (tx) => {
      const since = await noteFailure(tx, errand, attempt);
      if (!since) return;
      const failure = {
        now: Date.now(),
        attempts: errand.attempts,
        firstFailedAt: since.firstFailedAt.getTime(),
        failingSince: since.failingSince.getTime(),
      };
      const next = afterFailure(failure, this.config.WEBHOOK_RETRIES, Math.random());
      await follow(tx, errand, next);
      if (next.step === 'disable') {
        const { organizationId, endpointId } = errand;
        this.log.warn({ organizationId, endpointId }, 'a webhook endpoint was disabled: nothing got through to it');
      }
    });
  }
}

/** Milliseconds between two looks for what others have put on its way, or what is due again. */
const LOOK = 1_000;
