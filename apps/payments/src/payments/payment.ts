import { MAX_AMOUNT, type PaymentState } from '@comanda/contracts';
import { money, type RoundingMode, roundToStep, share } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import type { AttemptKind, AttemptRow } from '../attempts/attempt.entity.js';
import { carrying, dueOn, partOf, taxIn } from '../bills/bill.js';
import type { BillRow } from '../bills/bill.entity.js';
import type { Changes } from '../changes.js';
import type { Approved, Declined, Outcome } from '../provider/payment-provider.js';
import type { PaymentRow } from './payment.entity.js';

/** Where a payment goes when the provider has answered a step. A state that is entered anew is one event. */
export const AFTER: Readonly<Record<Step, Readonly<Record<Exclude<Outcome['kind'], 'waiting'>, PaymentState>>>> = {
  charge: { approved: 'captured', declined: 'declined', unknown: 'unknown' },
  authorize: { approved: 'authorized', declined: 'declined', unknown: 'unknown' },
  capture: { approved: 'captured', declined: 'authorized', unknown: 'unknown' },
  void: { approved: 'voided', declined: 'authorized', unknown: 'unknown' },
};
export type Step = Exclude<AttemptKind, 'refund' | 'increment'>;

/** What a guest asks to pay, in minor units of the bill's currency. */
export type Asked = { readonly amount: number | undefined; readonly tip: number };
/** What a tender brings: of the bill, by cash rounding, and as a tip. */
export type Tender = Pick<PaymentRow, 'amount' | 'rounding' | 'tip' | 'tendered' | 'change'>;
/** How a location rounds cash; null where there are coins for every amount. */
export type Coins = { readonly step: number; readonly mode: RoundingMode } | null;
/** What the platform keeps: parts per million of the amount, and a fixed amount. */
export type FeeTerms = { readonly rate: number; readonly fixed: number };
/** When a step happened. */
export type When = Pick<PaymentRow, 'occurredAt' | 'businessDate'>;

/**
 * Cash against a bill: what it settles, what the coins make of it, and the change. Whoever gives the rounded amount of
 * all that is due has settled it. The tip is never rounded.
 * @throws Refusal as `partOf`; `cash_too_little` when less is handed over, or the coins make nothing of a part
 */
export function cashTender(
  bill: BillRow,
  asked: Asked & { readonly tendered: number | undefined },
  coins: Coins,
): Tender {
  const inCoins = (amount: number): number => (coins ? roundToStep(amount, coins.step, coins.mode) : amount);
  const due = dueOn(bill);
  const amount = partOf(bill, asked.amount === inCoins(due) && due > 0 ? due : asked.amount, asked.tip);
  const rounding = inCoins(amount) - amount;
  if (amount > 0 && amount < due && amount + rounding === 0) {
    throw new Refusal('cash_too_little', 'There are no coins for so small a part of the bill.');
  }
  const collected = withinBounds(amount + rounding + asked.tip);
  const tendered = asked.tendered ?? collected;
  if (tendered < collected) throw new Refusal('cash_too_little', 'This is less cash than the amount.');
  return { amount, rounding, tip: asked.tip, tendered, change: tendered - collected };
}

/**
 * A card against a bill: to the cent, whatever the coins.
 * @throws Refusal as `partOf`
 */
export function cardTender(bill: BillRow, asked: Asked): Tender {
  const amount = partOf(bill, asked.amount, asked.tip);
  withinBounds(amount + asked.tip);
  return { amount, rounding: 0, tip: asked.tip, tendered: null, change: null };
}

/** What a card that holds for a tab brings until it is captured. */
export const NOTHING_YET: Tender = { amount: 0, rounding: 0, tip: 0, tendered: null, change: null };

/**
 * What to capture of an authorised payment: all of it unless less is asked for, with the tip it was authorised with unless
 * another was added since. Of one that holds for a tab it is what is due, as far as the card bears it with the tip.
 * @throws Refusal `payment_state`, `payment_unresolved`; `amount_exceeds_due` beyond the authorised amount, or beyond what
 *   is left of a bill that fell meanwhile; `nothing_due` of a tab that comes to nothing
 */
export function captureOf(
  payment: PaymentRow,
  bill: BillRow,
  asked: { readonly amount: number | undefined; readonly tip: number | undefined },
): { amount: number; tip: number } {
  requireAuthorized(payment, 'captured');
  const { tip = payment.tip } = asked;
  const most = mostOf(payment, tip);
  const due = dueBefore(payment, bill);
  const { amount = payment.hold === null ? most : Math.min(due, most) } = asked;
  if (amount > Math.min(due, most)) {
    throw new Refusal('amount_exceeds_due', 'This is more than was authorised, or than is still due.', {
      authorized: money(most, payment.currency),
      due: money(due, payment.currency),
    });
  }
  if (payment.hold !== null && amount + tip === 0)
    throw new Refusal('nothing_due', 'Nothing is due: let go of what is held.');
  withinBounds(amount + tip);
  return { amount, tip };
}

/** How much of its bill an authorised payment would collect now, beside its tip. */
export const collectable = (payment: PaymentRow, bill: BillRow): number =>
  Math.min(mostOf(payment, payment.tip), dueBefore(payment, bill));

/** How much of a bill it bears: of a tab all that is held and may be taken beyond it, but for the tip. */
const mostOf = ({ hold, amount, authorized, tipAllowance }: PaymentRow, tip: number): number =>
  hold === null ? amount : Math.max(0, authorized + tipAllowance - tip);

/** What is due but for it: its own hold is part of what is held. */
const dueBefore = ({ amount }: PaymentRow, bill: BillRow): number =>
  dueOn({ ...bill, authorized: bill.authorized - amount });

/** What is captured of a tab's card is its part of the bill from the moment it is asked for, so that nobody else pays it. */
export function reserved(payment: PaymentRow, bill: BillRow, amount: number): Changes {
  if (payment.hold === null || amount === payment.amount) return {};
  const after = { ...payment, amount };
  return { payments: [after], bills: [carrying(bill, payment, after)] };
}

/**
 * An authorised payment with another tip, which its capture will collect.
 * @throws Refusal `payment_state`, `payment_unresolved`; `tip_exceeds_allowance` beyond what the provider lets a tip take
 */
export function tipped(payment: PaymentRow, bill: BillRow, tip: number): PaymentRow {
  requireAuthorized(payment, 'tipped');
  const { authorized, tipAllowance, hold } = payment;
  const most = authorized + tipAllowance - (hold === null ? payment.amount : dueBefore(payment, bill));
  if (tip > most)
    throw new Refusal('tip_exceeds_allowance', 'The provider does not allow so much beyond what was authorised.', {
      allowed: money(Math.max(0, most), payment.currency),
    });
  return { ...payment, tip, version: payment.version + 1 };
}

/** @throws Refusal `payment_state`, `payment_unresolved` unless the payment is authorised */
export function requireAuthorized({ status }: PaymentRow, done: 'captured' | 'voided' | 'tipped'): void {
  switch (status) {
    case 'authorized':
      return;
    case 'pending':
    case 'unknown':
      throw unresolved();
    case 'captured':
    case 'declined':
    case 'voided':
      throw new Refusal('payment_state', `This payment is ${status} and cannot be ${done}.`, { status });
  }
}

/** What is asked of the provider now must be answered before anything else is asked. */
export const unresolved = (): Refusal =>
  new Refusal('payment_unresolved', 'The provider has not said yet how the last step ended.', {}, { retryAfter: 2 });

/**
 * A payment whose money is collected: in the drawer, or at the provider. The fee and the tax leg are fixed now, and it
 * counts for the day of its capture.
 * @param bill as it is without this capture
 */
export function captured(
  payment: PaymentRow,
  taken: { amount: number; tip: number } & When,
  bill: BillRow,
  fee: FeeTerms,
): PaymentRow {
  const { amount, tip, occurredAt, businessDate } = taken;
  return {
    ...entering(payment, 'captured'),
    amount,
    tip,
    tax: taxIn(bill, amount),
    // Money that is put on an account is no sale yet: the platform has its fee when it is spent.
    fee: payment.loads === null ? platformFee(amount, fee) : 0,
    occurredAt,
    businessDate,
  };
}

/** The platform's fee on an amount of the bill, tip aside; never more than the amount. */
export const platformFee = (amount: number, { rate, fixed }: FeeTerms): number =>
  Math.min(amount, share(amount, rate, 'half-up') + fixed);

/** The payment after the provider answered a step of it. */
export function afterStep(
  payment: PaymentRow,
  step: Pick<AttemptRow, 'amount' | 'tip' | 'occurredAt' | 'businessDate'> & { readonly kind: Step },
  outcome: Outcome,
  { bill, fee }: { bill: BillRow; fee: FeeTerms },
): PaymentRow {
  // A guest who has still to pay changes nothing.
  const status = outcome.kind === 'waiting' ? payment.status : AFTER[step.kind][outcome.kind];
  const known = { ...payment, ...heldBy(step, outcome) };
  if (status === 'captured') return captured(known, step, bill, fee);
  const after = entering(known, status);
  // A tab's card pays nothing of the bill while it only holds.
  return status === 'authorized' && after.hold !== null ? { ...after, amount: 0 } : after;
}

/** The payment of a tab after its card has agreed to hold so much more, minor units. */
export const holdingMore = (payment: PaymentRow, more: number, { tipAllowance }: Approved): PaymentRow => ({
  ...payment,
  authorized: payment.authorized + more,
  tipAllowance,
  version: payment.version + 1,
});

/** A card that a till took without a connection, on the merchant's risk, and that was declined once it came to the provider. */
export const isLateDecline = ({ status, offline }: PaymentRow): boolean => status === 'declined' && offline;

/** The version grows with the state; a pending payment's first event is version 1. */
function entering(payment: PaymentRow, status: PaymentState): PaymentRow {
  const told = payment.status !== 'pending' && payment.status !== status;
  return { ...payment, status, version: told ? payment.version + 1 : payment.version };
}

/** What the provider's answer tells of the card and of what it holds. */
function heldBy(
  step: { readonly kind: Step } & Pick<AttemptRow, 'amount' | 'tip'>,
  outcome: Outcome,
): Partial<PaymentRow> {
  if (outcome.kind === 'unknown') return {};
  if (outcome.kind === 'waiting') return { codeContent: outcome.content, codeExpiresAt: new Date(outcome.expiresAt) };
  switch (step.kind) {
    case 'charge':
    case 'authorize':
      return outcome.kind === 'approved' ? authorizedBy(step, outcome) : declinedBy(outcome);
    case 'capture':
    case 'void':
      return {};
  }
}

const authorizedBy = (
  { amount, tip }: Pick<AttemptRow, 'amount' | 'tip'>,
  approved: Approved,
): Partial<PaymentRow> => ({
  authorized: amount + tip,
  tipAllowance: approved.tipAllowance,
  cardBrand: approved.card?.brand ?? null,
  cardLast4: approved.card?.last4 ?? null,
  providerReference: approved.authorization,
  declineCode: null,
});

const declinedBy = ({ code }: Declined): Partial<PaymentRow> => ({ declineCode: code });

function withinBounds(collected: number): number {
  if (collected > MAX_AMOUNT) throw new Refusal('amount_too_large', 'Amount and tip together are too large.');
  return collected;
}
