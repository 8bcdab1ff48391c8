import { Refusal } from '@comanda/platform';
import Stripe from 'stripe';
import { z } from 'zod';
import type {
  Authorization,
  Declined,
  Increment,
  Movement,
  NewCode,
  NotFound,
  Notice,
  Outcome,
  PaymentProvider,
  Question,
  Reference,
  SettlementPage,
  SettlementRequest,
} from './payment-provider.js';
import { authorizationIn, collectedIn, disputeIn, held, letGo, movementIn, refundIn } from './stripe-answers.js';
import { declinedBy, isRefused, type StripeAccess, StripeClient } from './stripe-client.js';
import { unsigned } from './webhook-signature.js';

/** An organization's account at Stripe, as a request names it; without a name it is the key's own. */
export type StripeAccount = Pick<Stripe.RequestOptions, 'stripeAccount'>;

export interface StripeSettings extends StripeAccess {
  /** Has cards held so that more can be held, or collected, later. Stripe offers that to accounts on IC+ pricing only. */
  readonly flexible: boolean;
  /** The account of an organization; null where it has none. */
  accountOf(organizationId: string): Promise<StripeAccount | null>;
}

/** Stripe: a payment is a PaymentIntent on the organization's own account. Cards come as PaymentMethods (`pm_…`). */
export class StripeProvider implements PaymentProvider {
  readonly #client: StripeClient;
  readonly #stripe: Stripe;
  /** Whether the key moves real money. */
  readonly #live: boolean;

  constructor(private readonly settings: StripeSettings) {
    this.#client = new StripeClient(settings);
    this.#stripe = this.#client.api;
    this.#live = settings.secretKey.includes('_live_');
  }

  /** The account of an organization; null where it has none. */
  accountOf(organizationId: string): Promise<StripeAccount | null> {
    return this.settings.accountOf(organizationId);
  }

  /**
   * Whether an account is the organization's: the operator, who has connected it, has written so into its metadata; and
   * whether it moves the kind of money that the organization does.
   * @throws Refusal `provider_unavailable`
   */
  async isAccountOf(
    { organizationId, live }: { readonly organizationId: string; readonly live: boolean },
    account: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (live !== this.#live) return false;
    try {
      const { metadata } = await this.#client.within(signal, () => this.#stripe.accounts.retrieve(account));
      return metadata?.['organization'] === organizationId;
    } catch (error) {
      if (isRefused(error)) return false;
      throw new Refusal('provider_unavailable', 'The payment provider does not answer.', {}, { cause: error });
    }
  }

  async authorize(request: Authorization, signal: AbortSignal): Promise<Outcome> {
    const { organizationId, reference, source, amount, currency, capture, live } = request;
    if (live !== this.#live) return { kind: 'declined', code: live ? 'test_card' : 'live_card' };
    if (COUNTED_OTHERWISE.has(currency)) return { kind: 'declined', code: 'currency_not_offered' };
    const flexible = this.settings.flexible && !capture;
    return this.#ask(request, signal, async (options) =>
      authorizationIn(
        await this.#stripe.paymentIntents.create(
          {
            amount,
            currency: currency.toLowerCase(),
            payment_method: source,
            allowed_payment_method_types: ['card'],
            confirm: true,
            // Nobody is there to send the guest to the bank's page and back.
            error_on_requires_action: true,
            // Not `automatic_async`: what Stripe keeps would not be known yet.
            capture_method: capture ? 'automatic' : 'manual',
            metadata: { reference, organization: organizationId },
            ...(flexible && { payment_method_options: { card: FLEXIBLE } }),
            expand: WITH_FEE,
          },
          options,
        ),
      ),
    );
  }

  increment(request: Increment, signal: AbortSignal): Promise<Outcome> {
    const { authorization, reference, total } = request;
    return this.#ask(request, signal, async (options) =>
      held(
        await this.#stripe.paymentIntents.incrementAuthorization(
          authorization,
          { amount: total, metadata: { increment: reference }, expand: WITH_FEE },
          options,
        ),
      ),
    );
  }

  capture(request: Movement, signal: AbortSignal): Promise<Outcome> {
    const { authorization, reference, amount } = request;
    return this.#ask(request, signal, async (options) =>
      collectedIn(
        await this.#stripe.paymentIntents.capture(
          authorization,
          { amount_to_capture: amount, metadata: { capture: reference }, expand: WITH_FEE },
          options,
        ),
      ),
    );
  }

  void(request: Reference & { readonly authorization: string }, signal: AbortSignal): Promise<Outcome> {
    return this.#ask(request, signal, async (options) =>
      letGo(await this.#stripe.paymentIntents.cancel(request.authorization, { expand: WITH_FEE }, options)),
    );
  }

  refund(request: Movement, signal: AbortSignal): Promise<Outcome> {
    const { organizationId, authorization, reference, amount } = request;
    return this.#ask(request, signal, async (options) =>
      refundIn(
        await this.#stripe.refunds.create(
          {
            payment_intent: authorization,
            amount,
            metadata: { reference, organization: organizationId },
            expand: ['balance_transaction'],
          },
          options,
        ),
      ),
    );
  }

  presentCode(_: NewCode): Promise<Outcome> {
    return Promise.resolve(NO_CODES);
  }

  cancelCode(_: Reference): Promise<Outcome> {
    return Promise.resolve(NO_CODES);
  }

  /** Stripe's own search lags behind what it has charged: what was made about then is gone through instead. */
  async lookup(question: Question, signal: AbortSignal): Promise<Outcome | NotFound> {
    const { organizationId, kind, authorization } = question;
    // Who has no account has nothing there, and learns whether Stripe answers.
    const account = (await this.settings.accountOf(organizationId)) ?? {};
    return this.#client.within(signal, async () => {
      if (kind === 'authorize') return this.#find(question, account);
      if (authorization === null) return NOT_FOUND;
      return kind === 'refund'
        ? this.#findRefund(question.reference, authorization, account)
        : this.#findStep(kind, question.reference, authorization, account);
    });
  }

  async settlement(request: SettlementRequest, signal: AbortSignal): Promise<SettlementPage> {
    const account = await this.settings.accountOf(request.organizationId);
    if (account === null) return { movements: [], next: null };
    return this.#client.within(signal, () => this.#movements(spanOf(request), account));
  }

  notice(body: Buffer, headers: Readonly<Record<string, string | undefined>>): Notice {
    const { id, type, account = null, data } = this.#verified(body, headers['stripe-signature'] ?? '');
    const known = { id, type, account };
    if (type.startsWith('charge.dispute.')) {
      const dispute = disputeIn(data.object as Stripe.Dispute);
      return { ...known, organizationId: null, ...(dispute ? { about: 'dispute', dispute } : NOTHING_OF_OURS) };
    }
    const ours = OURS.safeParse(data.object);
    if (!ours.success) return { ...known, organizationId: null, ...NOTHING_OF_OURS };
    const { reference, increment, capture, organization } = ours.data.metadata;
    // The last step that left a mark is the one that the news is about.
    return { ...known, organizationId: organization, about: 'call', reference: capture ?? increment ?? reference };
  }

  /** Asks for something to be done, once however often it is asked under this reference. */
  async #ask(
    { organizationId, reference }: Reference,
    signal: AbortSignal,
    question: (options: Stripe.RequestOptions) => Promise<Outcome>,
  ): Promise<Outcome> {
    const account = await this.settings.accountOf(organizationId);
    if (account === null) return NO_ACCOUNT;
    try {
      return await this.#client.within(signal, () => question({ ...account, idempotencyKey: reference }));
    } catch (error) {
      return declinedBy(error, signal);
    }
  }

  async #find({ reference, askedAt }: Question, account: StripeAccount): Promise<Outcome | NotFound> {
    const asked = Math.floor(askedAt.getTime() / 1_000);
    const created = { gte: asked - CLOCKS_DIFFER, lte: asked + LATEST_AFTER };
    let seen = 0;
    for await (const { id, metadata } of this.#stripe.paymentIntents.list({ created, limit: PAGE }, account)) {
      if (metadata['reference'] === reference) {
        return authorizationIn(await this.#stripe.paymentIntents.retrieve(id, { expand: WITH_FEE }, account));
      }
      seen += 1;
      if (seen === MOST_SEEN) throw new Error(`More than ${MOST_SEEN} payments were made about then.`);
    }
    return NOT_FOUND;
  }

  async #findStep(
    kind: 'increment' | 'capture' | 'void',
    reference: string,
    authorization: string,
    account: StripeAccount,
  ): Promise<Outcome | NotFound> {
    const intent = await this.#stripe.paymentIntents.retrieve(authorization, { expand: WITH_FEE }, account);
    switch (kind) {
      case 'increment':
        return intent.metadata['increment'] === reference ? held(intent) : NOT_FOUND;
      case 'capture':
        return intent.metadata['capture'] === reference ? collectedIn(intent) : NOT_FOUND;
      case 'void':
        // Whoever let go of it: nothing is held any more.
        return intent.status === 'canceled' ? letGo(intent) : NOT_FOUND;
    }
  }

  async #findRefund(reference: string, authorization: string, account: StripeAccount): Promise<Outcome | NotFound> {
    const asked = { payment_intent: authorization, limit: PAGE, expand: ['data.balance_transaction'] };
    for await (const refund of this.#stripe.refunds.list(asked, account))
      if (refund.metadata?.['reference'] === reference) return refundIn(refund);
    return NOT_FOUND;
  }

  /** Stripe lists the newest first: of a span that holds too much for one answer, its first part is asked for. */
  async #movements({ from, until, day }: Span, account: StripeAccount): Promise<SettlementPage> {
    const booked = await this.#stripe.balanceTransactions
      .list({ created: { gte: from, lt: until }, limit: PAGE, expand: ['data.source.payment_intent'] }, account)
      .autoPagingToArray({ limit: MOST_BOOKED + 1 });
    if (booked.length > MOST_BOOKED && until - from > 1)
      return this.#movements({ from, until: from + Math.ceil((until - from) / 2), day }, account);
    if (booked.length > MOST_BOOKED) throw new Error(`More than ${MOST_BOOKED} movements in a second.`);
    const movements = booked.toReversed().flatMap(movementIn);
    return { movements, next: until < day + DAY ? `${until}` : null };
  }

  #verified(body: Buffer, signature: string): Stripe.Event {
    for (const secret of this.settings.webhookSecrets) {
      try {
        return this.#stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS);
      } catch {
        // Another one's, or nobody's.
      }
    }
    throw unsigned();
  }
}

/** A part of a day, seconds since 1970. */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly day: number;
}

function spanOf({ date, after }: SettlementRequest): Span {
  const day = Date.parse(date) / 1_000;
  return { from: after === null ? day : Number(after), until: day + DAY, day };
}

/** What of a PaymentIntent or refund says that we made it. */
const OURS = z.object({
  object: z.enum(['payment_intent', 'refund']),
  metadata: z.object({
    reference: z.uuid(),
    organization: z.uuid(),
    increment: z.uuid().optional(),
    capture: z.uuid().optional(),
  }),
});

const WITH_FEE = ['latest_charge.balance_transaction'];
const FLEXIBLE = { request_overcapture: 'if_available', request_incremental_authorization: 'if_available' } as const;
const NO_CODES: Declined = { kind: 'declined', code: 'code_not_offered' };
const NO_ACCOUNT: Declined = { kind: 'declined', code: 'account_missing' };
const NOT_FOUND: NotFound = { kind: 'not_found' };
const NOTHING_OF_OURS = { about: 'nothing_of_ours' } as const;
/** Stripe counts these in other units than ISO 4217 does (https://docs.stripe.com/currencies). */
const COUNTED_OTHERWISE = new Set(['ISK', 'MGA', 'UGX']);
const TOLERANCE_SECONDS = 5 * 60;
const PAGE = 100;
/** How much earlier than we asked, by Stripe's clock, a call may have arrived, and how much later; seconds. */
const CLOCKS_DIFFER = 60;
const LATEST_AFTER = 300;
const MOST_SEEN = 10_000;
const MOST_BOOKED = 1_000;
const DAY = 86_400;
