import type { ReturnClaim } from '@comanda/contracts';
import { money, scale } from '@comanda/money';
import { isClaimSigned, Refusal } from '@comanda/platform';
import type { PaymentRow } from '../payments/payment.entity.js';

/** How much of a claim: of its total, and of the tax in it. */
export interface Claimed {
  readonly amount: number;
  readonly tax: number;
}

/** @throws Refusal `claim_signature_invalid` unless orders signed it for this organization */
export function requireSigned(claim: ReturnClaim, key: Buffer, organizationId: string): void {
  if (claim.organizationId !== organizationId || !isClaimSigned(key, claim))
    throw new Refusal('claim_signature_invalid', 'Send the claim exactly as the return carries it.');
}

/**
 * What of a claim a payment gives back: what is asked for, or as much of what is left as the payment can bear. Its tax is
 * its part of the tax that is left, so that whatever the parts and whichever of them fail, all of them are the claim.
 * @param used what earlier refunds gave back of it, or are giving back
 * @throws Refusal `claim_foreign`, `currency_mismatch`, `claim_used`, `amount_exceeds_refundable`
 */
export function claimedOf(claim: ReturnClaim, used: Claimed, payment: PaymentRow, asked: number | undefined): Claimed {
  if (claim.orderId !== payment.orderId)
    throw new Refusal('claim_foreign', 'The payment is not of the order that the claim is of.', {
      orderId: claim.orderId,
    });
  if (claim.total.currency !== payment.currency)
    throw new Refusal('currency_mismatch', `The payment is in ${payment.currency}.`, { currency: payment.currency });
  const left = { amount: claim.total.amount - used.amount, tax: claim.tax.amount - used.tax };
  if (left.amount <= 0) throw new Refusal('claim_used', 'What this claim entitles to has been given back.');
  if (asked !== undefined && asked > left.amount)
    throw new Refusal('amount_exceeds_refundable', 'This is more than is left of the claim.', {
      refundable: { amount: money(left.amount, payment.currency) },
    });
  const amount = asked ?? Math.min(left.amount, Math.max(0, payment.amount - payment.refunded - payment.refunding));
  return { amount, tax: scale(left.tax, amount, left.amount, 'half-up') };
}
