import { share } from '@comanda/money';
import type { Approved, Authorization, Outcome } from './payment-provider.js';
import type { SandboxChargeRow } from './sandbox.entity.js';

/** How the sandbox behaves towards a call: as it should, or as providers do on a bad day. */
export type Manner =
  | { readonly as: 'approves' }
  | { readonly as: 'declines'; readonly code: string }
  /** It does what was asked, and its answer gets lost. */
  | { readonly as: 'falls_silent' }
  /** The call itself gets lost. */
  | { readonly as: 'never_hears' }
  | { readonly as: 'dawdles' };

export type Call = 'authorize' | 'capture' | 'void' | 'refund';
type Card = Approved['card'];

const VISA: Card = { brand: 'visa', last4: '4242' };
const MASTERCARD: Card = { brand: 'mastercard', last4: '4444' };

/** The test cards: what each token is, and which call it spoils. All else about them goes well. */
const TEST_CARDS: Readonly<Record<string, { readonly card: Card; readonly spoils?: Partial<Record<Call, Manner>> }>> = {
  tok_visa: { card: VISA },
  tok_mastercard: { card: MASTERCARD },
  tok_declined: { card: VISA, spoils: { authorize: { as: 'declines', code: 'card_declined' } } },
  tok_insufficient_funds: { card: VISA, spoils: { authorize: { as: 'declines', code: 'insufficient_funds' } } },
  tok_timeout: { card: VISA, spoils: { authorize: { as: 'falls_silent' } } },
  tok_timeout_lost: { card: VISA, spoils: { authorize: { as: 'never_hears' } } },
  tok_slow: { card: VISA, spoils: { authorize: { as: 'dawdles' } } },
  tok_capture_declined: { card: VISA, spoils: { capture: { as: 'declines', code: 'authorization_expired' } } },
  tok_capture_timeout: { card: VISA, spoils: { capture: { as: 'falls_silent' } } },
  tok_capture_timeout_lost: { card: VISA, spoils: { capture: { as: 'never_hears' } } },
  tok_void_timeout: { card: VISA, spoils: { void: { as: 'falls_silent' } } },
  tok_refund_declined: { card: VISA, spoils: { refund: { as: 'declines', code: 'refund_declined' } } },
  tok_refund_timeout: { card: VISA, spoils: { refund: { as: 'falls_silent' } } },
  tok_refund_timeout_lost: { card: VISA, spoils: { refund: { as: 'never_hears' } } },
};

/** How the card behind a token takes a call. An unknown token is no card. */
export function mannerOf(source: string, call: Call): Manner {
  const card = TEST_CARDS[source];
  if (!card) return { as: 'declines', code: 'invalid_source' };
  return card.spoils?.[call] ?? { as: 'approves' };
}

/** A call's effect on a charge; `charge` is null where nothing changes. */
export type Effect = { readonly charge: SandboxChargeRow | null; readonly outcome: Outcome };

/** Holds the money, or collects it at once. */
export function authorizing(id: string, { organizationId, source, amount, currency, capture }: Authorization): Effect {
  const fee = capture ? feeOn(amount) : 0;
  const charge: SandboxChargeRow = {
    organizationId,
    id,
    source,
    currency,
    open: !capture,
    authorized: amount,
    tipAllowance: capture ? 0 : share(amount, TIP_ALLOWANCE, 'down'),
    captured: capture ? amount : 0,
    refunded: 0,
    fee,
  };
  return { charge, outcome: approvedFor(charge, fee) };
}

/** Collects what is held, at most with the tip allowance; only once. */
export function capturing(charge: SandboxChargeRow, amount: number): Effect {
  if (!charge.open) return declined('not_authorized');
  if (amount > charge.authorized + charge.tipAllowance) return declined('exceeds_authorization');
  const fee = feeOn(amount);
  return changed({ ...charge, open: false, captured: amount, fee: charge.fee + fee }, fee);
}

/** Lets go of what is held. */
export function voiding(charge: SandboxChargeRow): Effect {
  return charge.open ? changed({ ...charge, open: false }, 0) : declined('not_authorized');
}

/** Sends money back, never more than was collected. As with most providers, the fee stays. */
export function refunding(charge: SandboxChargeRow, amount: number): Effect {
  if (charge.refunded + amount > charge.captured) return declined('exceeds_captured');
  return changed({ ...charge, refunded: charge.refunded + amount }, 0);
}

/** The answer to a call that is declined: nothing changes. */
export const declined = (code: string): Effect => ({ charge: null, outcome: { kind: 'declined', code } });

const changed = (charge: SandboxChargeRow, fee: number): Effect => ({ charge, outcome: approvedFor(charge, fee) });

const approvedFor = ({ id, source, tipAllowance }: SandboxChargeRow, fee: number): Approved => ({
  kind: 'approved',
  authorization: id,
  fee,
  tipAllowance,
  card: TEST_CARDS[source]?.card ?? VISA,
});

/** 2.9 % and 30 minor units, as card providers like to charge; nothing for moving nothing. */
const feeOn = (amount: number): number => (amount === 0 ? 0 : share(amount, 29_000, 'half-up') + 30);

/** A tip may take a fifth more than was authorised, as the card schemes allow restaurants. */
const TIP_ALLOWANCE = 200_000;
