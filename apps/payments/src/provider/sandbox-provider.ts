import { setTimeout as pause } from 'node:timers/promises';
import { GroupCommit, inTransaction, newId, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Authorization, Movement, NotFound, Outcome, PaymentProvider, Reference } from './payment-provider.js';
import {
  authorizing,
  type Call,
  capturing,
  declined,
  type Effect,
  type Manner,
  mannerOf,
  refunding,
  voiding,
} from './sandbox.js';
import { answeredCall, answeredCalls, isLive, keepAll, keepCall, keepCharge, lockCharge } from './sandbox.store.js';

/**
 * A provider for test organizations: test cards behave as their names say, and its books are its own, in tables that
 * nothing else reads. Restarts lose nothing.
 */
@Injectable()
export class SandboxProvider implements PaymentProvider {
  readonly #authorizing: GroupCommit<Authorization, Outcome>;

  constructor(private readonly db: DataSource) {
    this.#authorizing = new GroupCommit<Authorization, Outcome>({
      lane: ({ organizationId }) => organizationId,
      apart: ({ reference }) => [reference],
      together: (group) => this.#authorizeAll(group),
      alone: async (request) => {
        const [outcome] = await this.#authorizeAll([request]);
        if (!outcome) throw new Error('A call has one outcome.');
        return outcome;
      },
    });
  }

  async authorize(request: Authorization, signal: AbortSignal): Promise<Outcome> {
    const manner = mannerOf(request.source, 'authorize');
    if (manner.as === 'never_hears') return silence(signal);
    if (manner.as === 'dawdles') await pause(DAWDLE, undefined, { signal });
    const outcome = await this.#authorizing.run(request);
    return manner.as === 'falls_silent' ? silence(signal) : outcome;
  }

  /** Has the effect of calls of one organization once for each reference. */
  #authorizeAll(requests: readonly Authorization[]): Promise<Outcome[]> {
    const organizationId = requests[0]?.organizationId ?? '';
    return inTransaction(this.db, organizationId, async (tx) => {
      const [known, live] = await Promise.all([
        answeredCalls(
          tx,
          requests.map(({ reference }) => reference),
        ),
        isLive(tx, organizationId),
      ]);
      const answers = requests.map((request) => {
        const before = known.get(request.reference);
        return before ? { request, outcome: before } : { request, ...authorized(request, live), fresh: true };
      });
      const fresh = answers.filter((answer) => 'fresh' in answer);
      await keepAll(
        tx,
        fresh.flatMap(({ charge }) => charge ?? []),
        fresh.map(({ request, outcome }) => ({ ...request, kind: 'authorize' as const, outcome })),
      );
      return answers.map(({ outcome }) => outcome);
    });
  }

  capture(request: Movement, signal: AbortSignal): Promise<Outcome> {
    return this.#move(request, 'capture', signal);
  }

  void(request: Reference & { readonly authorization: string }, signal: AbortSignal): Promise<Outcome> {
    return this.#move({ ...request, amount: 0 }, 'void', signal);
  }

  refund(request: Movement, signal: AbortSignal): Promise<Outcome> {
    return this.#move(request, 'refund', signal);
  }

  async lookup({ organizationId, reference }: Reference): Promise<Outcome | NotFound> {
    const outcome = await inTransaction(this.db, organizationId, (tx) => answeredCall(tx, reference));
    return outcome ?? { kind: 'not_found' };
  }

  async #move(
    request: Reference & { authorization: string; amount: number },
    call: Exclude<Call, 'authorize'>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const charge = await inTransaction(this.db, request.organizationId, (tx) => lockCharge(tx, request.authorization));
    const manner: Manner = charge ? mannerOf(charge.source, call) : { as: 'declines', code: 'unknown_authorization' };
    return this.#answer(request, call, manner, signal, async (tx) => {
      const locked = await lockCharge(tx, request.authorization);
      if (!locked) return declined('unknown_authorization');
      switch (call) {
        case 'capture':
          return capturing(locked, request.amount);
        case 'void':
          return voiding(locked);
        case 'refund':
          return refunding(locked, request.amount);
      }
    });
  }

  /** Has the call's effect once for its reference, and answers in the manner of its card. */
  async #answer(
    request: Reference & { amount: number },
    call: Exclude<Call, 'authorize'>,
    manner: Manner,
    signal: AbortSignal,
    effect: (tx: Tx) => Promise<Effect>,
  ): Promise<Outcome> {
    if (manner.as === 'never_hears') return silence(signal);
    if (manner.as === 'dawdles') await pause(DAWDLE, undefined, { signal });
    const outcome = await inTransaction(this.db, request.organizationId, async (tx) => {
      const before = await answeredCall(tx, request.reference);
      if (before) return before;
      const now = manner.as === 'declines' ? declined(manner.code) : await effect(tx);
      if (now.charge) await keepCharge(tx, now.charge);
      await keepCall(tx, { ...request, kind: call, outcome: now.outcome });
      return now.outcome;
    });
    return manner.as === 'falls_silent' ? silence(signal) : outcome;
  }
}

const DAWDLE = 2_000;

function authorized(request: Authorization, live: boolean): Effect {
  const manner = mannerOf(request.source, 'authorize');
  if (manner.as === 'declines') return declined(manner.code);
  // A test card pays nothing: where money is real it must not look as if it did.
  return live ? declined('test_card') : authorizing(`sbx_${newId()}`, request);
}

/** An answer that does not come: nobody hears of it until the caller stops waiting. */
function silence(signal: AbortSignal): Promise<Outcome> {
  return new Promise((_, reject) => {
    const hangUp = (): void => reject(new Error('The connection was closed before an answer came.'));
    if (signal.aborted) hangUp();
    else signal.addEventListener('abort', hangUp, { once: true });
  });
}
