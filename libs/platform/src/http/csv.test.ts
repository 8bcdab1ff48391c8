import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvOf, fromCell, toCell } from './csv.js';

describe('a row', () => {
  test.each([
    [['Margherita', '10.50'], ',', 'Margherita,10.50\r\n'],
    [['Ham, cheese', '10.50'], ',', '"Ham, cheese",10.50\r\n'],
    [['Ham, cheese', '10,50'], ';', 'Ham, cheese;10,50\r\n'],
    [['12" pizza', 'two\nlines'], ',', '"12"" pizza","two\nlines"\r\n'],
    [['', ''], '\t', '\t\r\n'],
  ])('%j with %j between is %j', (cells, delimiter, line) => {
    expect(csvOf([cells], delimiter)).toBe(line);
  });
});

describe('a cell', () => {
  test.each([
    ['=HYPERLINK("http://example.com")', `'=HYPERLINK("http://example.com")`],
    ['+1 for the cook', `'+1 for the cook`],
    ['-10 %', `'-10 %`],
    ['@home', `'@home`],
    [`'=1`, `''=1`],
    [`'90s burger`, `'90s burger`],
    ['Burger = happy', 'Burger = happy'],
  ])('that says %s is no formula: %s', (text, cell) => {
    expect(toCell(text)).toBe(cell);
  });

  test('gives back what it was made of', () => {
    const text = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', 'a', ' ') });
    fc.assert(
      fc.property(text, (said) => {
        expect(fromCell(toCell(said))).toBe(said);
      }),
    );
  });
});
