import type { CapturePayment, NewPayment, Payment, TakePayment, VoidPayment } from '@comanda/contracts';
import { type Cause, causeOfNow } from '@comanda/events';
import {
  type Answer,
  billKey,
  type Caller,
  type CallOf,
  CONFIG,
  done,
  type GroupCommit,
  groupedClaims,
  groupedEffects,
  idempotently,
  inTransaction,
  isBillSigned,
  isDone,
  type KeyedCall,
  type Occurrence,
  occurrenceOf,
  type Outcome,
  outcomeOf,
  Refusal,
  requireLocation,
  type Tx,
} from '@comanda/platform';
import { type KnownLocationRow, KnownLocations } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hashOf, giftCardKey } from '../accounts/gift-card-number.js';
import { accountTender } from '../accounts/guest-account.js';
import type { GuestAccountRow } from '../accounts/guest-account.entity.js';
import { lockNamed, type Named } from '../accounts/guest-accounts.store.js';
import { minorUnits } from '../amounts.js';
import { newAttempt } from '../attempts/attempt.js';
import type { AttemptRow } from '../attempts/attempt.entity.js';
import { Attempts, type Beginning, type Begun } from '../attempts/attempts.js';
import { openCodeOf } from '../attempts/attempts.store.js';
import type { BillRow } from '../bills/bill.entity.js';
import { carrying, presented } from '../bills/bill.js';
import { lockBills, lockPaid } from '../bills/bills.store.js';
import { write } from '../changes.js';
import { captureBooked } from '../ledger/book.js';
import { occurrenceAt } from '../occurrence.js';
import type { PaymentsConfig } from '../payments.config.js';
import type { Authorization } from '../provider/payment-provider.js';
import { type ProviderAccount, ProviderAccounts } from '../provider/provider-accounts.js';
import { introduced, newPayment } from './new-payment.js';
import type { PaymentRow } from './payment.entity.js';
import { captured, captureOf, cardTender, cashTender, NOTHING_YET, requireAuthorized, reserved } from './payment.js';
import { toPayment } from './payment-facts.js';
import { findPayment } from './payments.store.js';

/** What is paid in one transaction: cash, or with what a guest has with the house. */
type AtOnce = Exclude<NewPayment, { method: 'card' | 'wallet' }>;
type Card = Extract<NewPayment, { method: 'card' | 'wallet' }>;

/** A request to take a payment, and where; `undefined` when the organization has no such location. */
interface Taking<Body extends NewPayment> {
  readonly call: CallOf<typeof TakePayment>;
  readonly body: Body;
  readonly location: KnownLocationRow | undefined;
  readonly cause: Cause;
}

/** What of a request a step of a payment needs; the house asks for some by itself. */
type StepCall<E extends typeof CapturePayment | typeof VoidPayment> = Pick<
  CallOf<E>,
  'endpoint' | 'caller' | 'idempotency' | 'params' | 'body'
>;

/** One that goes through a provider. */
interface TakingCard extends Taking<Card> {
  readonly account: ProviderAccount;
  /** Whether the money is real. */
  readonly live: boolean;
}

/** One that may be decided on. */
type Admitted<Take extends Taking<NewPayment>> = Take & {
  readonly location: KnownLocationRow;
  readonly occurrence: Occurrence;
};

/** Takes what guests tender: cash, gift cards and house accounts in one transaction, cards through the provider. */
@Injectable()
export class Tenders {
  readonly #billKey: Buffer;
  readonly #giftCardKey: Buffer;
  readonly #atOnce: GroupCommit<Taking<AtOnce>, Answer<Payment>>;
  readonly #cards: GroupCommit<TakingCard, Beginning | Answer<Payment>>;

  constructor(
    private readonly db: DataSource,
    private readonly attempts: Attempts,
    private readonly locations: KnownLocations,
    private readonly accounts: ProviderAccounts,
    @Inject(CONFIG) config: PaymentsConfig,
  ) {
    this.#billKey = billKey(config.COMANDA_SECRET);
    this.#giftCardKey = giftCardKey(config.COMANDA_SECRET);
    this.#atOnce = groupedEffects<Taking<AtOnce>, Payment>(db, {
      apart,
      together: (tx, group) => this.#takeAtOnce(tx, group),
      alone: async (tx, taking) => only(await this.#takeAtOnce(tx, [taking])),
    });
    this.#cards = groupedClaims<TakingCard, Beginning, Payment>(db, {
      apart,
      together: (tx, group) => this.#beginCards(tx, group),
      alone: (taking) => attempts.begin(taking.call, async (tx) => only(await this.#beginCards(tx, [taking]))),
    });
  }

  /** Takes a payment towards a bill that orders has signed for this organization. */
  async take(call: CallOf<typeof TakePayment>): Promise<Answer<Payment>> {
    const { body, caller } = call;
    // Looked up before a transaction holds a connection.
    const location = await this.locations.find(caller.organizationId, body.bill.locationId);
    const cause = causeOfNow();
    switch (body.method) {
      case 'cash':
      case 'gift_card':
      case 'house_account':
        return this.#atOnce.run({ call, body, location, cause });
      case 'card':
      case 'wallet': {
        const account = await this.accounts.forNewPayments(caller.organizationId);
        const live = await this.accounts.isLive(caller.organizationId);
        return this.attempts.run(
          account,
          call,
          () => this.#cards.run({ call, body, location, cause, account, live }),
          ({ payment }) => toPayment(payment),
        );
      }
    }
  }

  /** Collects what was authorised. */
  capture(call: StepCall<typeof CapturePayment>): Promise<Answer<Payment>> {
    const { amount, tip, occurredAt } = call.body;
    return this.#step(call, 'capture', occurredAt, (payment, bill) => {
      const asked = { amount: minorUnits(amount, payment.currency), tip: minorUnits(tip, payment.currency) };
      return captureOf(payment, bill, asked);
    });
  }

  /** Lets an authorisation go. */
  async void(call: StepCall<typeof VoidPayment>): Promise<Answer<Payment>> {
    const code = await inTransaction(this.db, call.caller.organizationId, (tx) =>
      openCodeOf(tx, call.params.paymentId),
    );
    if (code) return this.#cancelCode(call, code);
    return this.#step(call, 'void', undefined, (payment) => {
      requireAuthorized(payment, 'voided');
      return payment;
    });
  }

  /** The guest shall not pay by this code any more. One who was faster has paid, and the answer says so. */
  async #cancelCode(call: StepCall<typeof VoidPayment>, code: AttemptRow): Promise<Answer<Payment>> {
    requireLocation(call.caller, code.locationId);
    await this.attempts.cancelCode(code, await this.attempts.accountOf(call));
    return idempotently(this.db, call, async (tx) => toPayment(await findPayment(tx, code.paymentId)));
  }

  /** Takes what is paid at once in one organization, no two towards one bill nor of one account. */
  async #takeAtOnce(tx: Tx, group: readonly Taking<AtOnce>[]): Promise<Outcome<Payment>[]> {
    // After the bills, and not at all where nobody pays with one.
    let accounts: ReturnType<typeof lockNamed> | undefined;
    const accountIn = async ({ call, body }: Taking<AtOnce>): Promise<GuestAccountRow | null> => {
      const named = this.#named(call.caller, body);
      if (named === null) return null;
      requireConnection(body);
      accounts ??= lockNamed(
        tx,
        group.flatMap((each) => this.#named(each.call.caller, each.body) ?? []),
      );
      return (await accounts)(named);
    };
    const taken = await this.#decide(tx, group, async (taking, bill) => {
      const { call, body, location, occurrence, cause } = taking;
      const account = await accountIn(taking);
      const tender = account
        ? accountTender(account, bill, askedIn(body), occurrence.businessDate)
        : cashTender(bill, { ...askedIn(body), tendered: tenderedIn(body) }, location.cashRounding);
      const onAccount = account ? { loads: null, accountId: account.id } : bill;
      const pending = newPayment(call.caller, body, tender, occurrence, onAccount);
      const payment = captured(pending, { ...tender, ...occurrence }, bill, location.platformFee);
      const bills = [carrying(bill, null, payment)];
      return { payment, changes: { ...captureBooked(payment, 0, cause), newPayments: [payment], bills } };
    });
    await write(
      tx,
      done(taken).map(({ changes }) => changes),
    );
    return taken.map((outcome) => (isDone(outcome) ? toPayment(outcome.payment) : outcome));
  }

  /** Writes down what is about to be charged to cards of one organization, no two towards one bill. */
  async #beginCards(tx: Tx, group: readonly TakingCard[]): Promise<Outcome<Begun>[]> {
    const begun = await this.#decide(tx, group, ({ call, body, occurrence, account, live }, bill) => {
      const { loads, accountId } = bill;
      const hold = heldFor(body);
      const where = { provider: account.name, loads, accountId, hold };
      const tender = hold === null ? cardTender(bill, askedIn(body)) : NOTHING_YET;
      const payment = newPayment(call.caller, body, tender, occurrence, where);
      const attempt = newAttempt(call, body.method === 'wallet' || body.capture ? 'charge' : 'authorize', payment, {
        ...payment,
        ...(hold !== null && { amount: hold }),
      });
      const { organizationId, amount, tip } = attempt;
      const { currency } = payment;
      const request = { organizationId, reference: attempt.id, amount: amount + tip, currency, live };
      return {
        attempt,
        question: questionOf(body, request),
        changes: { newPayments: [payment], newAttempts: [attempt], bills: [carrying(bill, null, payment)] },
      };
    });
    await write(
      tx,
      done(begun).map(({ changes }) => changes),
    );
    return begun;
  }

  /** Decides on each of a group, with its bill locked as the newer of what the guest shows and what is known. */
  async #decide<Take extends Taking<NewPayment>, Decided extends object>(
    tx: Tx,
    group: readonly Take[],
    decide: (admitted: Admitted<Take>, bill: BillRow) => Decided | Promise<Decided>,
  ): Promise<(Decided | Refusal)[]> {
    const admitted = await Promise.all(group.map((taking) => outcomeOf(() => this.#admit(taking))));
    const shown = done(admitted).map(({ body }) => introduced(body.bill));
    const bills = await lockBills(tx, shown);
    return Promise.all(
      admitted.map(async (taking) => {
        if (taking instanceof Refusal) return taking;
        const bill = introduced(taking.body.bill);
        return outcomeOf(() => decide(taking, presented(bills.get(bill.checkId) as BillRow, bill)));
      }),
    );
  }

  /** The account that a tender names; null for cash. */
  #named({ organizationId }: Caller, body: AtOnce): Named | null {
    switch (body.method) {
      case 'cash':
        return null;
      case 'gift_card':
        return { numberHash: hashOf(this.#giftCardKey, organizationId, body.number) };
      case 'house_account':
        return { id: body.accountId };
    }
  }

  /** @throws Refusal for a bill, a place or a time that a payment cannot be taken for */
  #admit<Take extends Taking<NewPayment>>(taking: Take): Admitted<Take> {
    const { call, body, location } = taking;
    const { caller } = call;
    const { bill, occurredAt } = body;
    if (bill.organizationId !== caller.organizationId || !isBillSigned(this.#billKey, bill))
      throw new Refusal('bill_signature_invalid', 'Send the bill exactly as the check carries it.');
    requireLocation(caller, bill.locationId);
    if (!location)
      throw new Refusal('reference_unknown', 'There is no such location.', { locationId: bill.locationId });
    return { ...taking, location, occurrence: occurrenceOf(caller, occurredAt, location) };
  }

  /** One more step with a payment that the provider holds; `decide` says for how much. */
  async #step(
    call: KeyedCall & { readonly params: { readonly paymentId: string } },
    kind: 'capture' | 'void',
    occurredAt: string | undefined,
    decide: (payment: PaymentRow, bill: BillRow) => { amount: number; tip: number },
  ): Promise<Answer<Payment>> {
    const begin = async (tx: Tx): Promise<Begun> => {
      const { caller, params } = call;
      const found = await findPayment(tx, params.paymentId);
      requireLocation(caller, found.locationId);
      const occurrence = await occurrenceAt(tx, caller, occurredAt, found.locationId);
      const { bill, payment } = await lockPaid(tx, found);
      const { amount, tip } = decide(payment, bill);
      const attempt = newAttempt(call, kind, payment, { amount, tip, ...occurrence });
      await write(tx, [{ newAttempts: [attempt], ...reserved(payment, bill, amount) }]);
      const { organizationId, currency } = payment;
      const authorization = payment.providerReference ?? '';
      const request = { organizationId, reference: attempt.id, authorization, amount: amount + tip, currency };
      return { attempt, question: (provider, signal) => provider[kind](request, signal) };
    };
    return this.attempts.run(
      await this.attempts.accountOf(call),
      call,
      () => this.attempts.begin(call, begin),
      ({ payment }) => toPayment(payment),
    );
  }
}

/** What is asked of the provider: a card's money, that of the code a guest shows, or a code for the guest to scan. */
function questionOf(body: Card, request: Omit<Authorization, 'source' | 'capture'>): Begun['question'] {
  switch (body.method) {
    case 'card': {
      const { source, capture } = body;
      return (provider, signal) => provider.authorize({ ...request, source, capture }, signal);
    }
    case 'wallet': {
      const { barcode: source, expiresInSeconds } = body;
      if (source === undefined)
        return (provider, signal) => provider.presentCode({ ...request, expiresInSeconds }, signal);
      return (provider, signal) => provider.authorize({ ...request, source, capture: true }, signal);
    }
  }
}

/** What two takings of one group must not have in common: whose bill and account they lock, and which payment they write. */
const apart = ({ body }: Taking<NewPayment>): string[] => [
  `bill ${body.bill.checkId}`,
  ...(body.id === undefined ? [] : [`payment ${body.id}`]),
  ...(body.method === 'gift_card' ? [`account ${body.number}`] : []),
  ...(body.method === 'house_account' ? [`account ${body.accountId}`] : []),
];

/** Without a connection nobody can tell what is on an account: a till takes it when it can ask, or something else. */
function requireConnection({ offline }: NewPayment): void {
  if (offline)
    throw new Refusal('tender_not_allowed', 'A gift card or house account cannot be taken without a connection.');
}

/** What came of the only one of a group. @throws Refusal where it was refused */
function only<Result extends object>([outcome]: readonly Outcome<Result>[]): Result {
  if (outcome instanceof Refusal) throw outcome;
  if (outcome === undefined || !isDone(outcome)) throw new Error('A group of one has one outcome.');
  return outcome;
}

/**
 * What a card is to hold for a tab, in minor units; null where it pays.
 * @throws Refusal `tender_not_allowed` for one that shall pay at the same time, or that nobody can be asked about
 */
function heldFor(body: Card): number | null {
  if (body.method !== 'card' || body.hold === undefined) return null;
  const { hold, bill, capture, amount, tip, offline } = body;
  if (capture || amount || tip || offline || hold.amount === 0)
    throw new Refusal(
      'tender_not_allowed',
      'A card that holds for a tab holds some amount, with `capture` false, and pays nothing yet: no amount, no tip, not offline.',
    );
  return minorUnits(hold, bill.total.currency) ?? null;
}

const tenderedIn = (body: AtOnce): number | undefined =>
  body.method === 'cash' ? minorUnits(body.tendered, body.bill.total.currency) : undefined;

const askedIn = ({ bill, amount, tip }: NewPayment) => ({
  amount: minorUnits(amount, bill.total.currency),
  tip: minorUnits(tip, bill.total.currency) ?? 0,
});
