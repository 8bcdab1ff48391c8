import { type Logger, Pace } from '@comanda/events';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';

/**
 * Does what events left to be done for organizations: at once when this process heard them and was not about to, within a
 * second when another did and died. The more is heard, the more of it shares a round.
 */
export abstract class Keeper implements OnModuleInit, OnModuleDestroy {
  /** What is left of each organization. */
  readonly #due = new Map<string, Set<string>>();
  readonly #leaving = new AbortController();
  readonly #pace = new Pace(APART);
  #working: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;

  /** @param what is kept, as the log calls it */
  constructor(
    private readonly what: string,
    protected readonly log: Logger,
  ) {}

  /** What others left behind, over all organizations. */
  abstract look(): Promise<readonly Due[]>;

  /**
   * Does what is left of an organization. What it throws is told in the log, and done at the next look.
   * @returns whether there may be more
   */
  abstract work(organizationId: string, places: readonly string[]): Promise<boolean>;

  onModuleInit(): void {
    this.#looking = setInterval(() => void this.#look(), LOOK).unref();
  }

  /** Ends the round at hand; what is left is done after the next start. */
  async onModuleDestroy(): Promise<void> {
    this.#leaving.abort();
    clearInterval(this.#looking);
    await this.#working;
  }

  /** Says that something is left of an organization, at these places where that matters, and has been committed. */
  wake(organizationId: string, places: Iterable<string> = []): void {
    const due = this.#due.get(organizationId) ?? new Set();
    this.#due.set(organizationId, due);
    for (const place of places) due.add(place);
    this.#working ??= this.#workOff();
  }

  async #look(): Promise<void> {
    try {
      for (const { organizationId, places } of await this.look()) this.wake(organizationId, places);
    } catch (err) {
      if (!this.#leaving.signal.aborted) this.log.warn({ err }, `could not look for ${this.what}; the next look will`);
    }
  }

  async #workOff(): Promise<void> {
    const { signal } = this.#leaving;
    while (this.#due.size > 0 && !signal.aborted) {
      await this.#pace.next(signal);
      const due = [...this.#due];
      this.#due.clear();
      for (const [organizationId, places] of due) if (!signal.aborted) await this.#work(organizationId, [...places]);
    }
    this.#working = undefined;
  }

  async #work(organizationId: string, places: readonly string[]): Promise<void> {
    try {
      if (await this.work(organizationId, places)) this.wake(organizationId, places);
    } catch (err) {
      this.log.warn({ err, organizationId, places }, `could not keep up ${this.what}; the next look does it again`);
    }
  }
}

/** What is left to be done of an organization. */
export interface Due {
  readonly organizationId: string;
  readonly places: readonly string[];
}

const LOOK = 1_000;
/** Milliseconds from one round to the next, in which work gathers. */
const APART = 8;
