import { GroupCommit, inTransaction, newId, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { CallRow } from './charge.entity.js';
import {
  type Asked,
  authorizing,
  capturing,
  declined,
  type Effect,
  incrementing,
  type Outcome,
  refunding,
  voiding,
} from './charge.js';
import { answerAnew, answeredCalls, keepAll, keepCharge, lockCharge } from './charges.store.js';

/** A call that wants money held, and what the sandbox will say of the card. */
export interface Authorization extends Asked {
  readonly reference: string;
  /** Why it is declined; null where the card is good. */
  readonly decline: string | null;
}

/** A call that moves a charge on. */
export interface Movement {
  readonly organizationId: string;
  readonly reference: string;
  readonly charge: string;
  readonly kind: Exclude<CallRow['kind'], 'authorize'>;
  readonly amount: number;
  readonly decline: string | null;
}

/** The money that the sandbox holds. Every call has its effect once for its reference, and is answered alike ever after. */
export class Charges {
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

  authorize(request: Authorization): Promise<Outcome> {
    return this.#authorizing.run(request);
  }

  move(request: Movement): Promise<Outcome> {
    return inTransaction(this.db, request.organizationId, async (tx) => {
      const charge = await lockCharge(tx, request.charge);
      const before = (await answeredCalls(tx, [request.reference])).get(request.reference);
      if (before) return before;
      const effect = request.decline ? declined(request.decline) : moving(charge, request);
      if (effect.charge) await keepCharge(tx, effect.charge);
      await keepAll(tx, [], [callOf({ ...request, currency: charge?.currency ?? NO_CURRENCY }, request.kind, effect)]);
      return effect.outcome;
    });
  }

  /** Collects the money of a call that was declined. */
  collectAfterAll(request: Authorization): Promise<Outcome> {
    return inTransaction(this.db, request.organizationId, async (tx) => {
      const effect = authorizing(`sbx_${newId()}`, { ...request, capture: true });
      await keepAll(tx, effect.charge ? [effect.charge] : [], []);
      await answerAnew(tx, callOf(request, 'authorize', effect));
      return effect.outcome;
    });
  }

  /** How a call ended; nothing where it never came. */
  async ended(organizationId: string, reference: string): Promise<Outcome | undefined> {
    const calls = await inTransaction(this.db, organizationId, (tx) => answeredCalls(tx, [reference]));
    return calls.get(reference);
  }

  /** The token that a charge was made with. */
  async sourceOf(organizationId: string, charge: string): Promise<string | undefined> {
    return (await inTransaction(this.db, organizationId, (tx) => lockCharge(tx, charge)))?.source;
  }

  /** Has the effect of calls of one account once for each reference. */
  #authorizeAll(requests: readonly Authorization[]): Promise<Outcome[]> {
    return inTransaction(this.db, requests[0]?.organizationId ?? '', async (tx: Tx) => {
      const known = await answeredCalls(
        tx,
        requests.map(({ reference }) => reference),
      );
      const answers = requests.map((request) => {
        const before = known.get(request.reference);
        return before ? { outcome: before } : { request, ...authorized(request) };
      });
      const fresh = answers.filter((answer) => 'request' in answer);
      await keepAll(
        tx,
        fresh.flatMap(({ charge }) => charge ?? []),
        fresh.map(({ request, ...effect }) => callOf(request, 'authorize', effect)),
      );
      return answers.map(({ outcome }) => outcome);
    });
  }
}

const authorized = (request: Authorization): Effect =>
  request.decline ? declined(request.decline) : authorizing(`sbx_${newId()}`, request);

function moving(charge: Parameters<typeof voiding>[0] | null, { kind, amount }: Movement): Effect {
  if (!charge) return declined('unknown_authorization');
  switch (kind) {
    case 'increment':
      return incrementing(charge, amount);
    case 'capture':
      return capturing(charge, amount);
    case 'void':
      return voiding(charge);
    case 'refund':
      return refunding(charge, amount);
  }
}

function callOf(
  { organizationId, reference, currency }: { organizationId: string; reference: string; currency: string },
  kind: CallRow['kind'],
  { charge, moved, outcome }: Effect,
): CallRow {
  return {
    organizationId,
    reference,
    kind,
    chargeId: charge?.id ?? null,
    currency,
    moved,
    fee: outcome.status === 'approved' ? outcome.fee : 0,
    outcome,
    createdAt: new Date(),
  };
}

/** ISO 4217's code where no currency is involved. */
const NO_CURRENCY = 'XXX';
