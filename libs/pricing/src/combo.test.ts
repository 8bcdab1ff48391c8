import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comboPrices } from './combo.js';
import { shareDiscounts } from './discounts.js';

const parts = (...listPrices: number[]) => listPrices.map((listPrice) => ({ listPrice, surcharge: 0 }));
const sum = (amounts: readonly number[]): number => amounts.reduce((all, each) => all + each, 0);

describe('the price of a combo', () => {
  test.each<[string, number, number[], number[]]>([
    ['goes to its components by what they cost alone', 9_90, [8_00, 3_00, 2_50], [5_87, 2_20, 1_83]],
    ['gives the spare cent to the largest remainder', 10_00, [3_00, 3_00, 3_00], [3_34, 3_33, 3_33]],
    ['may be higher than what they cost alone', 15_00, [8_00, 2_00], [12_00, 3_00]],
    ['leaves what is free by itself free', 7_00, [7_50, 0, 2_50], [5_25, 0, 1_75]],
    ['is shared equally where everything is free by itself', 5_00, [0, 0, 0], [1_67, 1_67, 1_66]],
    ['of nothing is nothing', 0, [8_00, 3_00], [0, 0]],
    ['works in yen', 1_000, [700, 300, 300], [538, 231, 231]],
  ])('%s', (_, price, listed, expected) => {
    expect(comboPrices(price, parts(...listed))).toEqual(expected);
  });

  test('does not share out a surcharge: it stays with what was chosen', () => {
    const lobster = { listPrice: 12_00, surcharge: 4_00 };
    expect(comboPrices(10_00, [lobster, { listPrice: 3_00, surcharge: 0 }])).toEqual([12_00, 2_00]);
  });

  test('is whole and not below zero, and so is a surcharge', () => {
    expect(() => comboPrices(-1, parts(1_00))).toThrow(RangeError);
    expect(() => comboPrices(1_00, [{ listPrice: 1_00, surcharge: -1 }])).toThrow(RangeError);
    expect(() => comboPrices(1_00, [])).toThrow(RangeError);
  });

  const chosen = fc.array(
    fc.record({ listPrice: fc.nat({ max: 5_000_00 }), surcharge: fc.oneof(fc.constant(0), fc.nat({ max: 10_00 })) }),
    { minLength: 1, maxLength: 12 },
  );

  test('is what its parts sum to, with their surcharges; none is below zero; what costs alike differs by one at most', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_00 }), chosen, (price, those) => {
        const prices = comboPrices(price, those);
        expect(sum(prices)).toBe(price + sum(those.map(({ surcharge }) => surcharge)));
        const shares = prices.map((each, at) => each - (those[at]?.surcharge ?? 0));
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
        for (const [at, { listPrice }] of those.entries()) {
          const alike = shares.filter((_, other) => those[other]?.listPrice === listPrice);
          expect(Math.abs((shares[at] ?? 0) - Math.min(...alike))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('moves no cent to what costs less alone', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_00 }), chosen, (price, those) => {
        const shares = comboPrices(price, parts(...those.map(({ listPrice }) => listPrice)));
        const byList = those.map(({ listPrice }, at) => ({ listPrice, share: shares[at] ?? 0 }));
        byList.sort((a, b) => a.listPrice - b.listPrice);
        for (const [at, { share }] of byList.entries())
          expect(share).toBeGreaterThanOrEqual((byList[at - 1]?.share ?? 0) - 1);
      }),
    );
  });
});

describe('a discount on a combo', () => {
  test('is one of the whole: a tenth of 9.99 is 1.00, though tenths of its components are 0.99', () => {
    const { taken, shares } = shareDiscounts([4_33, 3_33, 2_33], [{ id: 'tenth', kind: 'percent', rate: 100_000 }]);
    expect(taken).toEqual([{ id: 'tenth', amount: 1_00 }]);
    expect(shares.map(([each]) => each?.amount)).toEqual([44, 33, 23]);
  });

  test('takes no more than there is, percents first', () => {
    const { taken, shares } = shareDiscounts(
      [6_00, 0, 2_00],
      [
        { id: 'voucher', kind: 'fixed', amount: 50_00 },
        { id: 'half', kind: 'percent', rate: 500_000 },
      ],
    );
    expect(taken).toEqual([
      { id: 'half', amount: 4_00 },
      { id: 'voucher', amount: 4_00 },
    ]);
    expect(shares.map((each) => each.map(({ amount }) => amount))).toEqual([
      [3_00, 3_00],
      [0, 0],
      [1_00, 1_00],
    ]);
  });
});
