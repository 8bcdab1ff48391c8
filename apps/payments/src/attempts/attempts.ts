import {
  Answer,
  claimKey,
  CONFIG,
  idempotently,
  inTransaction,
  isRemembered,
  type KeyedCall,
  onCommit,
  problemOf,
  Refusal,
  settleKey,
  type Tx,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PaymentsConfig } from '../payments.config.js';
import type { FeeTerms } from '../payments/payment.js';
import type { Outcome, PaymentProvider } from '../provider/payment-provider.js';
import { ProviderLine } from '../provider/provider-line.js';
import type { AttemptRow } from './attempt.entity.js';
import { AttemptMetrics } from './attempt-metrics.js';
import { declinedRefusal, type Ending, isOpen } from './attempt.js';
import { attemptOf, findAttempt } from './attempts.store.js';
import { settle, type Settled } from './settle.js';

/** What a request is about to ask the provider: written down, and the question itself. */
export interface Begun {
  readonly attempt: AttemptRow;
  readonly question: (provider: PaymentProvider, signal: AbortSignal) => Promise<Outcome>;
}

/**
 * Takes requests to the provider and back: the intent is committed first, the provider is asked outside any transaction,
 * and what it says is booked in another. Wherever this is cut off, the attempt remains, and the provider can be asked how
 * it ended.
 */
@Injectable()
export class Attempts {
  /** After this a call that the provider never saw counts as lost. */
  readonly #lostAfterMs: number;

  constructor(
    private readonly db: DataSource,
    private readonly line: ProviderLine,
    private readonly locations: KnownLocations,
    private readonly metrics: AttemptMetrics,
    @Inject(CONFIG) config: PaymentsConfig,
  ) {
    this.#lostAfterMs = 3 * config.PAYMENT_PROVIDER_TIMEOUT_MS;
  }

  /**
   * Makes one attempt for a request. The same request again gets its stored answer; where there is none because the
   * process died, the attempt is looked up instead of being made again.
   * @param begin decides under locks and writes the intent; its refusals are the request's
   * @throws Refusal `payment_declined`, what `begin` refuses, `unavailable` when too many wait for the provider
   */
  run<T>(call: KeyedCall, begin: (tx: Tx) => Promise<Begun>, answer: (settled: Settled) => T): Promise<Answer<T>> {
    return this.line.whenFree(async (ask) => {
      const begun = await this.#begin<T>(call, begin);
      if (begun instanceof Answer) return begun;
      const ending = 'question' in begun ? await ask(begun.question) : await this.#lookUp(begun.attempt);
      return this.#finish(call, begun.attempt, ending, answer);
    });
  }

  /** Looks up how an attempt ended, and books it. */
  async resolve({ organizationId, id }: Pick<AttemptRow, 'organizationId' | 'id'>): Promise<Settled> {
    const attempt = await inTransaction(this.db, organizationId, (tx) => findAttempt(tx, id));
    const ending = await this.#lookUp(attempt);
    const { platformFee } = await this.locations.get(organizationId, attempt.locationId);
    return inTransaction(this.db, organizationId, (tx) => this.#settle(tx, attempt, ending, platformFee));
  }

  /** Claims the key and writes the intent; or finds the answer, or the attempt that an earlier try left behind. */
  async #begin<T>(
    call: KeyedCall,
    begin: (tx: Tx) => Promise<Begun>,
  ): Promise<Answer<T> | Begun | Pick<Begun, 'attempt'>> {
    try {
      return await inTransaction(this.db, call.caller.organizationId, async (tx) => {
        const [answered, earlier] = await Promise.all([claimKey<T>(tx, call), attemptOf(tx, call)]);
        return answered ?? (earlier ? { attempt: earlier } : begin(tx));
      });
    } catch (error) {
      // The claim was rolled back with the rest: the refusal is stored as that of any other request.
      if (error instanceof Refusal && isRemembered(error))
        return idempotently<T>(this.db, call, () => Promise.reject(error));
      throw error;
    }
  }

  async #finish<T>(
    call: KeyedCall,
    attempt: AttemptRow,
    ending: Ending,
    answer: (settled: Settled) => T,
  ): Promise<Answer<T>> {
    const { organizationId } = call.caller;
    const { platformFee } = await this.locations.get(organizationId, attempt.locationId);
    const result = await inTransaction(this.db, organizationId, async (tx) => {
      const settled = await this.#settle(tx, attempt, ending, platformFee);
      const { status } = settled.attempt;
      if (status === 'declined' || status === 'lost') {
        const refusal = declinedRefusal(settled.attempt);
        await settleKey(tx, call, refusal.status, problemOf(refusal));
        return refusal;
      }
      const body = answer(settled);
      await settleKey(tx, call, call.endpoint.status, body);
      return new Answer(body);
    });
    if (result instanceof Refusal) throw result;
    return result;
  }

  async #settle(tx: Tx, attempt: AttemptRow, ending: Ending, fee: FeeTerms): Promise<Settled> {
    const settled = await settle(tx, attempt, ending, fee);
    if (settled.news) onCommit(tx, () => this.metrics.ended(settled.attempt));
    return settled;
  }

  async #lookUp({ organizationId, id, status, createdAt }: AttemptRow): Promise<Ending> {
    if (!isOpen(status)) return { kind: 'unknown' };
    const found = await this.line.lookup({ organizationId, reference: id });
    if (found.kind !== 'not_found') return found;
    return { kind: Date.now() - createdAt.getTime() >= this.#lostAfterMs ? 'lost' : 'unknown' };
  }
}
