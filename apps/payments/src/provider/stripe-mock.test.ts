import { newId } from '@comanda/platform';
import { describeReal, startStripeMock, type StripeMock } from '@comanda/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { StripeProvider } from './stripe-provider.js';

/** Every kind of request of the adapter, held against Stripe's own description of its API. What comes back are samples. */
describeReal('stripe-mock', 'Stripe, by its own description', () => {
  let mock: StripeMock;
  let provider: StripeProvider;
  let asked: { method: string; path: string; status: number }[];
  beforeAll(async () => {
    mock = await startStripeMock();
    provider = new StripeProvider({
      url: mock.url,
      secretKey: 'sk_test_123',
      webhookSecrets: [],
      flexible: true,
      accountOf: () => Promise.resolve({ stripeAccount: 'acct_123' }),
    });
  });
  afterAll(() => mock.stop());
  beforeEach(() => {
    asked = [];
    const send = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const answer = await send(input, init);
      const { pathname: path } = new URL(input as string);
      asked.push({ method: init?.method ?? '', path, status: answer.status });
      return answer;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const { signal } = new AbortController();
  const call = () => ({ organizationId: newId(), reference: newId(), currency: 'USD', authorization: 'pi_123' });
  const card = (capture: boolean) => ({ ...call(), source: 'pm_card_visa', amount: 20_00, capture, live: false });
  const lookup = (kind: 'authorize' | 'increment' | 'capture' | 'void' | 'refund') =>
    provider.lookup(
      { ...call(), kind, authorization: kind === 'authorize' ? null : 'pi_123', askedAt: new Date() },
      signal,
    );

  test.each<[string, () => Promise<unknown>, string[]]>([
    ['a charge', () => provider.authorize(card(true), signal), ['POST /v1/payment_intents']],
    ['an authorisation', () => provider.authorize(card(false), signal), ['POST /v1/payment_intents']],
    [
      'an increment',
      () => provider.increment({ ...call(), amount: 12_00, total: 42_00 }, signal),
      ['POST /v1/payment_intents/pi_123/increment_authorization'],
    ],
    [
      'a capture',
      () => provider.capture({ ...call(), amount: 42_00 }, signal),
      ['POST /v1/payment_intents/pi_123/capture'],
    ],
    ['a void', () => provider.void(call(), signal), ['POST /v1/payment_intents/pi_123/cancel']],
    ['a refund', () => provider.refund({ ...call(), amount: 5_00 }, signal), ['POST /v1/refunds']],
    ['looking for a charge', () => lookup('authorize'), ['GET /v1/payment_intents']],
    ['looking for an increment', () => lookup('increment'), ['GET /v1/payment_intents/pi_123']],
    ['looking for a capture', () => lookup('capture'), ['GET /v1/payment_intents/pi_123']],
    ['looking for a void', () => lookup('void'), ['GET /v1/payment_intents/pi_123']],
    ['looking for a refund', () => lookup('refund'), ['GET /v1/refunds']],
    [
      'a day’s settlement',
      () => provider.settlement({ organizationId: newId(), date: '2026-03-06', after: null }, signal),
      ['GET /v1/balance_transactions'],
    ],
    [
      'whose an account is',
      () => provider.isAccountOf({ organizationId: newId(), live: false }, 'acct_123', signal),
      ['GET /v1/accounts/acct_123'],
    ],
  ])('%s is asked for as Stripe wants it', async (_, ask, expected) => {
    await ask();
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(expected);
    expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
