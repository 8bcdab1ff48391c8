import { describe, expect, test } from 'vitest';
import { captureLegs, refundLegs } from './postings.js';

const card = { method: 'card' as const, amount: 32_00, tax: 0, fee: 45, rounding: 0, tip: 3_00 };

describe('the legs of a payment', () => {
  test('a card payment of 32.00 with a tip of 3.00', () => {
    expect(captureLegs(card, 1_02)).toEqual([
      { account: 'card', amount: 35_00 },
      { account: 'merchant', amount: -30_53 },
      { account: 'tip', amount: -3_00 },
      { account: 'psp_fee', amount: -1_02 },
      { account: 'platform_fee', amount: -45 },
    ]);
  });

  test('15.72 in cash with 1.43 tax, paid with 15.70', () => {
    expect(captureLegs({ method: 'cash', amount: 15_72, tax: 1_43, fee: 0, rounding: -2, tip: 0 }, 0)).toEqual([
      { account: 'cash', amount: 15_70 },
      { account: 'merchant', amount: -14_29 },
      { account: 'tax', amount: -1_43 },
      { account: 'rounding', amount: 2 },
    ]);
  });

  test('a refund of all of it turns every leg, but the provider keeps its fee', () => {
    expect(refundLegs(card, 0)).toEqual([
      { account: 'card', amount: -35_00 },
      { account: 'merchant', amount: 31_55 },
      { account: 'tip', amount: 3_00 },
      { account: 'platform_fee', amount: 45 },
    ]);
  });

  test('a provider that gives its fee back gives it to the merchant', () => {
    expect(refundLegs(card, -1_02)).toEqual(
      captureLegs(card, 1_02).map(({ account, amount }) => ({ account, amount: -amount })),
    );
  });
});
