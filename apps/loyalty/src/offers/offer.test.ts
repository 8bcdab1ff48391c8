import { describe, expect, test } from 'vitest';
import { type Claim, type CouponTerms, codesOf, requireClaimable } from './offer.js';

const NOW = new Date('2026-03-06T20:00:00Z');
const ADA = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

const terms: CouponTerms = {
  name: 'Welcome',
  codes: ['WELCOME'],
  gives: { kind: 'percent', rate: 100_000 },
  group: null,
  priority: 100,
  conditions: { minimumSpend: null, itemIds: [], categoryIds: [], serviceTypes: [], locationIds: [], windows: [] },
  validFrom: null,
  validUntil: null,
  firstOrderOnly: false,
  absentForDays: null,
  totalLimit: null,
  customerLimit: null,
};

/** What comes of a claim: `ok`, or the code of the refusal. */
function claimed(more: Partial<CouponTerms>, claim: Partial<Claim> = {}, active = true): string {
  const uses = { all: 0, ofCustomer: 0, ofOrder: 0 };
  try {
    requireClaimable(
      { active, terms: { ...terms, ...more } },
      { now: NOW, customerId: ADA, lastOrderAt: null, uses, ...claim },
    );
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const uses = (all: number, ofCustomer = 0, ofOrder = 0) => ({ uses: { all, ofCustomer, ofOrder } });

describe('a coupon', () => {
  test.each<[string, Partial<CouponTerms>, Partial<Claim>, string]>([
    ['without conditions is anybody’s', {}, { customerId: null }, 'ok'],
    ['before its time', { validFrom: '2026-03-06T20:00:01Z' }, {}, 'offer_not_available'],
    ['from its first moment', { validFrom: '2026-03-06T20:00:00Z' }, {}, 'ok'],
    ['up to its last moment', { validUntil: '2026-03-06T20:00:01Z' }, {}, 'ok'],
    ['after its time', { validUntil: '2026-03-06T20:00:00Z' }, {}, 'offer_not_available'],
    ['for a first order, that it is', { firstOrderOnly: true }, {}, 'ok'],
    ['for a first order, of nobody known', { firstOrderOnly: true }, { customerId: null }, 'offer_not_for_customer'],
    [
      'for a first order, that it is not',
      { firstOrderOnly: true },
      { lastOrderAt: daysAgo(900) },
      'offer_not_for_customer',
    ],
    ['for a first order, already claimed', { firstOrderOnly: true }, uses(1, 1), 'offer_not_for_customer'],
    [
      'to win back, who was here yesterday',
      { absentForDays: 60 },
      { lastOrderAt: daysAgo(1) },
      'offer_not_for_customer',
    ],
    ['to win back, who was away', { absentForDays: 60 }, { lastOrderAt: daysAgo(60) }, 'ok'],
    ['to win back, who never was here', { absentForDays: 60 }, {}, 'offer_not_for_customer'],
    ['twice for a customer, the second time', { customerLimit: 2 }, uses(9, 1), 'ok'],
    ['twice for a customer, the third time', { customerLimit: 2 }, uses(9, 2), 'offer_exhausted'],
    ['limited by customer, of nobody known', { customerLimit: 2 }, { customerId: null }, 'offer_not_for_customer'],
    ['ten times in all, the tenth time', { totalLimit: 10 }, uses(9), 'ok'],
    ['ten times in all, the eleventh time', { totalLimit: 10 }, uses(10), 'offer_exhausted'],
    ['a second time for the same order', {}, uses(1, 0, 1), 'offer_exhausted'],
  ])('%s', (_, more, claim, outcome) => {
    expect(claimed(more, claim)).toBe(outcome);
  });

  test('that was withdrawn is nobody’s', () => {
    expect(claimed({}, {}, false)).toBe('offer_not_available');
  });

  test('goes by its codes however they are written, each once', () => {
    expect(codesOf(['Welcome', 'WELCOME', 'hello-10'])).toEqual(['WELCOME', 'HELLO-10']);
  });
});
