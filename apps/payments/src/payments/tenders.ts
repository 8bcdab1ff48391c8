import type { CapturePayment, NewPayment, Payment, TakePayment, VoidPayment } from '@comanda/contracts';
import {
  type Answer,
  billKey,
  type CallOf,
  claimKey,
  CONFIG,
  idempotently,
  isBillSigned,
  type KeyedCall,
  type Occurrence,
  occurrenceOf,
  Refusal,
  requireLocation,
  type Tx,
} from '@comanda/platform';
import { type KnownLocationRow, KnownLocations } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { minorUnits } from '../amounts.js';
import { newAttempt } from '../attempts/attempt.js';
import { Attempts, type Begun } from '../attempts/attempts.js';
import { insertAttempt } from '../attempts/attempts.store.js';
import type { BillRow } from '../bills/bill.entity.js';
import { carrying, presented } from '../bills/bill.js';
import { lockBill, lockBills } from '../bills/bills.store.js';
import { bookCapture } from '../ledger/book.js';
import { occurrenceAt } from '../occurrence.js';
import type { PaymentsConfig } from '../payments.config.js';
import { introduced, newPayment } from './new-payment.js';
import type { PaymentRow } from './payment.entity.js';
import { captured, captureOf, cardTender, cashTender, requireAuthorized } from './payment.js';
import { toPayment } from './payment-facts.js';
import { findPayment, insertPayment, lockPayment } from './payments.store.js';

type Taking = CallOf<typeof TakePayment>;
type Cash = Extract<NewPayment, { method: 'cash' }>;
type Card = Extract<NewPayment, { method: 'card' }>;

/** Takes what guests tender: cash into the drawer in one transaction, cards through the provider. */
@Injectable()
export class Tenders {
  readonly #billKey: Buffer;

  constructor(
    private readonly db: DataSource,
    private readonly attempts: Attempts,
    private readonly locations: KnownLocations,
    @Inject(CONFIG) config: PaymentsConfig,
  ) {
    this.#billKey = billKey(config.COMANDA_SECRET);
  }

  /** Takes a payment towards a bill that orders has signed for this organization. */
  async take(call: Taking): Promise<Answer<Payment>> {
    const { body, caller } = call;
    // Looked up before a transaction holds a connection.
    const location = await this.locations.find(caller.organizationId, body.bill.locationId);
    switch (body.method) {
      case 'cash':
        return this.#takeCash(call, body, location);
      case 'card':
        return this.#takeCard(call, body, location);
    }
  }

  /** Collects what was authorised. */
  capture(call: CallOf<typeof CapturePayment>): Promise<Answer<Payment>> {
    const { amount, tip, occurredAt } = call.body;
    return this.#step(call, 'capture', occurredAt, (payment, bill) => {
      const asked = { amount: minorUnits(amount, payment.currency), tip: minorUnits(tip, payment.currency) };
      return captureOf(payment, bill, asked);
    });
  }

  /** Lets an authorisation go. */
  void(call: CallOf<typeof VoidPayment>): Promise<Answer<Payment>> {
    return this.#step(call, 'void', undefined, (payment) => {
      requireAuthorized(payment, 'voided');
      return payment;
    });
  }

  #takeCash(call: Taking, body: Cash, found: KnownLocationRow | undefined): Promise<Answer<Payment>> {
    const take = async (tx: Tx): Promise<Payment> => {
      const { location, occurrence } = this.#admit(call, found);
      const asked = { ...askedIn(body), tendered: minorUnits(body.tendered, body.bill.total.currency) };
      const bill = await lockPresented(tx, body);
      const tender = cashTender(bill, asked, location.cashRounding);
      const pending = newPayment(call.caller, body, tender, occurrence);
      const payment = captured(pending, { ...tender, ...occurrence }, bill, location.platformFee);
      await Promise.all([insertPayment(tx, payment, carrying(bill, null, payment)), bookCapture(tx, payment, 0)]);
      return toPayment(payment);
    };
    return idempotently(this.db, call, (tx) => take(tx).catch((refused: unknown) => answeredBefore(tx, call, refused)));
  }

  #takeCard(call: Taking, body: Card, found: KnownLocationRow | undefined): Promise<Answer<Payment>> {
    const begin = async (tx: Tx): Promise<Begun> => {
      const { occurrence } = this.#admit(call, found);
      const { source, capture } = body;
      const bill = await lockPresented(tx, body);
      const payment = newPayment(call.caller, body, cardTender(bill, askedIn(body)), occurrence);
      const attempt = newAttempt(call, capture ? 'charge' : 'authorize', payment, payment);
      await Promise.all([insertPayment(tx, payment, carrying(bill, null, payment)), insertAttempt(tx, attempt)]);
      const { organizationId, amount, tip, currency } = payment;
      const request = { organizationId, reference: attempt.id, source, amount: amount + tip, currency, capture };
      return { attempt, question: (provider, signal) => provider.authorize(request, signal) };
    };
    return this.attempts.run(call, begin, ({ payment }) => toPayment(payment));
  }

  /** @throws Refusal for a bill, a place or a time that a payment cannot be taken for */
  #admit(
    { caller, body }: Taking,
    location: KnownLocationRow | undefined,
  ): { location: KnownLocationRow; occurrence: Occurrence } {
    const { bill, occurredAt } = body;
    if (bill.organizationId !== caller.organizationId || !isBillSigned(this.#billKey, bill))
      throw new Refusal('bill_signature_invalid', 'Send the bill exactly as the check carries it.');
    requireLocation(caller, bill.locationId);
    if (!location)
      throw new Refusal('reference_unknown', 'There is no such location.', { locationId: bill.locationId });
    return { location, occurrence: occurrenceOf(caller, occurredAt, location) };
  }

  /** One more step with a payment that the provider holds; `decide` says for how much. */
  #step(
    call: KeyedCall & { readonly params: { readonly paymentId: string } },
    kind: 'capture' | 'void',
    occurredAt: string | undefined,
    decide: (payment: PaymentRow, bill: BillRow) => { amount: number; tip: number },
  ): Promise<Answer<Payment>> {
    const begin = async (tx: Tx): Promise<Begun> => {
      const { caller, params } = call;
      const { checkId, locationId } = await findPayment(tx, params.paymentId);
      requireLocation(caller, locationId);
      const occurrence = await occurrenceAt(tx, caller, occurredAt, locationId);
      const bill = await lockBill(tx, checkId);
      const payment = await lockPayment(tx, params.paymentId);
      const { amount, tip } = decide(payment, bill);
      const attempt = newAttempt(call, kind, payment, { amount, tip, ...occurrence });
      await insertAttempt(tx, attempt);
      const { organizationId, currency } = payment;
      const authorization = payment.providerReference ?? '';
      const request = { organizationId, reference: attempt.id, authorization, amount: amount + tip, currency };
      return { attempt, question: (provider, signal) => provider[kind](request, signal) };
    };
    return this.attempts.run(call, begin, ({ payment }) => toPayment(payment));
  }
}

/**
 * A repeat may find that a card holds by now what it took itself. That refusal is not remembered, so it would hide the
 * answer under its key: the key is asked first.
 */
async function answeredBefore(tx: Tx, call: KeyedCall, refused: unknown): Promise<Payment> {
  if (!(refused instanceof Refusal && refused.code === 'payment_unresolved')) throw refused;
  const answered = await claimKey<Payment>(tx, call);
  if (!answered) throw refused;
  return answered.body;
}

/** Locks the bill that a guest presents, as the newer of what is shown and what is known. */
async function lockPresented(tx: Tx, { bill }: NewPayment): Promise<BillRow> {
  const shown = introduced(bill);
  const [known] = await lockBills(tx, [shown]);
  if (!known) throw new Error('An upsert answers with its row.');
  return presented(known, shown);
}

const askedIn = ({ bill, amount, tip }: NewPayment) => ({
  amount: minorUnits(amount, bill.total.currency),
  tip: minorUnits(tip, bill.total.currency) ?? 0,
});
