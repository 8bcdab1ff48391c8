/**
 * A payment service provider. Every call carries a reference of ours and is idempotent by it: the same reference again
 * is the same thing again, answered alike. Amounts are minor units. An implementation answers with one of the outcomes,
 * or throws when it cannot tell; it stops waiting when the signal says so.
 */
export interface PaymentProvider {
  /** Has the money held for us, and with `capture` collected at once. */
  authorize(request: Authorization, signal: AbortSignal): Promise<Outcome>;
  /** Collects what is held: all, less, or with a tip as much more as the provider allows. The rest is let go. */
  capture(request: Movement, signal: AbortSignal): Promise<Outcome>;
  /** Lets go of what is held. */
  void(request: Reference & { readonly authorization: string }, signal: AbortSignal): Promise<Outcome>;
  /** Sends back part or all of what was collected. */
  refund(request: Movement, signal: AbortSignal): Promise<Outcome>;
  /** How the call with this reference ended. */
  lookup(request: Reference, signal: AbortSignal): Promise<Outcome | NotFound>;
}

export interface Reference {
  readonly organizationId: string;
  /** Ours, unique to the call. */
  readonly reference: string;
}

export interface Authorization extends Reference {
  /** The token that stands for the card. */
  readonly source: string;
  readonly amount: number;
  readonly currency: string;
  readonly capture: boolean;
}

export interface Movement extends Reference {
  /** The provider's reference of the authorisation it belongs to. */
  readonly authorization: string;
  readonly amount: number;
  readonly currency: string;
}

/** How a call ended. `unknown` is an answer like any other: nobody may assume it did not happen. */
export type Outcome = Approved | Declined | { readonly kind: 'unknown' };

export interface Approved {
  readonly kind: 'approved';
  /** The provider's reference of the authorisation. */
  readonly authorization: string;
  /** What the provider keeps of this movement; negative when it gives some back. */
  readonly fee: number;
  /** How much more than the amount a tip may still take. */
  readonly tipAllowance: number;
  readonly card: { readonly brand: string; readonly last4: string };
}

export interface Declined {
  readonly kind: 'declined';
  readonly code: string;
}

/** The provider has never seen the reference. */
export interface NotFound {
  readonly kind: 'not_found';
}

/** Under this token a provider is given to whoever asks it. */
export const PAYMENT_PROVIDER = Symbol('payment provider');
