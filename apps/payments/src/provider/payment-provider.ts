/**
 * A payment service provider. Every call carries a reference of ours and is idempotent by it: the same reference again
 * is the same thing again, answered alike, for a day at least. Amounts are minor units. An implementation answers with one of the outcomes,
 * or throws when it cannot tell; it stops waiting when the signal says so.
 * @throws TryAgain where the same call may be made again at once
 */
export interface PaymentProvider {
  /** Has the money held for us, and with `capture` collected at once. */
  authorize(request: Authorization, signal: AbortSignal): Promise<Outcome>;
  /** Has more held under an authorisation that there is. */
  increment(request: Increment, signal: AbortSignal): Promise<Outcome>;
  /** Collects what is held: all, less, or with a tip as much more as the provider allows. The rest is let go. */
  capture(request: Movement, signal: AbortSignal): Promise<Outcome>;
  /** Lets go of what is held. */
  void(request: Reference & { readonly authorization: string }, signal: AbortSignal): Promise<Outcome>;
  /** Sends back part or all of what was collected. */
  refund(request: Movement, signal: AbortSignal): Promise<Outcome>;
  /** Makes a code that the guest pays with a wallet: `waiting` until then, or until it has expired. */
  presentCode(request: NewCode, signal: AbortSignal): Promise<Outcome>;
  /** Makes a code worthless. A guest who paid it meanwhile has won: the answer says so. */
  cancelCode(request: Reference, signal: AbortSignal): Promise<Outcome>;
  /** How the call with this reference ended. */
  lookup(request: Question, signal: AbortSignal): Promise<Outcome | NotFound>;
  /** What moved on a day (UTC) on an organization's account, a page of it, oldest first. */
  settlement(request: SettlementRequest, signal: AbortSignal): Promise<SettlementPage>;
  /**
   * What a webhook says, whoever sent it.
   * @param body as it came, byte for byte
   * @throws Refusal `signature_invalid` when the provider did not send it, or more than five minutes ago
   */
  notice(body: Buffer, headers: Readonly<Record<string, string | undefined>>): Notice;
}

export interface Reference {
  readonly organizationId: string;
  /** Ours, unique to the call. */
  readonly reference: string;
}

export interface Authorization extends Reference {
  /** The token that stands for the card, or for the code that the guest showed. */
  readonly source: string;
  readonly amount: number;
  readonly currency: string;
  readonly capture: boolean;
  /** Whether the organization's money is real: where it is, test cards must not look as if they paid. */
  readonly live: boolean;
}

export interface Movement extends Reference {
  /** The provider's reference of the authorisation it belongs to. */
  readonly authorization: string;
  readonly amount: number;
  readonly currency: string;
}

/** `amount` is how much more is to be held, `total` what is held then. */
export interface Increment extends Movement {
  readonly total: number;
}

export interface NewCode extends Reference {
  readonly amount: number;
  readonly currency: string;
  readonly expiresInSeconds: number;
  readonly live: boolean;
}

/** What a call was about, for a provider that finds it by more than our reference. */
export interface Question extends Reference {
  readonly kind: 'authorize' | 'increment' | 'capture' | 'void' | 'refund';
  /** The provider's reference of the authorisation it belongs to; null where that is what is being looked for. */
  readonly authorization: string | null;
  readonly askedAt: Date;
}

/** How a call ended. `unknown` is an answer like any other: nobody may assume it did not happen. */
export type Outcome = Approved | Declined | Waiting | { readonly kind: 'unknown' };

export interface Approved {
  readonly kind: 'approved';
  /** The provider's reference of the authorisation. */
  readonly authorization: string;
  /** What the provider keeps of this movement; negative when it gives some back. */
  readonly fee: number;
  /** How much more than the amount a tip may still take. */
  readonly tipAllowance: number;
  /** Null where nobody says. */
  readonly card: { readonly brand: string; readonly last4: string } | null;
}

export interface Declined {
  readonly kind: 'declined';
  readonly code: string;
}

/** The guest has still to pay. */
export interface Waiting {
  readonly kind: 'waiting';
  /** What the code says; null where the guest showed one and is asked to confirm. */
  readonly content: string | null;
  readonly expiresAt: string;
}

/** The provider has never seen the reference. */
export interface NotFound {
  readonly kind: 'not_found';
}

/** The call did not arrive, or was turned away unread: with the same reference it may be made again at once. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

export interface SettlementRequest {
  readonly organizationId: string;
  /** A UTC day, `2026-03-06`. */
  readonly date: string;
  /** `next` of the page before; null for the first. */
  readonly after: string | null;
}

export interface SettlementPage {
  readonly movements: readonly ProviderMovement[];
  readonly next: string | null;
}

/** Money that moved at the provider. */
export interface ProviderMovement {
  /** The provider's own, unique to the movement. */
  readonly id: string;
  readonly kind: 'charge' | 'refund' | 'dispute' | 'dispute_won';
  /** Our reference of the call that moved it; null for what the provider did by itself. */
  readonly reference: string | null;
  /** The provider's reference of the authorisation. */
  readonly authorization: string;
  /** Minor units; positive towards us. */
  readonly amount: number;
  /** What the provider kept of it, minor units. */
  readonly fee: number;
  readonly currency: string;
  readonly at: Date;
}

/** What a provider tells by webhook, in words that all of them share. */
export type Notice = {
  /** The provider's own, the same however often it is sent. */
  readonly id: string;
  readonly type: string;
  /** Whom it is about; null where the provider says no more than `account`. */
  readonly organizationId: string | null;
  /** The account at the provider, by its own name for it; null where that is not told, or needed. */
  readonly account: string | null;
} & (
  | {
      /** Something about the call with this reference has changed: it is looked up, so that order and age do not matter. */
      readonly about: 'call';
      readonly reference: string;
    }
  | { readonly about: 'dispute'; readonly dispute: Dispute }
  | { readonly about: 'nothing_of_ours' }
);

/** The guest's bank takes money back. */
export interface Dispute {
  /** The provider's own. */
  readonly id: string;
  /** The provider's reference of the authorisation it is about. */
  readonly authorization: string;
  readonly status: 'open' | 'won' | 'lost';
  readonly reason: string;
  /** Minor units that the provider took away, and what it keeps for the trouble. */
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly openedAt: Date;
}
