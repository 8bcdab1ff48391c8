import { describe, expect, test } from 'vitest';
import { add, compare, isZero, money, negate, subtract, sum, zero } from './money.js';

const usd = (amount: number) => money(amount, 'USD');

describe('money', () => {
  test('is whole minor units: a float, a string in disguise or an amount past the safe integers is refused', () => {
    expect(() => usd(12.75)).toThrow(RangeError);
    expect(() => usd(Number.NaN)).toThrow(RangeError);
    expect(() => usd(JSON.parse('"1275"'))).toThrow(RangeError);
    expect(() => usd(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError);
    expect(usd(Number.MAX_SAFE_INTEGER).amount).toBe(9_007_199_254_740_991);
  });

  test('a check of 12.75 and a tip of 2.25 come to 15.00', () => {
    expect(add(usd(12_75), usd(2_25))).toEqual(usd(15_00));
    expect(subtract(usd(15_00), usd(2_25))).toEqual(usd(12_75));
    expect(sum('USD', [usd(12_75), usd(2_25), usd(5_00)])).toEqual(usd(20_00));
    expect(sum('USD', [])).toEqual(zero('USD'));
  });

  test('a refund is the sale with the other sign, and nothing refunded is plainly nothing', () => {
    expect(negate(usd(12_75))).toEqual(usd(-12_75));
    expect(Object.is(negate(zero('USD')).amount, 0)).toBe(true);
    expect(isZero(add(usd(12_75), negate(usd(12_75))))).toBe(true);
  });

  test('currencies never mix', () => {
    const yen = money(1000, 'JPY');
    expect(() => add(usd(1), yen)).toThrow('USD and JPY cannot be mixed.');
    expect(() => subtract(usd(1), yen)).toThrow(RangeError);
    expect(() => compare(usd(1), yen)).toThrow(RangeError);
    expect(() => sum('USD', [yen])).toThrow(RangeError);
  });

  test('a sum that leaves the safe integers is refused, not rounded', () => {
    expect(() => add(usd(Number.MAX_SAFE_INTEGER), usd(1))).toThrow(RangeError);
    expect(() => subtract(usd(-Number.MAX_SAFE_INTEGER), usd(1))).toThrow(RangeError);
  });

  test('amounts sort from small to large', () => {
    expect([usd(3), usd(-1), usd(2)].sort(compare).map(({ amount }) => amount)).toEqual([-1, 2, 3]);
    expect(compare(usd(2), usd(2))).toBe(0);
  });
});
