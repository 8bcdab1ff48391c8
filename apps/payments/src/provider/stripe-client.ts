import { AsyncLocalStorage } from 'node:async_hooks';
import Stripe from 'stripe';
import { type Declined, TryAgain } from './payment-provider.js';

export interface StripeAccess {
  /** `sk_test_…` or `sk_live_…`, or a restricted key (`rk_…`). */
  readonly secretKey: string;
  /** `whsec_…`: one for each endpoint that Stripe sends to, and while one is changed both. */
  readonly webhookSecrets: readonly string[];
  /** Where Stripe is, if not where it always is: a proxy, or what a test put there. */
  readonly url?: string | undefined;
}

/** The version of the API that this adapter was written for; the account's own default does not matter. */
const API_VERSION = '2026-10-28.endive';

/** Stripe's own client: it knows no signal, so who waits for an answer is kept beside the call. */
export class StripeClient {
  readonly api: Stripe;
  readonly #waiting = new AsyncLocalStorage<AbortSignal>();

  constructor({ secretKey, url = 'https://api.stripe.com' }: Pick<StripeAccess, 'secretKey' | 'url'>) {
    const { protocol, hostname, port } = new URL(url);
    this.api = new Stripe(secretKey, {
      apiVersion: API_VERSION,
      protocol: protocol === 'http:' ? 'http' : 'https',
      host: hostname,
      port: port || (protocol === 'http:' ? 80 : 443),
      // The line to a provider repeats what may be repeated, and knows when to stop.
      maxNetworkRetries: 0,
      telemetry: false,
      httpClient: Stripe.createFetchHttpClient((input, init) => fetch(input, this.#whileSomebodyWaits(init))),
    });
  }

  /** Asks as long as the signal lets it. */
  within<T>(signal: AbortSignal, question: () => Promise<T>): Promise<T> {
    return this.#waiting.run(signal, question);
  }

  #whileSomebodyWaits(init: RequestInit = {}): RequestInit {
    const signals = [init.signal ?? [], this.#waiting.getStore() ?? []].flat();
    return { ...init, signal: AbortSignal.any(signals) };
  }
}

/**
 * What an error says of the money: that nothing moved, and why.
 * @throws TryAgain where the call was not taken, or where it may be repeated under its key; the error itself where it
 *   leaves open what has happened
 */
export function declinedBy(error: unknown, signal: AbortSignal): Declined {
  if (!(error instanceof Stripe.errors.StripeError) || signal.aborted) throw error;
  const { statusCode = 0, headers } = error;
  if (error instanceof Stripe.errors.StripeConnectionError)
    throw again('The connection to the provider failed.', error);
  if (statusCode === 409 || statusCode === 429) throw again(`The provider answered ${statusCode}.`, error);
  // Stripe remembers what its own failures came to, and would only say it again; what failed on the way to it did not.
  if (statusCode >= 500 && headers?.['stripe-should-retry'] !== 'false')
    throw again(`The provider answered ${statusCode}.`, error);
  if (error instanceof Stripe.errors.StripeCardError)
    return { kind: 'declined', code: error.decline_code ?? error.code ?? 'card_declined' };
  if (error instanceof Stripe.errors.StripePermissionError) return { kind: 'declined', code: 'account_unusable' };
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: 'declined', code: codeOf(error) };
  throw error;
}

/** Whether Stripe has understood, and says no. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripePermissionError || error instanceof Stripe.errors.StripeInvalidRequestError;

const again = (sentence: string, cause: Error): TryAgain => new TryAgain(sentence, { cause });

function codeOf({ code, param }: Stripe.errors.StripeInvalidRequestError): string {
  if (code === 'resource_missing' && param === 'payment_method') return 'invalid_source';
  return code ?? 'invalid_request';
}
