import { CONFIG, newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PaymentsConfig } from '../payments.config.js';
import { type House, IMPATIENT, openHouse, usd } from '../testing/house.js';
import { type TestStripe, testStripe } from '../testing/stripe.js';
import type { StripeBooks } from '../testing/stripe-books.js';
import { ConnectedAccounts } from './connected-accounts.js';
import { ProviderAccounts } from './provider-accounts.js';

let stripe: TestStripe;
let books: StripeBooks;
let house: House;
beforeAll(async () => {
  stripe = await testStripe();
  house = await openHouse({ ...IMPATIENT, ...stripe.settings, STRIPE_FLEXIBLE_CARDS: 'on' });
  books = stripe.connect('acct_house', house.id);
});

const WITHIN = { within: 10_000 };
const visa = { method: 'card', source: 'pm_card_visa' };
const name = (body: object, key?: string) =>
  house.call('put', '/v1/payments/provider', key === undefined ? {} : { key }).send(body);
const send = ({ body, headers }: { body: Buffer; headers: Record<string, string> }) =>
  house.http
    .post('/v1/payments/providers/stripe/webhooks')
    .set({ 'content-type': 'application/json', ...headers })
    .send(body.toString());

describe('an organization without an account of its own', () => {
  test('is paid by test cards in the sandbox', async () => {
    const { key } = house.other;
    const { body: provider } = await house.call('get', '/v1/payments/provider', { key }).expect(200);
    expect(provider).toEqual({ provider: 'sandbox', account: null });
    const bill = house.bill(10_00, { organizationId: house.other.id, location: house.other.location });
    const { body } = await house.pay(bill, { method: 'card', source: 'tok_visa' }, { key }).expect(201);
    expect(body).toMatchObject({ status: 'captured', providerReference: expect.stringMatching(/^sbx_/) });
  });
});

describe('an account is the organization’s', () => {
  const account = (named: string, provider = 'stripe') => ({ provider, account: named });

  test('when the provider says so, and then for good', async () => {
    stripe.connect('acct_elsewhere', newId());
    for (const refused of [account('acct_elsewhere'), account('acct_none'), account('acct_house', 'sandbox')])
      expect((await name(refused).expect(422)).body.code).toBe('provider_account_refused');
    expect((await name(account('acct_house'), house.other.key).expect(422)).body.code).toBe('provider_account_refused');
    const { body } = await name(account('acct_house')).expect(200);
    expect(body).toEqual(account('acct_house'));
    await name(account('acct_house')).expect(200);
    expect((await house.call('get', '/v1/payments/provider').expect(200)).body).toEqual(body);
    stripe.connect('acct_second', house.id);
    const { body: fixed } = await name(account('acct_second')).expect(409);
    expect(fixed).toMatchObject({ code: 'provider_account_fixed', account: 'acct_house' });
  });

  test('and nobody else’s, whatever the provider says', async () => {
    stripe.connect('acct_house', house.other.id);
    const { body } = await name(account('acct_house'), house.other.key).expect(422);
    expect(body.code).toBe('provider_account_refused');
    books = stripe.connect('acct_house', house.id);
  });
});

describe('with an account of its own', () => {
  test('a card is charged there, what Stripe keeps is in the ledger, and it goes back from there: 20.00, 5.00 back', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), visa).expect(201);
    expect(payment).toMatchObject({
      status: 'captured',
      card: { brand: 'visa', last4: '4242' },
      providerReference: expect.stringMatching(/^pi_/),
    });
    await house.refund(payment.id, { amount: usd(5_00) }).expect(201);
    expect(await house.legs(payment.id)).toMatchObject([{ card: 20_00, psp_fee: -88 }, { card: -5_00 }]);
    expect(books.find(payment.providerReference)).toMatchObject({ amount_received: 20_00 });
  });

  test('a declined card is told with the bank’s reason', async () => {
    const card = { method: 'card', source: 'pm_card_visa_chargeDeclinedInsufficientFunds' };
    const { body } = await house.pay(house.bill(20_00), card).expect(422);
    expect(body).toMatchObject({ code: 'payment_declined', declineCode: 'insufficient_funds' });
  });

  test('a tip after the authorisation is collected with it: 30.00 held, 36.00 captured, not a cent more', async () => {
    const { body: payment } = await house.pay(house.bill(30_00), { ...visa, capture: false }).expect(201);
    const tip = (amount: number) => house.call('post', `/v1/payments/${payment.id}/tip`).send({ tip: usd(amount) });
    expect((await tip(6_01).expect(409)).body.code).toBe('tip_exceeds_allowance');
    await tip(6_00).expect(200);
    const { body: captured } = await house.call('post', `/v1/payments/${payment.id}/capture`).send({}).expect(200);
    expect(captured).toMatchObject({ status: 'captured', collected: usd(36_00) });
  });

  test('an answer that never came is unknown, found by our reference, and charged once', async () => {
    stripe.trouble('authorize', { as: 'falls_silent' });
    const { body: payment } = await house.pay(house.bill(12_34), visa).expect(201);
    expect(payment.status).toBe('unknown');
    await eventually(async () => expect((await house.payment(payment.id)).status).toBe('captured'), WITHIN);
    const charged = books.list('charge', { limit: '1000' }).data.filter(({ amount }) => amount === 12_34);
    expect(charged).toHaveLength(1);
  });

  test('a wallet is refused, and said why', async () => {
    const { body } = await house.pay(house.bill(20_00), { method: 'wallet' }).expect(422);
    expect(body).toMatchObject({ code: 'payment_declined', declineCode: 'code_not_offered' });
  });

  test('a dispute is heard of by the account’s name: the money is gone, and somebody has a task', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), visa).expect(201);
    const dispute = books.dispute(payment.providerReference, 20_00);
    await send(stripe.event('charge.dispute.funds_withdrawn', dispute, { account: 'acct_house' })).expect(200);
    expect((await house.payment(payment.id)).disputed).toEqual({ status: 'open', amount: usd(20_00) });
    const { body: tasks } = await house.call('get', '/v1/payments/tasks').expect(200);
    expect(tasks.data).toContainEqual(expect.objectContaining({ kind: 'dispute', paymentId: payment.id }));
  });

  test('Stripe’s report of the day and the ledger agree, row by row', async () => {
    const { body: payment } = await house.pay(house.bill(20_00), visa).expect(201);
    const day = payment.businessDate;
    const { body } = await house.call('get', `/v1/payments/reconciliation?from=${day}`).expect(200);
    expect(body).toMatchObject({ unexplained: 0, movements: 7 });
  });
});

describe('what Stripe tells', () => {
  test('settles what nobody knew', async () => {
    stripe.trouble('authorize', { as: 'falls_silent' });
    stripe.trouble('lookup', { as: 'errs', status: 503, after: false });
    const { body: payment } = await house.pay(house.bill(20_00), visa).expect(201);
    const made = books.list('payment_intent', { limit: '1' }).data[0] ?? {};
    await eventually(
      () => send(stripe.event('payment_intent.succeeded', made, { account: 'acct_house' })).expect(200),
      WITHIN,
    );
    expect((await house.payment(payment.id)).status).toBe('captured');
  });

  test('after it was given up: what the guests have paid otherwise goes back once, though Stripe forgets what it was asked', async () => {
    stripe.trouble('authorize', { as: 'never_hears' });
    const bill = house.bill(17_00);
    const { body: payment } = await house.pay(bill, visa).expect(201);
    await eventually(async () => expect((await house.payment(payment.id)).status).toBe('declined'), WITHIN);
    await house.pay(bill).expect(201);
    const { rows } = await house.sql.query('select id, created_at from payment_attempts where payment_id = $1', [
      payment.id,
    ]);
    stripe.trouble('refund', { as: 'falls_silent' });
    const late = books.create({
      amount: '1700',
      currency: 'usd',
      payment_method: 'pm_card_visa',
      capture_method: 'automatic',
      metadata: { reference: rows[0].id, organization: house.id },
    });
    const refunds = () => books.list('refund', { payment_intent: late.id }).data;
    await send(stripe.event('payment_intent.succeeded', late, { account: 'acct_house' })).expect(200);
    await eventually(() => expect(refunds()).toHaveLength(1), WITHIN);
    stripe.forgetKeys();
    const returned = { status: 'captured', refunded: usd(17_00) };
    await eventually(async () => expect(await house.payment(payment.id)).toMatchObject(returned), WITHIN);
    expect(refunds()).toHaveLength(1);
  });

  test.each([
    ['of an account that nobody has here', { account: 'acct_nobody' }],
    ['of the key’s own account, where that is nobody’s', {}],
  ])('%s is taken, and nothing comes of it', async (_, of) => {
    const dispute = books.list('dispute', {}).data[0] ?? {};
    await send(stripe.event('charge.dispute.closed', { ...dispute, status: 'lost' }, of)).expect(200);
    const { rows } = await house.sql.query(`select from disputes where status = 'lost'`);
    expect(rows).toEqual([]);
  });

  test('of somebody else’s account under our name is not believed', async () => {
    const forged = { object: 'payment_intent', metadata: { reference: newId(), organization: house.id } };
    const told = { id: 'evt_forged', account: 'acct_elsewhere' };
    await send(stripe.event('payment_intent.succeeded', forged, told)).expect(200);
    const { rows } = await house.sql.query(`select from provider_notices where id = 'evt_forged'`);
    expect(rows).toEqual([]);
  });

  test('and did not sign is refused', async () => {
    const { body } = stripe.event('payment_intent.succeeded', {});
    expect((await send({ body, headers: {} }).expect(401)).body.code).toBe('signature_invalid');
  });
});

test('the organization whose account the key opens needs no connected one, and hears of what is told without a name', async () => {
  const { app } = house.service;
  const config = { ...app.get<PaymentsConfig>(CONFIG), STRIPE_ORGANIZATION: house.other.id };
  const connected = app.get<ConnectedAccounts>(ConnectedAccounts, { strict: false });
  const accounts = new ProviderAccounts(app.get(DataSource), connected, config, new Registry());
  expect(await accounts.chosenBy(house.other.id)).toEqual({ provider: 'stripe', account: null });
  expect((await accounts.forNewPayments(house.other.id)).name).toBe('stripe');
  const told = { id: 'evt_1', type: 'payout.paid', organizationId: null, account: null } as const;
  expect(await accounts.organizationOf('stripe', { ...told, about: 'nothing_of_ours' })).toBe(house.other.id);
  await accounts.onModuleDestroy();
});
