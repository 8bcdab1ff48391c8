import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convert } from './convert.js';

const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('what an amount is about in another currency', () => {
  test.each([
    ['10.00 USD at 0.9234', usd(10_00), 'EUR', '0.9234', 9_23],
    ['10.00 USD at 149.25, where there are no cents', usd(10_00), 'JPY', '149.25', 1493],
    ['1500 JPY at 0.0067', { amount: 1500, currency: 'JPY' }, 'USD', '0.0067', 10_05],
    ['10.00 USD at 0.30725, where there are thousandths', usd(10_00), 'KWD', '0.30725', 3_073],
    ['250,000 VND at 0.0000393', { amount: 250_000, currency: 'VND' }, 'EUR', '0.0000393', 9_83],
    ['a refund, with the same digits', usd(-10_00), 'JPY', '149.25', -1493],
    ['nothing', usd(0), 'EUR', '0.9234', 0],
    ['the same currency', usd(12_34), 'USD', '1', 12_34],
  ])('%s', (_, money, to, rate, amount) => {
    expect(convert(money, to, rate)).toEqual({ amount, currency: to });
  });

  test('is rounded once, as asked', () => {
    const at = (mode: 'half-up' | 'half-even' | 'up' | 'down') => convert(usd(25), 'EUR', '0.1', mode).amount;
    expect([at('half-up'), at('half-even'), at('up'), at('down')]).toEqual([3, 2, 3, 2]);
  });

  test.each(['', '0', '0.000', '-1', '1e3', '1,5', '.5', '1.', 'NaN'])('no rate: "%s"', (rate) => {
    expect(() => convert(usd(1), 'EUR', rate)).toThrow(RangeError);
  });

  test('an unknown currency, and more than can be counted exactly, are refused', () => {
    expect(() => convert(usd(1), 'XXX', '1')).toThrow('not a currency');
    expect(() => convert(usd(Number.MAX_SAFE_INTEGER), 'EUR', '2')).toThrow(RangeError);
  });

  test('is within half a minor unit of the exact product, whatever the amount and rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (amount, millionths) => {
          const rate = `${Math.floor(millionths / 1_000_000)}.${String(millionths % 1_000_000).padStart(6, '0')}`;
          const shown = BigInt(convert(usd(amount), 'EUR', rate).amount);
          const off = shown * 1_000_000n - BigInt(amount) * BigInt(millionths);
          expect(off > -500_000n && off <= 500_000n).toBe(true);
        },
      ),
    );
  });
});
