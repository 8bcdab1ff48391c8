import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { authorizationIn, collectedIn, movementIn, refundIn } from './stripe-answers.js';

/** A part of what Stripe answers: only what is read of it. */
const part = <T>(facts: object): T => facts as T;
const booked = (facts: object = {}) => ({
  id: 'txn_1',
  amount: 20_00,
  currency: 'usd',
  created: 1_772_800_000,
  fee_details: [{ type: 'stripe_fee', amount: 88 }],
  reporting_category: 'charge',
  source: { object: 'charge', payment_intent: { id: 'pi_1', metadata: { reference: 'ours' } } },
  ...facts,
});
const intent = (facts: object) =>
  part<Stripe.PaymentIntent>({ id: 'pi_1', currency: 'usd', status: 'succeeded', ...facts });
const paid = (transaction: object | null) => intent({ latest_charge: { balance_transaction: transaction } });

describe('what was collected', () => {
  test.each([
    ['Stripe’s fee', booked(), 88],
    [
      'with the tax on it',
      booked({
        fee_details: [
          { type: 'stripe_fee', amount: 88 },
          { type: 'tax', amount: 17 },
        ],
      }),
      105,
    ],
    [
      'without what a platform takes, which is not Stripe’s',
      booked({
        fee_details: [
          { type: 'stripe_fee', amount: 88 },
          { type: 'application_fee', amount: 200 },
        ],
      }),
      88,
    ],
    ['none in another currency than was charged, for nobody could add it up', booked({ currency: 'eur' }), 0],
  ])('costs %s', (_, transaction, fee) => {
    expect(collectedIn(paid(transaction))).toMatchObject({ kind: 'approved', fee });
  });

  test('is not told before Stripe has booked it: nobody would know what it keeps', () => {
    expect(collectedIn(paid(null))).toEqual({ kind: 'unknown' });
  });
});

test.each([
  ['processing', { kind: 'unknown' }],
  ['requires_action', { kind: 'unknown' }],
  ['canceled', { kind: 'declined', code: 'cancelled' }],
  ['requires_payment_method', { kind: 'declined', code: 'card_declined' }],
])('a charge that is %s', (status, outcome) => {
  expect(authorizationIn(intent({ status, last_payment_error: null, latest_charge: null }))).toEqual(outcome);
});

test.each([
  ['pending', { kind: 'unknown' }],
  ['requires_action', { kind: 'unknown' }],
  ['failed', { kind: 'declined', code: 'expired_or_canceled_card' }],
  ['succeeded', { kind: 'approved', authorization: 'pi_1', fee: -10 }],
])('a refund that is %s', (status, outcome) => {
  const refund = {
    status,
    payment_intent: 'pi_1',
    currency: 'usd',
    failure_reason: 'expired_or_canceled_card',
    balance_transaction: booked({ fee_details: [{ type: 'stripe_fee', amount: -10 }] }),
  };
  expect(refundIn(part<Stripe.Refund>(refund))).toMatchObject(outcome);
});

describe('a movement', () => {
  const told = (facts: object) => movementIn(part<Stripe.BalanceTransaction>(booked(facts)));

  test.each([
    ['payout', { object: 'payout' }],
    ['fee', null],
    ['charge', 'ch_1'],
  ])('of no payment is left out: %s', (category, source) => {
    expect(told({ reporting_category: category, source })).toEqual([]);
  });

  test('of a refund that came back is the refund’s, towards us', () => {
    const source = { object: 'refund', payment_intent: 'pi_1', metadata: { reference: 'refund' } };
    expect(told({ reporting_category: 'refund_failure', source, amount: 5_00 })).toMatchObject([
      { kind: 'refund', reference: 'refund', authorization: 'pi_1', amount: 5_00 },
    ]);
  });
});
