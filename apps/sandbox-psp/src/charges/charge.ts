import { share } from '@comanda/money';
import { type Card, cardOf } from '../faults/test-cards.js';
import type { ChargeRow } from './charge.entity.js';

/** How a call ended, as it is answered and remembered. Amounts are minor units. */
export type Outcome = Approved | Declined;

export interface Approved {
  readonly status: 'approved';
  readonly charge: string;
  /** What the sandbox keeps of this movement. */
  readonly fee: number;
  /** How much more than the amount a tip may still take. */
  readonly tipAllowance: number;
  readonly card: Card;
}

export interface Declined {
  readonly status: 'declined';
  readonly code: string;
}

/** A call's effect on a charge: null where nothing changes; and the money it moves, in from the guest or, negative, back. */
export interface Effect {
  readonly charge: ChargeRow | null;
  readonly moved: number;
  readonly outcome: Outcome;
}

export interface Asked {
  readonly organizationId: string;
  readonly source: string;
  readonly amount: number;
  readonly currency: string;
  readonly capture: boolean;
}

/** Holds the money, or collects it at once. */
export function authorizing(id: string, { organizationId, source, amount, currency, capture }: Asked): Effect {
  const fee = capture ? feeOn(amount) : 0;
  const charge: ChargeRow = {
    organizationId,
    id,
    source,
    currency,
    open: !capture,
    authorized: amount,
    tipAllowance: capture ? 0 : allowanceOn(amount),
    captured: capture ? amount : 0,
    refunded: 0,
    fee,
    createdAt: new Date(),
  };
  return { charge, moved: charge.captured, outcome: approvedFor(charge, fee) };
}

/** Holds more: a table that goes on ordering. */
export function incrementing(charge: ChargeRow, more: number): Effect {
  if (!charge.open) return declined('not_authorized');
  const authorized = charge.authorized + more;
  const after = { ...charge, authorized, tipAllowance: allowanceOn(authorized) };
  return { charge: after, moved: 0, outcome: approvedFor(after, 0) };
}

/** Collects what is held, at most with the tip allowance; only once. */
export function capturing(charge: ChargeRow, amount: number): Effect {
  if (!charge.open) return declined('not_authorized');
  if (amount > charge.authorized + charge.tipAllowance) return declined('exceeds_authorization');
  const fee = feeOn(amount);
  const after = { ...charge, open: false, captured: amount, fee: charge.fee + fee };
  return { charge: after, moved: amount, outcome: approvedFor(after, fee) };
}

/** Lets go of what is held. */
export function voiding(charge: ChargeRow): Effect {
  if (!charge.open) return declined('not_authorized');
  const after = { ...charge, open: false };
  return { charge: after, moved: 0, outcome: approvedFor(after, 0) };
}

/** Sends money back, never more than was collected. As with most providers, the fee stays. */
export function refunding(charge: ChargeRow, amount: number): Effect {
  if (charge.refunded + amount > charge.captured) return declined('exceeds_captured');
  const after = { ...charge, refunded: charge.refunded + amount };
  return { charge: after, moved: -amount, outcome: approvedFor(after, 0) };
}

/** The answer to a call that is declined: nothing changes. */
export const declined = (code: string): Effect => ({ charge: null, moved: 0, outcome: { status: 'declined', code } });

const approvedFor = ({ id, source, tipAllowance }: ChargeRow, fee: number): Approved => ({
  status: 'approved',
  charge: id,
  fee,
  tipAllowance,
  card: cardOf(source),
});

/** 2.9 % and 30 minor units, as card providers like to charge; nothing for moving nothing. */
const feeOn = (amount: number): number => (amount === 0 ? 0 : share(amount, 29_000, 'half-up') + 30);

/** A tip may take a fifth more than was authorised, as the card schemes allow restaurants. */
const allowanceOn = (amount: number): number => share(amount, 200_000, 'down');
