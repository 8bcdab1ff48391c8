import { LOGGER, WORKER_DATABASE } from '@comanda/platform';
import { Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Attempts } from './attempts.js';
import { takeDue } from './attempts.store.js';

/**
 * Asks the provider how attempts ended that nobody waits for any more: those it did not answer, and those whose process
 * died. Any number of processes may do so at once; each attempt is taken by one.
 */
@Injectable()
export class Resolver extends Sweeper {
  constructor(
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    private readonly attempts: Attempts,
    @Inject(LOGGER) log: Logger,
  ) {
    super(INTERVAL_MS, 'attempts could not be taken for looking up', log);
  }

  async sweep(): Promise<void> {
    const due = await takeDue(this.worker, AT_ONCE);
    await Promise.all(due.map((attempt) => this.#resolve(attempt)));
  }

  /** What fails is tried again when it is next due. */
  async #resolve(attempt: { organizationId: string; id: string }): Promise<void> {
    try {
      const { attempt: after } = await this.attempts.resolve(attempt);
      this.log.info({ attempt: after.id, kind: after.kind, status: after.status }, 'attempt looked up');
    } catch (error) {
      this.log.warn({ err: error, attempt: attempt.id }, 'attempt could not be looked up');
    }
  }
}

const INTERVAL_MS = 1_000;
const AT_ONCE = 8;
