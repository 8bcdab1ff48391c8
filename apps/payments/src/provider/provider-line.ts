import { elsewhere, newId, Refusal } from '@comanda/platform';
import {
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  handleType,
  isBrokenCircuitError,
  retry,
} from 'cockatiel';
import { type NotFound, type Outcome, type PaymentProvider, type Question, TryAgain } from './payment-provider.js';

/** How long the provider may take, and how many may wait for it at once. */
export interface LineLimits {
  readonly timeoutMs: number;
  readonly concurrency: number;
}

export interface LineOptions {
  /** Milliseconds after which a provider that was left alone is looked at. */
  readonly halfOpenAfter?: number;
  /** Hears how many seconds the provider took for a question of a guest's, or until it was given up. */
  readonly took?: (seconds: number) => void;
}

/** Asks the provider something. Whatever goes wrong, the answer is an outcome: silence and nonsense are `unknown`. */
export type Ask = (question: (provider: PaymentProvider, signal: AbortSignal) => Promise<Outcome>) => Promise<Outcome>;

/**
 * The line to a provider. A slow provider must not take the house with it: only so many wait for it at once, none longer
 * than the time-out, and who finds no place is turned away before anything is written down. After five calls in a row
 * without an answer nobody is sent there for a while; whether it is back is found out by looking for what it cannot know,
 * never with a guest's card.
 */
export class ProviderLine {
  readonly #room;
  readonly #breaker;
  readonly #again = retry(handleType(TryAgain), {
    maxAttempts: 2,
    backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }),
  });
  readonly #halfOpenAfter: number;
  readonly #took: (seconds: number) => void;
  #probing: NodeJS.Timeout | undefined;

  constructor(
    private readonly provider: PaymentProvider,
    private readonly limits: LineLimits,
    { halfOpenAfter = HALF_OPEN_AFTER_MS, took = () => undefined }: LineOptions = {},
  ) {
    this.#halfOpenAfter = halfOpenAfter;
    this.#took = took;
    this.#room = bulkhead(limits.concurrency);
    this.#breaker = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
      halfOpenAfter,
    });
    this.#breaker.onBreak(() => this.#probeLater());
  }

  /** Whether calls are being held back. */
  get isOpen(): boolean {
    return this.#breaker.state !== CircuitState.Closed;
  }

  /** How many wait for it now. */
  get inFlight(): number {
    return this.limits.concurrency - this.#room.executionSlots;
  }

  /**
   * Runs work that will ask the provider, when there is room for it.
   * @throws Refusal `unavailable` when there is none; `provider_unavailable` while calls are being held back
   */
  async whenFree<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    if (this.isOpen)
      throw new Refusal('provider_unavailable', 'The payment provider does not answer; cash works.', {}, HELD_BACK);
    try {
      return await this.#room.execute(() => this.#inRoom(work));
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      throw new Refusal('unavailable', 'Too many card payments are under way; cash works.', {}, { retryAfter: 2 });
    }
  }

  /** How the call with this reference ended. Looking never waits for room: it is what makes room. */
  async lookup(question: Question): Promise<Outcome | NotFound> {
    const look = (signal: AbortSignal): Promise<Outcome | NotFound> => this.provider.lookup(question, signal);
    return this.#within(look).catch(() => UNKNOWN);
  }

  /** Nobody is asked any more. */
  close(): void {
    clearTimeout(this.#probing);
  }

  #inRoom<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const began = performance.now();
    return work(async (question) => {
      // A process that slept this long may find its attempt given up as lost: it must not charge now.
      if (performance.now() - began > this.limits.timeoutMs) return UNKNOWN;
      try {
        return await elsewhere(this.#breaker.execute(() => this.#ask(question)));
      } catch (error) {
        // Held back before anything was sent: that is known. Everything else says as little about the money as silence does.
        return isBrokenCircuitError(error) ? NEVER_ASKED : UNKNOWN;
      }
    });
  }

  async #ask(question: Parameters<Ask>[0]): Promise<Outcome> {
    const asked = performance.now();
    try {
      return await this.#within((signal) => this.#again.execute(() => question(this.provider, signal), signal));
    } finally {
      this.#took((performance.now() - asked) / 1_000);
    }
  }

  /** @throws what the question throws, or that its time is up */
  #within<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(this.limits.timeoutMs);
    const tooLate = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    const answer = question(signal);
    // Who comes too late is not listened to.
    answer.catch(() => undefined);
    return Promise.race([answer, tooLate]);
  }

  #probeLater(): void {
    clearTimeout(this.#probing);
    this.#probing = setTimeout(() => void this.#probe(), this.#halfOpenAfter + 1);
    this.#probing.unref();
  }

  async #probe(): Promise<void> {
    const nobody = { organizationId: newId(), reference: newId(), kind: 'authorize', authorization: null } as const;
    const question: Question = { ...nobody, askedAt: new Date() };
    try {
      await this.#breaker.execute(() => this.#within((signal) => this.provider.lookup(question, signal)));
    } catch {
      if (this.isOpen) this.#probeLater();
    }
  }
}

const UNKNOWN = { kind: 'unknown' } as const;
const NEVER_ASKED = { kind: 'declined', code: 'provider_unavailable' } as const;
const FAILURES_IN_A_ROW = 5;
const HALF_OPEN_AFTER_MS = 5_000;
const HELD_BACK = { retryAfter: 5 };
