import { Refusal } from '@comanda/platform';
import type { NotFound, Outcome, PaymentProvider, Reference } from './payment-provider.js';

/** How long the provider may take, and how many may wait for it at once. */
export interface LineLimits {
  readonly timeoutMs: number;
  readonly concurrency: number;
}

/** Asks the provider something. Whatever goes wrong, the answer is an outcome: silence and nonsense are `unknown`. */
export type Ask = (question: (provider: PaymentProvider, signal: AbortSignal) => Promise<Outcome>) => Promise<Outcome>;

/**
 * The line to the provider. A slow provider must not take the house with it: only so many wait for it at once, none
 * longer than the time-out, and who finds no place is turned away before anything is written down.
 */
export class ProviderLine {
  #waiting = 0;

  constructor(
    private readonly provider: PaymentProvider,
    private readonly limits: LineLimits,
  ) {}

  /**
   * Runs work that will ask the provider, when there is room for it.
   * @throws Refusal `unavailable` when there is none
   */
  async whenFree<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    if (this.#waiting >= this.limits.concurrency)
      throw new Refusal('unavailable', 'Too many card payments are under way; cash works.', {}, { retryAfter: 2 });
    this.#waiting += 1;
    const began = performance.now();
    try {
      return await work((question) => {
        // A process that slept this long may find its attempt given up as lost: it must not charge now.
        if (performance.now() - began > this.limits.timeoutMs) return Promise.resolve(UNKNOWN);
        return this.#within((signal) => question(this.provider, signal));
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  /** How the call with this reference ended. Looking never waits for room: it is what makes room. */
  lookup(reference: Reference): Promise<Outcome | NotFound> {
    return this.#within((signal) => this.provider.lookup(reference, signal));
  }

  async #within<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T | typeof UNKNOWN> {
    const signal = AbortSignal.timeout(this.limits.timeoutMs);
    const tooLate = new Promise<typeof UNKNOWN>((resolve) => {
      signal.addEventListener('abort', () => resolve(UNKNOWN), { once: true });
    });
    // Reset connections and answers that make no sense say as little about the money as silence does.
    const answer = question(signal).catch(() => UNKNOWN);
    return Promise.race([answer, tooLate]);
  }
}

const UNKNOWN = { kind: 'unknown' } as const;
