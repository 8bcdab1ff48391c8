import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNumber, parseQuantity } from './parse-number.js';

const cents = (text: string, decimal: '.' | ',') => parseNumber(text, { decimal, digits: 2 });

describe('a price is read as people write it', () => {
  test.each([
    ['12.50', 12_50],
    ['12.5', 12_50],
    ['12', 12_00],
    ['12.', 12_00],
    ['.5', 50],
    ['0', 0],
    ['-0', 0],
    ['007.10', 7_10],
    ['$12.50', 12_50],
    ['$ 12.50', 12_50],
    ['US$12.50', 12_50],
    ['12.50 USD', 12_50],
    ['12.50usd', 12_50],
    ['CHF 12.50', 12_50],
    ['CHF 12.-', 12_00],
    ['12.--', 12_00],
    ['Fr. 12.50', 12_50],
    ['Rs. 120', 120_00],
    ['R120.00', 120_00],
    ['S/ 25.00', 25_00],
    ['KD 25.00', 25_00],
    ['Dhs. 25.00', 25_00],
    ['\\1,200', 1_200_00],
    ['1,200円', 1_200_00],
    ['-$12.50', -12_50],
    ['$-12.50', -12_50],
    ['\u221212.50', -12_50],
    ['+12.50', 12_50],
    ['1,234.50', 1_234_50],
    ['1,234,567.89', 1_234_567_89],
    ['1,23,456.00', 123_456_00],
    ["1'234.50", 1_234_50],
    ['1\u2019234.50', 1_234_50],
    ['1\u00a0234.50', 1_234_50],
    ['\uffe5\uff11\uff0c\uff12\uff10\uff10', 1_200_00],
    ['  12.50  ', 12_50],
    ['12.5000', 12_50],
    ['3.3000000000000003', 3_30],
    ['12.499999999999998', 12_50],
  ])('with a decimal point, %j is %d', (text, amount) => {
    expect(cents(text, '.')).toBe(amount);
  });

  test.each([
    ['12,50', 12_50],
    ['12,50 €', 12_50],
    ['€ 12,50', 12_50],
    ['12,50€', 12_50],
    ['-12,50 €', -12_50],
    ['12,50 EUR', 12_50],
    ['12,50 euro', 12_50],
    ['12,-', 12_00],
    ['12,\u2013 €', 12_00],
    ['R$ 12,50', 12_50],
    ['45,00 kr', 45_00],
    ['kr. 45,00', 45_00],
    ['12,00 zł', 12_00],
    ['120 Kč', 120_00],
    ['1.234,50', 1_234_50],
    ['1\u202f234,50 €', 1_234_50],
    ['1 234 567,89', 1_234_567_89],
  ])('with a decimal comma, %j is %d', (text, amount) => {
    expect(cents(text, ',')).toBe(amount);
  });

  test.each([
    ['1200', 0, 1_200],
    ['1,200', 0, 1_200],
    ['1200.00', 0, 1_200],
    ['1.25', 3, 1_250],
    ['1.255', 3, 1_255],
  ])('%j with %d digits is %d', (text, digits, amount) => {
    expect(parseNumber(text, { decimal: '.', digits })).toBe(amount);
  });
});

describe('what is no number is not guessed at', () => {
  test.each([
    '',
    ' ',
    '.',
    '-',
    '$',
    'free',
    'N/A',
    'NaN',
    'Infinity',
    '#REF!',
    '=1+1',
    '1e5',
    '0x10',
    '12.3.4',
    '--5',
    '-$-5',
    '5-',
    '(5)',
    '12%',
    '12 13',
    '12 oz',
    '2x12.50',
    '12.5O',
    'l2.50',
    'abc12',
    '12XYZ',
    '12:50',
    '12/50',
    '1,50',
    '12,5',
    '1,2345',
    '1,234 567',
    '12,34,56',
    '1,,234',
    ',5',
    '12.505',
    '12.001',
    '999999999999999999',
  ])('with a decimal point, %j', (text) => {
    expect(cents(text, '.')).toBeUndefined();
  });

  test.each(['12.50', '1.5', '12,505', '1.23,4', '1,234.50', '1.234.5'])('with a decimal comma, %j', (text) => {
    expect(cents(text, ',')).toBeUndefined();
  });
});

describe('a quantity is a whole number', () => {
  test.each([
    ['2', 2],
    [' 2 ', 2],
    ['+2', 2],
    ['-2', -2],
    ['\u22122', -2],
    ['0', 0],
    ['-0', 0],
    ['2.', 2],
    ['2.0', 2],
    ['2,000', 2],
    ['1200', 1_200],
  ])('%j is %d', (text, quantity) => {
    expect(parseQuantity(text)).toBe(quantity);
  });

  test.each(['', 'two', '0.5', '1,200', '1.000.0', '2 x', '1e3', '99999999999999999'])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});

describe('whatever the amount', () => {
  const amounts = fc.integer({ min: 0, max: 9_999_999_99 });
  const marks = fc.constantFrom(
    ...([
      ['.', ''],
      ['.', ','],
      ['.', "'"],
      [',', ''],
      [',', '.'],
      [',', '\u00a0'],
      [',', '\u202f'],
    ] as const),
  );
  const around = fc.constantFrom(
    ...([
      ['', ''],
      ['$', ''],
      ['', ' €'],
      ['CHF ', ''],
      ['', ' kr.'],
    ] as const),
  );
  const grouped = (whole: number, group: string) => String(whole).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, group);

  test('what was written with marks, groups and a sign of currency is read back', () => {
    fc.assert(
      fc.property(amounts, marks, around, fc.boolean(), (amount, [decimal, group], [before, after], negative) => {
        const whole = grouped(Math.floor(amount / 100), group);
        const text = `${negative ? '-' : ''}${before}${whole}${decimal}${String(amount % 100).padStart(2, '0')}${after}`;
        expect(cents(text, decimal)).toBe(negative && amount > 0 ? -amount : amount);
      }),
      { seed: 3, numRuns: 5_000 },
    );
  });

  test('a price with a decimal comma is never taken for a hundred times as much', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const text = `${Math.floor(amount / 100)},${String(amount % 100).padStart(2, '0')}`;
        expect(cents(text, '.')).toBeUndefined();
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });

  test('no text at all makes it throw, or give a fraction', () => {
    const texts = fc.string({ unit: fc.constantFrom(...Array.from("0123456789.,-+ '€$kreuroCHF()%\u00a0")) });
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), fc.constantFrom('.', ','), (text, decimal) => {
        const value = cents(text, decimal);
        expect(value === undefined || Number.isSafeInteger(value)).toBe(true);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});
