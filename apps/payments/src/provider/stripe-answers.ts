import type Stripe from 'stripe';
import type { Approved, Dispute, Outcome, ProviderMovement } from './payment-provider.js';

/** How the call that made a PaymentIntent ended, as the PaymentIntent is now. */
export function authorizationIn(intent: Stripe.PaymentIntent): Outcome {
  switch (intent.status) {
    case 'requires_capture':
      return held(intent);
    case 'succeeded':
      return collectedIn(intent);
    case 'requires_payment_method': {
      const { decline_code: declineCode, code } = intent.last_payment_error ?? {};
      return { kind: 'declined', code: declineCode ?? code ?? 'card_declined' };
    }
    case 'canceled':
      return { kind: 'declined', code: 'cancelled' };
    default:
      return UNKNOWN;
  }
}

/** What an authorisation holds, and how much more a tip may take: nothing where the card or the account does not allow it. */
export function held(intent: Stripe.PaymentIntent): Approved {
  const charge = chargeOf(intent);
  const { status, maximum_amount_capturable: most = 0 } = charge?.payment_method_details?.card?.overcapture ?? {};
  const tipAllowance = status === 'available' ? Math.max(0, most - intent.amount) : 0;
  return { ...approved(intent, charge), fee: 0, tipAllowance };
}

/** What was collected, once Stripe has booked it: until then nobody knows what it keeps of it. */
export function collectedIn(intent: Stripe.PaymentIntent): Outcome {
  const charge = chargeOf(intent);
  const booked = charge?.balance_transaction;
  if (booked === undefined || booked === null || typeof booked === 'string') return UNKNOWN;
  return { ...approved(intent, charge), fee: feeIn(booked, intent.currency), tipAllowance: 0 };
}

export function letGo(intent: Stripe.PaymentIntent): Outcome {
  return { ...approved(intent, chargeOf(intent)), fee: 0, tipAllowance: 0 };
}

export function refundIn({ status, payment_intent: intent, ...refund }: Stripe.Refund): Outcome {
  switch (status) {
    case 'succeeded': {
      const { balance_transaction: booked, currency } = refund;
      const fee = typeof booked === 'object' && booked !== null ? feeIn(booked, currency) : 0;
      return { kind: 'approved', authorization: idOf(intent) ?? '', fee, tipAllowance: 0, card: null };
    }
    case 'failed':
    case 'canceled':
      return { kind: 'declined', code: refund.failure_reason ?? 'refund_failed' };
    default:
      return UNKNOWN;
  }
}

/** A movement of a payment; nothing for payouts, and what Stripe charges for beside payments. */
export function movementIn(booked: Stripe.BalanceTransaction): ProviderMovement[] {
  const { id, source, amount, currency, created, reporting_category: category } = booked;
  const kind = KINDS[category];
  if (kind === undefined || source === null || typeof source === 'string' || !('payment_intent' in source)) return [];
  const intent = source.payment_intent;
  return [
    {
      id,
      kind,
      reference: referenceOf(source, intent),
      authorization: idOf(intent) ?? '',
      amount,
      fee: feeIn(booked, currency),
      currency: currency.toUpperCase(),
      at: new Date(created * 1_000),
    },
  ];
}

/** What the guest's bank wants; nothing while Stripe has taken no money for it. */
export function disputeIn(dispute: Stripe.Dispute): Dispute | null {
  const { id, payment_intent: intent, reason, amount, currency, created, balance_transactions: booked } = dispute;
  const status = DISPUTED[dispute.status];
  const authorization = idOf(intent);
  if (status === undefined || authorization === null || (status === 'open' && booked.length === 0)) return null;
  const taken = booked.filter((movement) => movement.amount < 0);
  return {
    id,
    authorization,
    status,
    reason,
    amount,
    fee: taken.reduce((sum, { fee }) => sum + fee, 0),
    currency: currency.toUpperCase(),
    openedAt: new Date(created * 1_000),
  };
}

/** An id that Stripe may have answered with all that is behind it. */
const idOf = (named: string | { readonly id: string } | null | undefined): string | null =>
  typeof named === 'string' ? named : (named?.id ?? null);

/** The call that a movement belongs to: a charge may have been authorised by one and collected by another. */
function referenceOf(source: object, intent: string | Stripe.PaymentIntent | null): string | null {
  if ('object' in source && source.object === 'dispute') return null;
  if ('object' in source && source.object === 'refund' && 'metadata' in source)
    return (source.metadata as Stripe.Metadata | null)?.['reference'] ?? null;
  if (intent === null || typeof intent === 'string') return null;
  return intent.metadata['capture'] ?? intent.metadata['reference'] ?? null;
}

const approved = ({ id }: Stripe.PaymentIntent, charge: Stripe.Charge | null) => {
  const { brand, last4 } = charge?.payment_method_details?.card ?? {};
  return { kind: 'approved', authorization: id, card: brand && last4 ? { brand, last4 } : null } as const;
};

const chargeOf = ({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | null =>
  typeof charge === 'object' ? charge : null;

/** What Stripe keeps; a platform's fee is not Stripe's. In another currency than was charged nobody could add it up. */
function feeIn({ fee_details: details, currency }: Stripe.BalanceTransaction, charged: string): number {
  if (currency !== charged) return 0;
  return details.reduce((sum, { type, amount }) => (type === 'application_fee' ? sum : sum + amount), 0);
}

const UNKNOWN = { kind: 'unknown' } as const;

const KINDS: Readonly<Record<string, ProviderMovement['kind'] | undefined>> = {
  charge: 'charge',
  refund: 'refund',
  refund_failure: 'refund',
  dispute: 'dispute',
  dispute_reversal: 'dispute_won',
};

/** Inquiries (`warning_…`) take no money. */
const DISPUTED: Readonly<Record<string, Dispute['status'] | undefined>> = {
  needs_response: 'open',
  under_review: 'open',
  won: 'won',
  lost: 'lost',
};
