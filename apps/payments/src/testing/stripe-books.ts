/** What Stripe answers with: objects of its API, with ids where others can be expanded. */
export type StripeObject = { readonly id: string; readonly object: string } & Record<string, unknown>;

/** A request of Stripe's API that is refused, as it says so. */
export class StripeFailure extends Error {
  constructor(
    readonly status: number,
    readonly error: Readonly<Record<string, unknown>> & { readonly message: string },
  ) {
    super(error.message);
  }
}

export type Params = { readonly [name: string]: string | Params | undefined };

interface Intent extends StripeObject {
  amount: number;
  amount_capturable: number;
  amount_received: number;
  currency: string;
  created: number;
  status: string;
  metadata: Record<string, string>;
  latest_charge: string | null;
  last_payment_error: object | null;
}

interface Charge extends StripeObject {
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  currency: string;
  payment_intent: string;
  balance_transaction: string | null;
  payment_method_details: { type: 'card'; card: ReturnType<typeof cardHeld> };
}

/**
 * The books of one account at Stripe, as far as payments need them: PaymentIntents of cards with their charges, refunds,
 * disputes, and the balance transactions of all of them. Amounts are minor units; what Stripe keeps is 2.9 % and 0.30.
 */
export class StripeBooks {
  readonly #objects = new Map<string, StripeObject>();
  /** Its clock. */
  now: () => number = Date.now;

  create({ amount, currency, payment_method: source, capture_method: method, ...params }: Params): StripeObject {
    const card = CARDS[`${source as string}`];
    if (!card) throw missing('PaymentMethod', source as string, 'payment_method');
    const options = inside(inside(params['payment_method_options'])['card']);
    const intent = this.#keep<Intent>('pi', 'payment_intent', {
      amount: Number(amount),
      amount_capturable: 0,
      amount_received: 0,
      capture_method: method,
      currency: `${currency as string}`,
      status: 'requires_payment_method',
      metadata: inside(params['metadata']) as Record<string, string>,
      latest_charge: null,
      last_payment_error: null,
    });
    const charge = this.#keep<Charge>('ch', 'charge', {
      amount: intent.amount,
      amount_captured: 0,
      amount_refunded: 0,
      captured: false,
      currency: intent.currency,
      payment_intent: intent.id,
      balance_transaction: null,
      payment_method_details: { type: 'card', card: cardHeld(intent.amount, options) },
    });
    intent.latest_charge = charge.id;
    if ('decline' in card) {
      intent.last_payment_error = {
        type: 'card_error',
        code: card.code,
        decline_code: card.decline,
        message: 'Declined.',
      };
      throw new StripeFailure(402, {
        type: 'card_error',
        code: card.code,
        decline_code: card.decline,
        message: 'Your card was declined.',
        payment_intent: intent,
      });
    }
    [intent.status, intent.amount_capturable] = ['requires_capture', intent.amount];
    return method === 'manual' ? intent : this.#collect(intent, charge, intent.amount);
  }

  increment(id: string, { amount, metadata }: Params): StripeObject {
    const { intent, charge } = this.#inState(id, 'requires_capture');
    const { card } = charge.payment_method_details;
    if (card.incremental_authorization.status !== 'available')
      throw invalid('This authorization cannot be incremented.');
    if (Number(amount) <= intent.amount)
      throw invalid('The amount must be greater than the current one.', { param: 'amount' });
    intent.amount = intent.amount_capturable = charge.amount = Number(amount);
    card.overcapture = overcapture(intent.amount, card.overcapture.status);
    Object.assign(intent.metadata, metadata);
    return intent;
  }

  capture(id: string, { amount_to_capture: asked, metadata }: Params): StripeObject {
    const { intent, charge } = this.#inState(id, 'requires_capture');
    const amount = asked === undefined ? intent.amount_capturable : Number(asked);
    const most = charge.payment_method_details.card.overcapture.maximum_amount_capturable;
    if (amount > most)
      throw invalid(`At most ${most} can be captured.`, { code: 'amount_too_large', param: 'amount_to_capture' });
    Object.assign(intent.metadata, metadata);
    return this.#collect(intent, charge, amount);
  }

  cancel(id: string): StripeObject {
    const { intent } = this.#inState(id, 'requires_capture');
    return Object.assign(intent, { status: 'canceled', amount_capturable: 0 });
  }

  refund({ payment_intent: id, amount: asked, metadata = {} }: Params): StripeObject {
    const { intent, charge } = this.#inState(id as string, 'succeeded');
    const left = charge.amount_captured - charge.amount_refunded;
    const amount = asked === undefined ? left : Number(asked);
    if (amount > left)
      throw invalid(`Refund amount is greater than unrefunded amount on charge (${left}).`, { param: 'amount' });
    charge.amount_refunded += amount;
    const refund = this.#keep('re', 'refund', {
      amount,
      charge: charge.id,
      currency: intent.currency,
      metadata,
      payment_intent: intent.id,
      status: 'succeeded',
    });
    return Object.assign(refund, { balance_transaction: this.#book('refund', refund, 0 - amount, 0, intent.currency) });
  }

  /** A guest's bank takes money back: it goes at once, and so does what Stripe keeps for the trouble. */
  dispute(id: string, amount: number): StripeObject {
    const { intent, charge } = this.#inState(id, 'succeeded');
    const dispute = this.#keep('du', 'dispute', {
      amount,
      charge: charge.id,
      currency: intent.currency,
      payment_intent: intent.id,
      reason: 'fraudulent',
      status: 'needs_response',
    });
    const taken = this.#book('dispute', dispute, 0 - amount, 15_00, intent.currency);
    return Object.assign(dispute, { balance_transactions: [this.#objects.get(taken)] });
  }

  /** The bank has decided. */
  closeDispute(id: string, won: boolean): StripeObject {
    const dispute = this.find(id);
    if (won) this.#book('dispute_reversal', dispute, Number(dispute['amount']), 0, `${dispute['currency'] as string}`);
    return Object.assign(dispute, { status: won ? 'won' : 'lost' });
  }

  /** @throws StripeFailure 404 */
  find(id: string): StripeObject {
    const object = this.#objects.get(id);
    if (!object) throw missing('resource', id, 'id');
    return object;
  }

  /** A page of the objects of a kind that fit, newest first. */
  list(
    object: string,
    { created, limit = '10', starting_after: after, ...filter }: Params,
  ): { data: StripeObject[]; has_more: boolean } {
    const { gte = '0', lte = '9999999999', lt = '9999999999' } = inside(created);
    const all = [...this.#objects.values()].toReversed().filter((each) => {
      const at = Number(each['created']);
      const wanted = Object.entries(filter).every(([name, value]) => each[name] === value);
      return each.object === object && wanted && at >= Number(gte) && at <= Number(lte) && at < Number(lt);
    });
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return { data: all.slice(from, from + Number(limit)), has_more: all.length > from + Number(limit) };
  }

  /** An object as it is answered: what was asked to be expanded is there, of the rest its id. */
  shown(object: StripeObject, paths: readonly string[]): StripeObject {
    const shown: Record<string, unknown> = { ...object };
    for (const [key = '', deeper] of Map.groupBy(paths, (path) => path.split('.')[0])) {
      if (!(key in object)) throw invalid(`This property cannot be expanded (${key}).`, { param: 'expand' });
      const rest = deeper.flatMap((path) => path.split('.').slice(1).join('.') || []);
      const named = object[key];
      if (named !== null) shown[key] = this.shown(this.find(named as string), rest);
    }
    return shown as StripeObject;
  }

  #inState(id: string, status: string): { intent: Intent; charge: Charge } {
    const intent = this.#objects.get(id) as Intent | undefined;
    if (!intent) throw missing('payment_intent', id, 'intent');
    if (intent.status !== status)
      throw invalid(`This PaymentIntent has a status of ${intent.status}.`, {
        code: 'payment_intent_unexpected_state',
      });
    return { intent, charge: this.find(intent.latest_charge ?? '') as Charge };
  }

  #collect(intent: Intent, charge: Charge, amount: number): Intent {
    Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received: amount });
    const fee = Math.round((amount * 29) / 1_000) + 30;
    const booked = this.#book('charge', charge, amount, fee, intent.currency);
    Object.assign(charge, { captured: true, amount_captured: amount, balance_transaction: booked });
    return intent;
  }

  #book(category: string, source: StripeObject, amount: number, fee: number, currency: string): string {
    const details =
      fee === 0 ? [] : [{ amount: fee, currency, type: 'stripe_fee', application: null, description: null }];
    return this.#keep('txn', 'balance_transaction', {
      amount,
      currency,
      fee,
      fee_details: details,
      net: amount - fee,
      reporting_category: category,
      source: source.id,
      status: 'pending',
      type: category.startsWith('dispute') ? 'adjustment' : category,
    }).id;
  }

  #keep<Kept extends StripeObject>(
    prefix: string,
    object: string,
    facts: Omit<Kept, 'id' | 'object' | 'created'>,
  ): Kept {
    const id = `${prefix}_${this.#objects.size + 1}`;
    const kept = { id, object, created: Math.floor(this.now() / 1_000), livemode: false, ...facts } as unknown as Kept;
    this.#objects.set(id, kept);
    return kept;
  }
}

/** Test cards, by the PaymentMethods that Stripe has for them. */
const CARDS: Readonly<Record<string, object | { code: string; decline: string }>> = {
  pm_card_visa: {},
  pm_card_visa_chargeDeclinedInsufficientFunds: { code: 'card_declined', decline: 'insufficient_funds' },
  pm_card_authenticationRequired: { code: 'authentication_required', decline: 'authentication_required' },
};

function cardHeld(amount: number, options: Params) {
  const asked = (feature: string) => (options[feature] === 'if_available' ? 'available' : 'unavailable');
  return {
    brand: 'visa',
    last4: '4242',
    incremental_authorization: { status: asked('request_incremental_authorization') },
    overcapture: overcapture(amount, asked('request_overcapture')),
  };
}

/** A restaurant may collect a fifth more of a Visa card than it has had held. */
const overcapture = (amount: number, status: string) => ({
  status,
  maximum_amount_capturable: status === 'available' ? amount + Math.floor(amount / 5) : amount,
});

const inside = (params: Params[string]): Params => (typeof params === 'object' ? params : {});

const invalid = (message: string, more: object = {}): StripeFailure =>
  new StripeFailure(400, { type: 'invalid_request_error', message, ...more });

const missing = (what: string, id: string, param: string): StripeFailure =>
  new StripeFailure(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  });
