import { type Logger, pause } from '@comanda/events';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';

/**
 * What a service does again and again by itself, for as long as it runs. A round that fails is told in the log, and its
 * work waits for the next one; who stops the service waits for the round that is under way.
 */
export abstract class Sweeper implements OnModuleInit, OnModuleDestroy {
  readonly #leaving = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /**
   * @param every milliseconds between two rounds
   * @param failed what the log says of a round that failed
   */
  constructor(
    private readonly every: number,
    private readonly failed: string,
    protected readonly log: Logger,
  ) {}

  /** One round. */
  abstract sweep(): Promise<void>;

  /** Whether the service is being stopped: a round that may be long looks, and ends where it can. */
  protected get stopping(): boolean {
    return this.#leaving.signal.aborted;
  }

  onModuleInit(): void {
    this.#running = this.#run();
  }

  async onModuleDestroy(): Promise<void> {
    this.#leaving.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (await pause(this.every, this.#leaving.signal)) {
      try {
        await this.sweep();
      } catch (err) {
        if (!this.stopping) this.log.warn({ err }, this.failed);
      }
    }
  }
}
