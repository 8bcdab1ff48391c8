import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, proportionOf, splitEvenly } from './allocate.js';

describe('largest remainder', () => {
  test.each([
    {
      what: 'a discount of 1.00 over 10.00, 5.00 and 3.00',
      amount: 1_00,
      weights: [10_00, 5_00, 3_00],
      shares: [55, 28, 17],
    },
    { what: 'ties go to the earliest', amount: 2, weights: [1, 1, 1], shares: [1, 1, 0] },
    { what: 'the refund of it', amount: -2, weights: [1, 1, 1], shares: [-1, -1, 0] },
    { what: 'nothing for a weight of zero', amount: 5, weights: [0, 1, 0, 1], shares: [0, 3, 0, 2] },
    { what: 'nothing to divide', amount: 0, weights: [3, 4], shares: [0, 0] },
    { what: 'nothing over nobody', amount: 0, weights: [], shares: [] },
    { what: 'nothing over zero weights', amount: 0, weights: [0, 0], shares: [0, 0] },
    { what: 'weights past the safe integers', amount: 10, weights: [10n ** 30n, 10n ** 30n, 0n], shares: [5, 5, 0] },
    {
      what: 'large amounts',
      amount: 9_007_199_254_740_991,
      weights: [1, 1],
      shares: [4_503_599_627_370_496, 4_503_599_627_370_495],
    },
  ])('$what', ({ amount, weights, shares }) => {
    expect(allocate(amount, weights)).toEqual(shares);
  });

  test('an amount with nobody to take it, a negative weight and a fraction are refused', () => {
    expect(() => allocate(1, [])).toThrow(RangeError);
    expect(() => allocate(1, [0, 0])).toThrow(RangeError);
    expect(() => allocate(1, [0n])).toThrow(RangeError);
    expect(() => allocate(1, [2, -1])).toThrow(RangeError);
    expect(() => allocate(1, [2n, -1n])).toThrow(RangeError);
    expect(() => allocate(1, [0.5])).toThrow(RangeError);
    expect(() => allocate(0.5, [1])).toThrow(RangeError);
  });

  test('shares sum to the amount, have its sign and lie within one unit of their exact part', () => {
    const weight = fc.oneof(fc.nat(5), fc.nat(1_000_000), fc.maxSafeNat());
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.maxSafeInteger()),
        fc.array(weight, { minLength: 1 }),
        (amount, weights) => {
          const whole = weights.reduce((total, each) => total + BigInt(each), 0n);
          fc.pre(whole > 0n);
          const shares = allocate(amount, weights);
          expect(shares.reduce((total, each) => total + BigInt(each), 0n)).toBe(BigInt(amount));
          shares.forEach((each, index) => {
            const off = BigInt(each) * whole - BigInt(amount) * BigInt(weights[index] ?? 0);
            expect(off < whole && off > -whole).toBe(true);
            expect(each === 0 || Math.sign(each) === Math.sign(amount)).toBe(true);
          });
          expect(allocate(amount, weights.map(BigInt))).toEqual(shares);
        },
      ),
      { seed: 2, numRuns: 10_000 },
    );
  });
});

describe('even splits', () => {
  test('100.00 in 3 is 33.34, 33.33, 33.33', () => {
    expect(splitEvenly(100_00, 3)).toEqual([33_34, 33_33, 33_33]);
  });

  test('2 cents among 3 leave the last one nothing', () => {
    expect(splitEvenly(2, 3)).toEqual([1, 1, 0]);
  });

  test.each([0, -1, 1.5])('a split in %d ways is refused', (ways) => {
    expect(() => splitEvenly(1, ways)).toThrow(RangeError);
  });
});

describe('the proportion that goes with a part', () => {
  test('a fee of 2.00 on 20.00: a refund of 15.00 returns 1.50, one of the other 5.00 returns 0.50', () => {
    expect(proportionOf(2_00, 15_00, 20_00)).toBe(1_50);
    expect(proportionOf(2_00, 5_00, 20_00, 15_00)).toBe(50);
  });

  test('three refunds of 1.00 return a fee of 0.10 to the cent', () => {
    expect([0, 1_00, 2_00].map((already) => proportionOf(10, 1_00, 3_00, already))).toEqual([3, 4, 3]);
  });

  test('of a whole of zero nothing is returned', () => {
    expect(proportionOf(5, 0, 0)).toBe(0);
  });

  test.each([
    [2_00, 15_00, 20_00, 6_00],
    [2_00, -1, 20_00, 0],
    [2_00, 1, 20_00, -1],
  ])(
    'more than the whole or less than nothing is refused: proportionOf(%i, %i, %i, %i)',
    (amount, part, whole, already) => {
      expect(() => proportionOf(amount, part, whole, already)).toThrow(RangeError);
    },
  );

  test('however a whole is cut, the parts sum to the amount and none is below zero', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 }), (amount, parts) => {
        const whole = parts.reduce((total, each) => total + each, 0);
        fc.pre(whole > 0);
        let already = 0;
        let returned = 0;
        for (const part of parts) {
          const each = proportionOf(amount, part, whole, already);
          expect(each).toBeGreaterThanOrEqual(0);
          already += part;
          returned += each;
        }
        expect(returned).toBe(amount);
      }),
      { seed: 3, numRuns: 5_000 },
    );
  });
});
