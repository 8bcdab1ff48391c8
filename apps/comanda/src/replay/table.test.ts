import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowsOf } from './table.js';

const read = (text: string, delimiter = ',') => [...rowsOf(text, delimiter)];
const cellsOf = (text: string, delimiter = ',') => read(text, delimiter).map(({ cells }) => cells);

describe('a table is read as programs write it', () => {
  test.each<[promise: string, text: string, rows: string[][]]>([
    [
      'plain cells',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no line break at the end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'Windows line breaks',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'old Mac line breaks',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['empty cells', ',b,\n', [['', 'b', '']]],
    ['the sign that DOS ends files with', 'a,b\r\n\u001a', [['a', 'b']]],
    ['zeros that fill a file up', 'a,b\n\u0000\u0000\u0000', [['a', 'b']]],
    ['a delimiter within quotes', '"Fish, chips",5\n', [['Fish, chips', '5']]],
    ['a doubled quote', '"Pizza ""Roma""",5\n', [['Pizza "Roma"', '5']]],
    ['an empty cell in quotes', '"",""\na,""""\n', [['a', '"']]],
    [
      'a line break within quotes',
      '"Fish\r\nchips",5\n6,7',
      [
        ['Fish\r\nchips', '5'],
        ['6', '7'],
      ],
    ],
    ['spaces around quotes', ' "Fish, chips" , 5 \n', [['Fish, chips', ' 5 ']]],
    ['a quote in a plain cell', '12" pizza,5\n', [['12" pizza', '5']]],
    ['a quote that should be doubled', '"12" pizza",5\n', [['12" pizza', '5']]],
    [
      'rows of nothing left out',
      '\n\na,b\n,\n  ,\n\n1,2\n\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['no text at all', '', []],
  ])('%s', (_promise, text, rows) => {
    expect(cellsOf(text)).toEqual(rows);
  });

  test.each([';', '\t', '|', '||', '~|~'])('separated by %j', (delimiter) => {
    const text = ['a,b', `"1${delimiter}2"`, '3'].join(delimiter);
    expect(cellsOf(`${text}\n`, delimiter)).toEqual([['a,b', `1${delimiter}2`, '3']]);
  });

  test('a part of a delimiter is no delimiter', () => {
    expect(cellsOf('a|b||"c|d"||e|\n', '||')).toEqual([['a|b', 'c|d', 'e|']]);
  });
});

describe('a quote that is never closed costs its own line only', () => {
  test.each<[promise: string, text: string, unclosed: number, rest: string[][]]>([
    ['with no quote after it', '1,"a,2\n3,b,4\n', 1, [['3', 'b', '4']]],
    ['with a quoted cell after it', '1,"a,2\n3,"b",4\n', 1, [['3', 'b', '4']]],
    [
      'with an empty quoted cell after it',
      '1,"a,2\n3,"",4\n5,"c",6\n',
      1,
      [
        ['3', '', '4'],
        ['5', 'c', '6'],
      ],
    ],
    ['in the last line', '1,2,"', 2, []],
    [
      'with a whole menu after it',
      `1,"a,2\n${'3,b,4\n'.repeat(3_000)}5,c",6\n`,
      1,
      [...Array.from({ length: 3_000 }, () => ['3', 'b', '4']), ['5', 'c"', '6']],
    ],
  ])('%s', (_promise, text, unclosed, rest) => {
    const [broken, ...others] = read(text);
    expect(broken).toMatchObject({ line: 1, unclosed });
    expect(others.map(({ cells }) => cells)).toEqual(rest);
    expect(others.every((row) => row.unclosed === undefined)).toBe(true);
  });
});

const oneOf = (characters: string) => fc.constantFrom(...Array.from(characters));
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe('whatever is in the cells', () => {
  const word = fc.string({ unit: oneOf('ab1 é,;"\n\t|'), maxLength: 6 });
  const grid = fc
    .array(fc.array(word, { minLength: 3, maxLength: 3 }), { maxLength: 12 })
    .map((rows) => rows.filter((cells) => cells.some((cell) => cell.trim() !== '')));
  const delimiters = fc.constantFrom(',', ';', '\t', '|');
  const breaks = fc.constantFrom('\n', '\r\n', '\r');

  test('what was written in quotes is read back, each row on its line', () => {
    fc.assert(
      fc.property(grid, delimiters, breaks, (rows, delimiter, lineBreak) => {
        const lines = rows.map((cells) =>
          cells.map((cell) => quoted(cell.replaceAll('\n', lineBreak))).join(delimiter),
        );
        const found = read(lines.join(lineBreak), delimiter);
        expect(found.map(({ cells }) => cells)).toEqual(
          rows.map((cells) => cells.map((cell) => cell.replaceAll('\n', lineBreak))),
        );
        const above = (index: number) => rows.slice(0, index).flat().join('').split('\n').length - 1 + index;
        expect(found.map(({ line }) => line)).toEqual(rows.map((_, index) => above(index) + 1));
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  const dish = fc.string({ unit: oneOf('abé '), minLength: 1, maxLength: 6 }).map((name) => `x${name}x`);
  const plainRows = fc.array(fc.tuple(dish, dish, fc.boolean()), { maxLength: 12 });

  test('a line with a stray quote, anywhere, leaves every other row as it was', () => {
    fc.assert(
      fc.property(plainRows, fc.nat(12), (rows, at) => {
        const lines = rows.map(([one, other, inQuotes]) => `${inQuotes ? quoted(one) : one},${other}`);
        const others = rows.map(([one, other]) => [one, other]);
        const place = Math.min(at, lines.length);
        const found = read(lines.toSpliced(place, 0, '"stray,1').join('\n'));
        expect(found[place]).toEqual({ line: place + 1, cells: ['"stray', '1'], unclosed: 0 });
        expect(found.toSpliced(place, 1).map(({ cells }) => cells)).toEqual(others);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  test('any text at all is read to its end, and its lines are counted', () => {
    const texts = fc.string({ unit: oneOf('ab,;" \r\n'), maxLength: 60 });
    fc.assert(
      fc.property(texts, (text) => {
        const rows = read(text);
        const lines = text.split(/\r\n|\r|\n/).length;
        for (const [index, { line }] of rows.entries()) {
          expect(line).toBeGreaterThan(rows[index - 1]?.line ?? 0);
          expect(line).toBeLessThanOrEqual(lines);
        }
        const lost =
          text.replaceAll(/[^ab]/g, '').length -
          rows
            .flatMap(({ cells }) => cells)
            .join('')
            .replaceAll(/[^ab]/g, '').length;
        expect(lost).toBe(0);
      }),
      { seed: 3, numRuns: 5_000 },
    );
  });
});
