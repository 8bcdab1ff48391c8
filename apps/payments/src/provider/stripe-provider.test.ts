import { newId } from '@comanda/platform';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TestStripe, testStripe } from '../testing/stripe.js';
import type { StripeBooks } from '../testing/stripe-books.js';
import { type Approved, type Question, TryAgain } from './payment-provider.js';
import { StripeProvider, type StripeSettings } from './stripe-provider.js';

const organizationId = newId();
let stripe: TestStripe;
let books: StripeBooks;
let provider: StripeProvider;
beforeAll(async () => {
  stripe = await testStripe();
  books = stripe.connect('acct_house', organizationId);
  provider = adapter();
});

function adapter(settings: Partial<StripeSettings> = {}): StripeProvider {
  const { STRIPE_API_URL: url, STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: secret } = stripe.settings;
  const accountOf = (id: string) => Promise.resolve(id === organizationId ? { stripeAccount: 'acct_house' } : null);
  return new StripeProvider({ url, secretKey, webhookSecrets: [secret], flexible: true, accountOf, ...settings });
}

const { signal } = new AbortController();
const call = () => ({ organizationId, reference: newId(), currency: 'USD' });
const card = (facts: object = {}) => ({
  ...call(),
  source: 'pm_card_visa',
  amount: 20_00,
  capture: true,
  live: false,
  ...facts,
});
const paid = async (amount: number) => (await provider.authorize(card({ amount }), signal)) as Approved;
const held = async (amount: number) => (await provider.authorize(card({ amount, capture: false }), signal)) as Approved;
const about = (kind: Question['kind'], { reference }: { reference: string }, authorization: string | null) =>
  provider.lookup({ organizationId, reference, kind, authorization, askedAt: new Date() }, signal);
const declined = (code: string) => ({ kind: 'declined', code });

describe('a card', () => {
  test('is charged on the organization’s account, with what it is found by, and what Stripe keeps is known: 0.88 of 20.00', async () => {
    const request = card();
    const outcome = await provider.authorize(request, signal);
    const { authorization } = outcome as Approved;
    expect(outcome).toEqual({
      kind: 'approved',
      authorization: expect.stringMatching(/^pi_/),
      fee: 88,
      tipAllowance: 0,
      card: { brand: 'visa', last4: '4242' },
    });
    expect(books.find(authorization)).toMatchObject({
      amount: 20_00,
      currency: 'usd',
      capture_method: 'automatic',
      metadata: { reference: request.reference, organization: organizationId },
    });
  });

  test('that is held has no room for a tip, and nothing is added to it, where the account is not offered that', async () => {
    const plain = adapter({ flexible: false });
    const outcome = (await plain.authorize(card({ capture: false }), signal)) as Approved;
    expect(outcome).toMatchObject({ kind: 'approved', fee: 0, tipAllowance: 0 });
    const { authorization } = outcome;
    const more = { ...call(), authorization, amount: 1_00, total: 21_00 };
    expect(await plain.increment(more, signal)).toEqual(declined('invalid_request'));
    expect(await plain.capture({ ...call(), authorization, amount: 20_01 }, signal)).toEqual(
      declined('amount_too_large'),
    );
    expect(await plain.capture({ ...call(), authorization, amount: 20_00 }, signal)).toMatchObject({ fee: 88 });
  });

  test.each([
    [
      'that the bank wants to ask the guest about',
      { source: 'pm_card_authenticationRequired' },
      'authentication_required',
    ],
    ['that is none', { source: 'tok_visa' }, 'invalid_source'],
    ['of an organization without an account', { organizationId: newId() }, 'account_missing'],
    ['of an organization whose money is real, with a key for tests', { live: true }, 'test_card'],
    ['in a currency that Stripe counts otherwise', { currency: 'ISK' }, 'currency_not_offered'],
  ])('%s is declined', async (_, facts, code) => {
    expect(await provider.authorize(card(facts), signal)).toEqual(declined(code));
  });

  test('is never charged in earnest for an organization that only tries things out', async () => {
    const earnest = adapter({ secretKey: 'sk_live_123' });
    expect(await earnest.authorize(card(), signal)).toEqual(declined('live_card'));
  });

  test('on an account that takes none any more is declined, and nobody else is bothered by it', async () => {
    const gone = adapter({ accountOf: () => Promise.resolve({ stripeAccount: 'acct_gone' }) });
    expect(await gone.authorize(card(), signal)).toEqual(declined('account_unusable'));
  });
});

test('an account is an organization’s where its operator has written so, and its money is as real as the key', async () => {
  const of = (account: string, organization = organizationId, live = false) =>
    provider.isAccountOf({ organizationId: organization, live }, account, signal);
  expect(await of('acct_house')).toBe(true);
  expect(await of('acct_house', newId())).toBe(false);
  expect(await of('acct_none')).toBe(false);
  expect(await of('acct_house', organizationId, true)).toBe(false);
  const stranger = adapter({ secretKey: 'sk_test_stranger' });
  await expect(stranger.isAccountOf({ organizationId, live: false }, 'acct_house', signal)).rejects.toMatchObject({
    code: 'provider_unavailable',
  });
});

describe('what a step came to is found by what it left:', () => {
  test('a capture, and one that never arrived', async () => {
    const { authorization } = await held(30_00);
    const capture = { ...call(), authorization, amount: 30_00 };
    expect(await about('capture', capture, authorization)).toEqual({ kind: 'not_found' });
    const outcome = await provider.capture(capture, signal);
    expect(await about('capture', capture, authorization)).toEqual(outcome);
    expect(await about('capture', call(), authorization)).toEqual({ kind: 'not_found' });
  });

  test('an increment', async () => {
    const { authorization } = await held(30_00);
    const more = { ...call(), authorization, amount: 12_00, total: 42_00 };
    expect(await about('increment', more, authorization)).toEqual({ kind: 'not_found' });
    const outcome = await provider.increment(more, signal);
    expect(outcome).toMatchObject({ kind: 'approved', tipAllowance: 8_40 });
    expect(await about('increment', more, authorization)).toEqual(outcome);
  });

  test('a void', async () => {
    const { authorization } = await held(30_00);
    const release = { ...call(), authorization };
    expect(await about('void', release, authorization)).toEqual({ kind: 'not_found' });
    const outcome = await provider.void(release, signal);
    expect(await about('void', release, authorization)).toEqual(outcome);
  });

  test('a refund among others', async () => {
    const { authorization } = await paid(30_00);
    const [one, other] = [
      { ...call(), authorization, amount: 10_00 },
      { ...call(), authorization, amount: 5_00 },
    ];
    const outcome = await provider.refund(one, signal);
    await provider.refund(other, signal);
    expect(await about('refund', one, authorization)).toEqual(outcome);
    expect(await about('refund', call(), authorization)).toEqual({ kind: 'not_found' });
  });

  test('a charge among hundreds that were made at the same time', async () => {
    const request = card();
    const outcome = await provider.authorize(request, signal);
    const others = { amount: '100', currency: 'usd', payment_method: 'pm_card_visa', capture_method: 'manual' };
    for (let more = 1; more <= 250; more++) books.create({ ...others, metadata: { reference: newId() } });
    expect(await about('authorize', request, null)).toEqual(outcome);
  });
});

describe('a failure', () => {
  test('of Stripe itself leaves open what happened, and is not asked for again: it would only be told again', async () => {
    stripe.trouble('authorize', { as: 'fails' });
    const request = card();
    await expect(provider.authorize(request, signal)).rejects.not.toBeInstanceOf(TryAgain);
    await expect(provider.authorize(request, signal)).rejects.toMatchObject({ statusCode: 500 });
    expect(await about('authorize', request, null)).toEqual({ kind: 'not_found' });
  });

  test.each([409, 429, 503])('on the way there, %d, may be asked again at once', async (status) => {
    stripe.trouble('capture', { as: 'errs', status, after: false });
    const { authorization } = await held(30_00);
    const capture = { ...call(), authorization, amount: 30_00 };
    await expect(provider.capture(capture, signal)).rejects.toBeInstanceOf(TryAgain);
    expect(await provider.capture(capture, signal)).toMatchObject({ kind: 'approved' });
  });

  test('of ours, another call under the same reference, leaves open what happened', async () => {
    const request = card();
    await provider.authorize(request, signal);
    await expect(provider.authorize({ ...request, amount: 30_00 }, signal)).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    });
  });

  test('to know the key says nothing of the money', async () => {
    const stranger = adapter({ secretKey: 'sk_test_stranger' });
    await expect(stranger.authorize(card(), signal)).rejects.toMatchObject({ statusCode: 401 });
  });

  test('to answer is waited for as long as somebody waits', async () => {
    stripe.trouble('refund', { as: 'never_hears' });
    const { authorization } = await paid(30_00);
    const patience = AbortSignal.timeout(50);
    const refund = { ...call(), authorization, amount: 30_00 };
    await expect(provider.refund(refund, patience)).rejects.not.toBeInstanceOf(TryAgain);
    expect(patience.aborted).toBe(true);
  });
});

test('a wallet’s code is not offered, and that is said', async () => {
  const code = { ...call(), amount: 20_00, expiresInSeconds: 60, live: false };
  expect(await provider.presentCode(code)).toEqual(declined('code_not_offered'));
  expect(await provider.cancelCode(code)).toEqual(declined('code_not_offered'));
});

describe('a day’s settlement', () => {
  const date = '2026-03-06';
  const at = (time: string) => () => Date.parse(`${date}T${time}Z`);
  const day = async (after: string | null) =>
    adapter({ accountOf: () => Promise.resolve({ stripeAccount: 'acct_day' }) }).settlement(
      { organizationId, date, after },
      signal,
    );
  const take = (own: StripeBooks, reference: string, method = 'automatic') =>
    own.create({
      amount: '2000',
      currency: 'usd',
      payment_method: 'pm_card_visa',
      capture_method: method,
      metadata: { reference },
    });

  test('has every movement with its fee and the reference of the call that moved it, oldest first: 20.00 in twice, 5.00 back, 10.00 disputed and won', async () => {
    const own = stripe.connect('acct_day', organizationId);
    const [charged, authorized, captured, refunded] = [newId(), newId(), newId(), newId()];
    own.now = at('18:00:00');
    const intent = take(own, charged);
    const tab = take(own, authorized, 'manual');
    own.now = at('21:00:00');
    own.capture(tab.id, { metadata: { capture: captured } });
    own.refund({ payment_intent: intent.id, amount: '500', metadata: { reference: refunded } });
    const dispute = own.dispute(intent.id, 10_00);
    own.now = at('23:59:59');
    own.closeDispute(dispute.id, true);
    own.now = () => Date.parse('2026-03-07T00:00:00Z');
    take(own, newId());
    const { movements, next } = await day(null);
    expect(next).toBeNull();
    expect(movements.map(({ kind, reference, amount, fee }) => [kind, reference, amount, fee])).toEqual([
      ['charge', charged, 20_00, 88],
      ['charge', captured, 20_00, 88],
      ['refund', refunded, -5_00, 0],
      ['dispute', null, -10_00, 15_00],
      ['dispute_won', null, 10_00, 0],
    ]);
    expect(movements.map(({ authorization }) => authorization)).toEqual([
      intent.id,
      tab.id,
      intent.id,
      intent.id,
      intent.id,
    ]);
    expect(movements[0]).toMatchObject({ currency: 'USD', at: new Date(`${date}T18:00:00Z`) });
  });

  test('that is too long for one page is told part by part, each movement once', async () => {
    const own = stripe.connect('acct_day', organizationId);
    const references = Array.from({ length: 2_400 }, newId);
    for (const [nth, reference] of references.entries()) {
      own.now = () => Date.parse(`${date}T00:00:00Z`) + nth * 36_000;
      take(own, reference);
    }
    const told: (string | null)[] = [];
    let after: string | null = null;
    do {
      const { movements, next } = await day(after);
      expect(movements.length).toBeLessThanOrEqual(1_000);
      told.push(...movements.map(({ reference }) => reference));
      after = next;
    } while (after !== null);
    expect(told).toEqual(references);
  });
});

describe('a webhook', () => {
  const notice = (type: string, object: object) => {
    const { body, headers } = stripe.event(type, object, { id: 'evt_1', account: 'acct_house' });
    return provider.notice(body, headers);
  };
  const [reference, increment, capture] = [newId(), newId(), newId()];
  const ours = (marks: object) => ({ object: 'payment_intent', metadata: { organization: organizationId, ...marks } });

  test.each([
    ['the charge', { reference }, reference],
    ['the last increment', { reference, increment }, increment],
    ['the capture', { reference, increment, capture }, capture],
  ])('of a PaymentIntent is about %s', (_, marks, expected) => {
    expect(notice('payment_intent.succeeded', ours(marks))).toEqual({
      id: 'evt_1',
      type: 'payment_intent.succeeded',
      organizationId,
      account: 'acct_house',
      about: 'call',
      reference: expected,
    });
  });

  test('of a refund is about the refund', () => {
    const refund = { object: 'refund', metadata: { reference, organization: organizationId } };
    expect(notice('refund.failed', refund)).toMatchObject({ about: 'call', organizationId, reference });
  });

  test.each([
    ['a payment that somebody made elsewhere', 'payment_intent.succeeded', { object: 'payment_intent', metadata: {} }],
    ['a payout', 'payout.paid', { object: 'payout', metadata: {} }],
    [
      'an inquiry, which takes no money',
      'charge.dispute.created',
      { object: 'dispute', payment_intent: 'pi_1', status: 'warning_needs_response', balance_transactions: [] },
    ],
  ])('of %s is nothing of ours', (_, type, object) => {
    expect(notice(type, object)).toMatchObject({ about: 'nothing_of_ours', organizationId: null });
  });

  test.each([
    ['needs_response', 'open'],
    ['under_review', 'open'],
    ['won', 'won'],
    ['lost', 'lost'],
  ])('of a dispute tells what it takes and what it costs: %s', (status, expected) => {
    const dispute = {
      id: 'du_1',
      object: 'dispute',
      payment_intent: 'pi_1',
      status,
      reason: 'fraudulent',
      amount: 20_00,
      currency: 'usd',
      created: 1_772_800_000,
      balance_transactions: [{ amount: -20_00, fee: 15_00 }],
    };
    expect(notice('charge.dispute.updated', dispute)).toMatchObject({
      account: 'acct_house',
      about: 'dispute',
      dispute: { id: 'du_1', authorization: 'pi_1', status: expected, amount: 20_00, fee: 15_00, currency: 'USD' },
    });
  });

  test('is taken with any of the secrets, while one is changed', () => {
    const { body, headers } = stripe.event('payout.paid', { object: 'payout' });
    const changing = adapter({ webhookSecrets: ['whsec_new', stripe.settings.STRIPE_WEBHOOK_SECRET] });
    expect(changing.notice(body, headers)).toMatchObject({ about: 'nothing_of_ours' });
    const changed = adapter({ webhookSecrets: ['whsec_new'] });
    expect(() => changed.notice(body, headers)).toThrow(expect.objectContaining({ code: 'signature_invalid' }));
  });
});
