import { describe, expect, test } from 'vitest';
import { toCsv } from './csv.js';
import { nameIn } from './name-in.js';
import { DISCOUNTS, STOCK } from './reports.js';
import { wantsCsv } from './wants-csv.js';

const taken = (name: string | null, minor: number, apart = 'USD') => ({
  group: { discount: { key: name, name: null } },
  apart,
  counts: { orders: 2 },
  sums: { discount: minor },
});
const lines = (...rows: Parameters<typeof toCsv>[2]) => toCsv(DISCOUNTS, ['discount'], rows).split('\r\n');

describe('a report as CSV', () => {
  test('has a header, ends each line with CRLF, and writes amounts in major units', () => {
    expect(toCsv(DISCOUNTS, ['discount'], [taken('Staff', 12_05)])).toBe(
      'discount,currency,orders,discount\r\nStaff,USD,2,12.05\r\n',
    );
    expect(lines(taken('Staff', -5), taken('Staff', 1275, 'JPY'), taken(null, 1, 'KWD')).slice(1, 4)).toEqual([
      'Staff,USD,2,-0.05',
      'Staff,JPY,2,1275',
      ',KWD,2,0.001',
    ]);
  });

  test.each([
    ['a comma', 'Half, half', '"Half, half"'],
    ['a quote', 'The "boss"', '"The ""boss"""'],
    ['a line break', 'two\nlines', '"two\nlines"'],
    ['a formula', '=1+1', `'=1+1`],
    ['a formula that calls', '@SUM(A1)', `'@SUM(A1)`],
    ['a formula in quotes', '=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['a sign', '+49', `'+49`],
    ['another', '-10 % off', `'-10 % off`],
    ['a tab', '\tx', `'\tx`],
    ['a return', '\rx', `"'\rx"`],
    ['an emoji', '🍕', '🍕'],
  ])('keeps %s to itself', (_, name, cell) => {
    expect(toCsv(DISCOUNTS, ['discount'], [taken(name, 0)])).toBe(
      `discount,currency,orders,discount\r\n${cell},USD,2,0.00\r\n`,
    );
  });

  test('has the name of what has one beside its key, and a unit where there is no currency', () => {
    const row = { group: { item: { key: 'a', name: 'Diavola' } }, apart: 'g', counts: { consumed: -180 }, sums: {} };
    const [header, line] = toCsv({ ...STOCK, counts: { consumed: '' } }, ['item'], [row]).split('\r\n');
    expect([header, line]).toEqual(['item,itemName,unit,consumed', 'a,Diavola,g,-180']);
  });
});

test.each([
  [undefined, false],
  ['*/*', false],
  ['application/json', false],
  ['text/csv', true],
  ['Text/CSV; charset=utf-8', true],
  ['text/*', true],
  ['text/csv;q=0.5, application/json', false],
  ['text/csv, application/json;q=0.5', true],
  ['text/csv;q=0, */*', false],
  ['text/csv, */*;q=0.1', true],
])('Accept: %s asks for CSV: %s', (accept, csv) => expect(wantsCsv(accept)).toBe(csv));

test.each([
  ['Service', [], 'Service'],
  [{ it: 'Panino', en: 'Roll' }, ['en', 'it'], 'Roll'],
  [{ it: 'Panino' }, ['en'], 'Panino'],
  [[{ en: 'Diavola' }, { en: 'L' }], ['en'], 'Diavola, L'],
  [['Service', null], ['en'], 'Service'],
  [null, ['en'], null],
])('the name %j in %j is %j', (name, languages, read) => expect(nameIn(name, languages)).toBe(read));
