import { causeOfNow } from '@comanda/events';
import {
  Answer,
  claimKey,
  CONFIG,
  GroupCommit,
  idempotently,
  inTransaction,
  isRemembered,
  type KeyedCall,
  onCommit,
  oneAtATime,
  problemOf,
  Refusal,
  releaseClaim,
  type SettledCall,
  settleKeys,
  twinsOf,
  type Tx,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isLateDecline } from '../payments/payment.js';
import type { PaymentsConfig } from '../payments.config.js';
import { PaymentEntity, type PaymentRow } from '../payments/payment.entity.js';
import { findPayment } from '../payments/payments.store.js';
import type { NotFound, Outcome, PaymentProvider } from '../provider/payment-provider.js';
import type { Ask } from '../provider/provider-line.js';
import { type ProviderAccount, ProviderAccounts } from '../provider/provider-accounts.js';
import type { AttemptRow } from './attempt.entity.js';
import { AttemptMetrics } from './attempt-metrics.js';
import { declinedRefusal, type Ending, isLate, isOpen } from './attempt.js';
import { askFor, isStillToAsk } from './of-the-house.js';
import { attemptOf, findAttempt } from './attempts.store.js';
import { type Ended, settle, type Settled } from './settle.js';

/** What a request is about to ask the provider: written down, and the question itself. */
export interface Begun {
  readonly attempt: AttemptRow;
  readonly question: (provider: PaymentProvider, signal: AbortSignal) => Promise<Outcome>;
}

/** What a request has begun now, or had begun before its process died. */
export type Beginning = Begun | Pick<Begun, 'attempt'>;

/** A request whose attempt has ended. */
interface Finishing extends Ended {
  readonly attempt: AttemptRow;
  readonly call: KeyedCall;
  readonly answer: (settled: Settled) => object;
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
  readonly #finishing: GroupCommit<Finishing, Answer<object>>;

  constructor(
    private readonly db: DataSource,
    private readonly accounts: ProviderAccounts,
    private readonly locations: KnownLocations,
    private readonly metrics: AttemptMetrics,
    @Inject(CONFIG) config: PaymentsConfig,
  ) {
    this.#lostAfterMs = 3 * config.PAYMENT_PROVIDER_TIMEOUT_MS;
    this.#finishing = new GroupCommit<Finishing, Answer<object>>({
      lane: ({ attempt }) => attempt.organizationId,
      apart: ({ attempt }) => [attempt.checkId],
      // The provider has answered, and lets in only so many: nobody is sent away here.
      most: Number.POSITIVE_INFINITY,
      patience: FINISHING_MS,
      together: (group) => this.#finish(group),
      alone: async (asked) => {
        const [answer] = await this.#finish([asked]);
        if (answer === undefined || answer instanceof Refusal) throw answer;
        return answer;
      },
    });
  }

  /**
   * Takes a request to the provider: `begin` has written the intent, or found what an earlier try left behind. The same
   * request again gets its stored answer, whether or not there is room at the provider, and takes no room while the first is
   * under way; where there is no answer because the process died, the attempt is looked up instead of being made again.
   * @throws Refusal `payment_declined`, what `begin` refuses, `unavailable` when too many wait for the provider, `provider_unavailable` when it is left alone
   */
  run<T extends object>(
    { line }: ProviderAccount,
    call: KeyedCall,
    begin: () => Promise<Answer<T> | Beginning>,
    answer: (settled: Settled) => T,
  ): Promise<Answer<T>> {
    const twins = twinsOf<T>(this.db, call);
    const work = async (): Promise<Answer<T>> => {
      let inside = false;
      try {
        return await line.whenFree((ask) => {
          inside = true;
          return this.#take(ask, call, begin, answer);
        });
      } catch (error) {
        // Who is turned away at the door may have paid before.
        const before = inside ? undefined : await twins.known();
        if (before) return before;
        throw error;
      }
    };
    return oneAtATime(this, { ...twins, work });
  }

  async #take<T extends object>(
    ask: Ask,
    call: KeyedCall,
    begin: () => Promise<Answer<T> | Beginning>,
    answer: (settled: Settled) => T,
  ): Promise<Answer<T>> {
    const begun = await begin();
    if (begun instanceof Answer) return begun;
    const { attempt } = begun;
    try {
      const ending = 'question' in begun ? await ask(begun.question) : await this.#lookUp(attempt);
      const { platformFee: fee } = await this.locations.get(attempt.organizationId, attempt.locationId);
      const finished = await this.#finishing.run({ call, attempt, ending, fee, answer, cause: causeOfNow() });
      return finished as Answer<T>;
    } catch (error) {
      // Who could not be answered asks again, and need not wait until we count as dead: the attempt is looked up then.
      if (!(error instanceof Refusal) || error.status === 503) await releaseClaim(this.db, call).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Claims the key of a request and writes its intent; or finds the answer, or the attempt that an earlier try left behind.
   * @param decide decides under locks and writes the intent; its refusals are the request's
   */
  async begin<T>(call: KeyedCall, decide: (tx: Tx) => Promise<Begun>): Promise<Answer<T> | Beginning> {
    try {
      const claim = async (tx: Tx): Promise<Answer<T> | Beginning> => {
        const [answered, earlier] = await Promise.all([claimKey<T>(tx, call), attemptOf(tx, call)]);
        return answered ?? (earlier ? { attempt: earlier } : decide(tx));
      };
      return await inTransaction(this.db, call.caller.organizationId, claim, { until: call.until });
    } catch (error) {
      // The claim was rolled back with the rest: the refusal is stored as that of any other request.
      if (error instanceof Refusal && isRemembered(error))
        return idempotently<T>(this.db, call, () => Promise.reject(error));
      throw error;
    }
  }

  /** The account that a step of a payment goes to; who asks for a payment that there is not is told so by the step. */
  async accountOf({
    caller,
    params,
  }: KeyedCall & { readonly params: { readonly paymentId: string } }): Promise<ProviderAccount> {
    const payment = await inTransaction(this.db, caller.organizationId, (tx) =>
      tx.findOneBy(PaymentEntity, { id: params.paymentId }),
    );
    return this.accounts.named(payment?.provider ?? null);
  }

  /**
   * Looks up how an attempt ended, and books it.
   * @param again also of one that counts as declined or lost: the provider says that it has changed
   * @returns how things stand, and whether the provider told
   * @throws Refusal `provider_unavailable` for an account that is not set up any more
   */
  async resolve(
    { organizationId, id }: Pick<AttemptRow, 'organizationId' | 'id'>,
    { again = false }: { readonly again?: boolean } = {},
  ): Promise<Settled & { readonly told: boolean }> {
    const attempt = await inTransaction(this.db, organizationId, (tx) => findAttempt(tx, id));
    const ending = isStillToAsk(attempt) ? await this.#ask(attempt) : await this.#lookUp(attempt, again);
    const { platformFee: fee } = await this.locations.get(organizationId, attempt.locationId);
    const [settled] = await inTransaction(this.db, organizationId, (tx) =>
      this.#settle(tx, [{ attempt, ending, fee }]),
    );
    if (!settled) throw new Error('An attempt that ends is settled.');
    return { ...settled, told: ending.kind !== 'unknown' };
  }

  /** Books the endings of requests of one organization, and answers them. */
  #finish(finishing: readonly Finishing[]): Promise<(Answer<object> | Refusal)[]> {
    const organizationId = finishing[0]?.attempt.organizationId ?? '';
    return inTransaction(this.db, organizationId, async (tx) => {
      const settled = await this.#settle(tx, finishing);
      const answers = settled.map((each, at) => {
        const { status } = each.attempt;
        // What a till took without a connection is news, not a request: its decline is recorded and answered as it is.
        if ((status === 'declined' || status === 'lost') && !isLateDecline(each.payment))
          return declinedRefusal(each.attempt);
        return new Answer(finishing[at]?.answer(each) ?? {});
      });
      await settleKeys(
        tx,
        finishing.flatMap(({ call }, at): SettledCall[] => {
          const answer = answers[at];
          if (!answer) return [];
          if (answer instanceof Refusal) return [{ call, status: answer.status, answer: problemOf(answer) }];
          return [{ call, status: call.endpoint.status, answer: answer.body }];
        }),
      );
      return answers;
    });
  }

  async #settle(tx: Tx, endings: readonly Ended[]): Promise<Settled[]> {
    const settled = await settle(tx, endings);
    onCommit(tx, () => {
      for (const { news, attempt, before } of settled)
        if (news && attempt.status !== 'pending') this.metrics.ended(attempt, before);
    });
    return settled;
  }

  /**
   * Cancels the code of an attempt that the guest has not paid, and books what came of it: a guest who was faster has paid.
   * @throws Refusal as `run`
   */
  async cancelCode(attempt: AttemptRow, { line }: ProviderAccount): Promise<void> {
    const { organizationId, id: reference } = attempt;
    const ending = await line.whenFree((ask) =>
      ask((provider, signal) => provider.cancelCode({ organizationId, reference }, signal)),
    );
    const { platformFee: fee } = await this.locations.get(organizationId, attempt.locationId);
    await inTransaction(this.db, organizationId, (tx) => this.#settle(tx, [{ attempt, ending, fee }]));
  }

  /**
   * Asks for what nobody waits for. Asking again under the same reference is harmless, for a day or so: then providers forget
   * it, so what may have been done long ago is looked for first.
   */
  async #ask(attempt: AttemptRow): Promise<Ending> {
    const { organizationId, paymentId, looks } = attempt;
    const payment = await inTransaction(this.db, organizationId, (tx) => findPayment(tx, paymentId));
    const found = looks > 1 ? await this.#find(attempt, payment) : NOT_FOUND;
    if (found.kind !== 'not_found') return found;
    return this.accounts.named(payment.provider).line.whenFree((ask) => ask(askFor(attempt, payment)));
  }

  async #lookUp(attempt: AttemptRow, again = false): Promise<Ending> {
    const { organizationId, paymentId, status, createdAt } = attempt;
    if (!isOpen(status) && !(again && isLate(status))) return { kind: 'unknown' };
    const payment = await inTransaction(this.db, organizationId, (tx) => findPayment(tx, paymentId));
    const found = await this.#find(attempt, payment);
    if (found.kind !== 'not_found') return found;
    return { kind: Date.now() - createdAt.getTime() >= this.#lostAfterMs ? 'lost' : 'unknown' };
  }

  #find(
    { organizationId, id: reference, kind, createdAt: askedAt }: AttemptRow,
    { provider, providerReference: authorization }: PaymentRow,
  ): Promise<Outcome | NotFound> {
    const asked = kind === 'charge' ? 'authorize' : kind;
    return this.accounts
      .named(provider)
      .line.lookup({ organizationId, reference, kind: asked, authorization, askedAt });
  }
}

const NOT_FOUND: NotFound = { kind: 'not_found' };
/** Milliseconds for which an ending may wait to be booked; then the resolver asks for it. */
const FINISHING_MS = 30_000;
