import { newId, returnKey, signClaim } from '@comanda/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { taxBack } from '../bills/bill.js';
import { bill, payment } from '../testing/builders.js';
import { claimedOf, requireSigned } from './claim.js';

const key = returnKey('a secret that only the platform has, and is long enough');
const usd = (amount: number) => ({ amount, currency: 'USD' });
const { organizationId, orderId, locationId } = payment();
const claim = (total: number, tax = 0, more: object = {}) =>
  signClaim(key, { organizationId, locationId, orderId, returnId: newId(), total: usd(total), tax: usd(tax), ...more });
const NONE = { amount: 0, tax: 0 };

describe('a claim', () => {
  test('is good as it was signed, and no otherwise', () => {
    const good = claim(12_00, 1_00);
    expect(() => requireSigned(good, key, organizationId)).not.toThrow();
    for (const changed of [{ total: usd(12_01) }, { tax: usd(0) }, { orderId: newId() }, { returnId: newId() }])
      expect(() => requireSigned({ ...good, ...changed }, key, organizationId)).toThrow(
        expect.objectContaining({ code: 'claim_signature_invalid' }),
      );
    expect(() => requireSigned(good, key, newId())).toThrow(
      expect.objectContaining({ code: 'claim_signature_invalid' }),
    );
  });

  test('gives back as much as the payment can bear, with its part of the tax; the rest by another payment', () => {
    const twelve = claim(12_00, 1_00);
    expect(claimedOf(twelve, NONE, payment(), undefined)).toEqual({ amount: 12_00, tax: 1_00 });
    const small = payment({ amount: 8_00, refunded: 3_00 });
    expect(claimedOf(twelve, NONE, small, undefined)).toEqual({ amount: 5_00, tax: 42 });
    expect(claimedOf(twelve, { amount: 5_00, tax: 42 }, payment(), undefined)).toEqual({ amount: 7_00, tax: 58 });
  });

  test.each([
    ['of which everything was given back', claim(12_00), { amount: 12_00, tax: 0 }, undefined, 'claim_used'],
    ['for more than is left of it', claim(12_00), { amount: 5_00, tax: 0 }, 7_01, 'amount_exceeds_refundable'],
    ['of another order', claim(12_00, 0, { orderId: newId() }), NONE, undefined, 'claim_foreign'],
    [
      'in another currency',
      claim(12_00, 0, { total: { amount: 1, currency: 'EUR' } }),
      NONE,
      undefined,
      'currency_mismatch',
    ],
  ])('%s is refused', (_, of, used, asked, code) => {
    expect(() => claimedOf(of, used, payment(), asked)).toThrow(expect.objectContaining({ code }));
  });

  test('comes to its total and its tax, in whatever parts, and whichever of them fail on the way', () => {
    const parts = fc.array(fc.record({ share: fc.integer({ min: 1, max: 100 }), fails: fc.boolean() }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30_00 }), fc.nat({ max: 100 }), parts, (total, rate, asked) => {
        const tax = Math.floor((total * rate) / 100);
        const whole = claim(total, tax);
        let used = NONE;
        for (const { share, fails } of asked) {
          if (used.amount === total) break;
          const part = claimedOf(whole, used, payment(), Math.ceil(((total - used.amount) * share) / 100));
          expect(part.tax).toBeLessThanOrEqual(part.amount);
          if (!fails) used = { amount: used.amount + part.amount, tax: used.tax + part.tax };
        }
        const rest = used.amount < total ? claimedOf(whole, used, payment(), undefined) : NONE;
        expect([used.amount + rest.amount, used.tax + rest.tax]).toEqual([total, tax]);
      }),
    );
  });
});

describe('the tax of what goes back without a claim', () => {
  test('is its share of what is left on the bill, so that with the last of it all tax has gone back', () => {
    // 10.00 with 2.00 of tax went back by a claim; of 20.00 more with 1.00, half goes back, then the rest.
    const open = bill({ total: 30_00, tax: 3_00, settled: 30_00, taxed: 1_00, refunded: 10_00, forgiven: 10_00 });
    expect(taxBack(open, 10_00)).toBe(50);
    expect(taxBack({ ...open, refunded: 20_00, taxed: 50 }, 10_00)).toBe(50);
  });

  test('that answers a total that fell is the tax that fell with it, not a share of all', () => {
    // A pint of 12.00 with 2.00 of tax was voided; pizza of 18.00 with 1.00 stays.
    const fell = bill({ total: 18_00, tax: 1_00, settled: 30_00, taxed: 3_00 });
    expect(taxBack(fell, 12_00)).toBe(2_00);
    expect(taxBack(fell, 6_00)).toBe(1_00);
    expect(taxBack(fell, 30_00)).toBe(3_00);
  });
});
