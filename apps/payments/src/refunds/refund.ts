import { money, proportionOf, scale } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import type { BillRow } from '../bills/bill.entity.js';
import { taxBack } from '../bills/bill.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import { unresolved } from '../payments/payment.js';
import type { RefundRow } from './refund.entity.js';

/** What of a payment goes back: of the bill, and of the tip. */
export type Part = { readonly amount: number; readonly tip: number };

/**
 * What a refund gives back: what is asked for, or all that is left. What earlier refunds gave or still hold cannot be given again.
 * @throws Refusal `payment_state`, `payment_unresolved`, `amount_exceeds_refundable`
 */
export function refundOf(
  payment: PaymentRow,
  asked: { readonly amount: number | undefined; readonly tip: number | undefined },
): Part {
  requireCaptured(payment);
  const left = {
    amount: payment.amount - payment.refunded - payment.refunding,
    tip: payment.tip - payment.refundedTip - payment.refundingTip,
  };
  const part =
    asked.amount === undefined && asked.tip === undefined ? left : { amount: asked.amount ?? 0, tip: asked.tip ?? 0 };
  if (part.amount <= left.amount && part.tip <= left.tip && part.amount + part.tip > 0) return part;
  const unlessOthersFail =
    part.amount <= left.amount + payment.refunding && part.tip <= left.tip + payment.refundingTip;
  if (payment.refunding + payment.refundingTip > 0 && unlessOthersFail) throw unresolved();
  throw new Refusal('amount_exceeds_refundable', 'This is more than is left to refund, or nothing at all.', {
    refundable: { amount: money(left.amount, payment.currency), tip: money(left.tip, payment.currency) },
  });
}

/**
 * What follows from giving back a part now: cash rounding and platform fee go back with it, in proportion to all that went
 * back before, so that parts that add up to the payment return everything to the cent. Tax goes back by the claim of a
 * return; otherwise it is the part's share of the tax on the bill.
 */
export function returning(
  payment: PaymentRow,
  { amount, claimedTax = null }: Part & { readonly claimedTax?: number | null },
  bill: BillRow,
): Pick<RefundRow, 'rounding' | 'fee' | 'tax'> {
  const [before, after] = [payment.refunded, payment.refunded + amount];
  return {
    rounding: paidOut(payment, after) - paidOut(payment, before) - amount,
    fee: feeBack(payment, amount),
    tax: claimedTax ?? taxBack(bill, amount),
  };
}

/** How much of the platform fee goes back with part of a payment: in proportion, to the cent over all parts. */
export const feeBack = ({ fee, amount: whole, refunded }: PaymentRow, amount: number): number =>
  proportionOf(fee, amount, whole, refunded);

/** The payment while a refund is under way: what it asks for is held. */
export const holding = (payment: PaymentRow, { amount, tip }: Part): PaymentRow => ({
  ...payment,
  refunding: payment.refunding + amount,
  refundingTip: payment.refundingTip + tip,
});

/** The payment once a refund that was held for failed: what it asked for can be given again. */
export const released = (payment: PaymentRow, { amount, tip }: Part): PaymentRow =>
  holding(payment, { amount: -amount, tip: -tip });

/** The payment once a part has gone back. */
export const gaveBack = (payment: PaymentRow, { amount, tip }: Part): PaymentRow => ({
  ...payment,
  refunded: payment.refunded + amount,
  refundedTip: payment.refundedTip + tip,
  version: payment.version + 1,
});

/** How much of what a guest paid has gone back, tip included. */
export const refundedOf = (payment: PaymentRow): number => paidOut(payment, payment.refunded) + payment.refundedTip;

/** The platform fee that is kept: what was taken, less what went back with refunds. */
export const feeKept = ({ fee, refunded, amount }: PaymentRow): number =>
  fee - (amount === 0 ? 0 : scale(fee, refunded, amount, 'half-up'));

/**
 * What has gone back when `refunded` of the amount has: as much, and with the last of it what the coins made of the whole.
 * Never more than was collected, so that the coins are never asked back.
 */
function paidOut({ amount, rounding }: PaymentRow, refunded: number): number {
  return refunded === amount ? amount + rounding : Math.min(refunded, amount + rounding);
}

/** @throws Refusal `payment_state`, `payment_unresolved` unless the money was collected */
function requireCaptured({ status }: PaymentRow): void {
  switch (status) {
    case 'captured':
      return;
    case 'pending':
    case 'unknown':
      throw unresolved();
    case 'authorized':
      throw new Refusal('payment_state', 'This payment is only authorised: void it instead.', { status });
    case 'declined':
    case 'voided':
      throw new Refusal('payment_state', `This payment is ${status}: there is nothing to refund.`, { status });
  }
}
