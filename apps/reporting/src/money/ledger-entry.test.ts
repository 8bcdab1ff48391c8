import type { Account } from '@comanda/contracts';
import { expect, test } from 'vitest';
import { toEntry } from './ledger-entry.js';

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const entry = (legs: Partial<Record<Account, number>>) =>
  toEntry({
    id: ID,
    kind: 'capture',
    locationId: ID,
    orderId: ID,
    paymentId: ID,
    refundId: null,
    businessDate: '2026-03-06',
    currency: 'USD',
    occurredAt: '2026-03-06T20:10:00.000Z',
    postings: Object.entries(legs).map(([account, amount]) => ({
      account: account as Account,
      amount: { amount, currency: 'USD' },
    })),
  });

test('a gift card of 50.00 that is sold is collected and no revenue; of 22.00 that are spent of it all is', () => {
  expect(entry({ cash: 50_00, gift_card: -50_00 })).toMatchObject({ collected: 50_00, loaded: 50_00, merchant: 0 });
  expect(entry({ gift_card: 22_00, merchant: -18_70, tax: -1_00, tip: -2_00, platform_fee: -30 })).toMatchObject({
    collected: 22_00,
    loaded: 0,
    merchant: 18_70,
    tax: 1_00,
    tip: 2_00,
    platformFee: 30,
  });
});

test('of a load by card the merchant bears what the provider keeps', () => {
  expect(entry({ card: 10_00, house_account: -10_00, merchant: 59, psp_fee: -59 })).toMatchObject({
    collected: 10_00,
    loaded: 10_00,
    merchant: -59,
    providerFee: 59,
  });
});
