import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCurrency, minorDigits } from './currency.js';
import { formatDecimal, parseDecimal } from './decimal.js';
import { money } from './money.js';

describe('currencies', () => {
  test.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['CLP', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['HUF', 2],
    ['XCG', 2],
  ])('%s has %i digits', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  test.each(['', 'usd', 'XXX', 'XAU', 'HRK', 'DEM', 'toString'])('"%s" is refused', (code) => {
    expect(() => minorDigits(code)).toThrow(RangeError);
    expect(isCurrency(code)).toBe(false);
  });
});

describe('decimals', () => {
  test.each([
    ['12.50', 'USD', 12_50],
    ['12.5', 'USD', 12_50],
    ['12', 'USD', 12_00],
    ['-0.05', 'USD', -5],
    ['1275', 'JPY', 1275],
    ['1275.00', 'JPY', 1275],
    ['1.275', 'KWD', 1275],
    ['0.100', 'USD', 10],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
  ])('"%s" %s is %i minor units', (text, currency, amount) => {
    expect(parseDecimal(text, currency)).toBe(amount);
  });

  test.each(['', '.5', '5.', '1,50', '1e3', ' 1', '1.005', '+1', '--1', '0x10', '90071992547409.92'])(
    '"%s" is no amount of USD',
    (text) => {
      expect(() => parseDecimal(text, 'USD')).toThrow(RangeError);
    },
  );

  test('nothing with a minus is plainly nothing', () => {
    expect(Object.is(parseDecimal('-0.00', 'USD'), 0)).toBe(true);
  });

  test.each([
    [12_50, 'USD', '12.50'],
    [5, 'USD', '0.05'],
    [-5, 'USD', '-0.05'],
    [0, 'USD', '0.00'],
    [1275, 'JPY', '1275'],
    [1275, 'KWD', '1.275'],
    [-12_50, 'EUR', '-12.50'],
  ])('%i minor units of %s read %s', (amount, currency, text) => {
    expect(formatDecimal(money(amount, currency))).toBe(text);
  });

  test('what is written reads back the same', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('USD', 'JPY', 'KWD', 'UYW'), (amount, currency) => {
        expect(parseDecimal(formatDecimal(money(amount, currency)), currency)).toBe(amount);
      }),
      { seed: 4 },
    );
  });
});
