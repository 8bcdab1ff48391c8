import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundled } from './bundled.js';
import { described, readItems } from './items.js';

const read = (text: string | Uint8Array) => readItems(Buffer.from(text), 'items.csv');

const reported = ({ bad }: ReturnType<typeof readItems>) =>
  bad.map(({ line, column, what }) => `${line}:${column}: ${what}`);

test('each of the 32 bundled pizzas has a title and ingredients', () => {
  const { items, bad } = readItems(readFileSync(bundled.items), 'items.csv');
  expect(bad).toEqual([]);
  expect(items.size).toBe(32);
  expect(items.get('pepperoni')).toEqual({
    title: 'The Pepperoni Pizza',
    ingredients: ['Mozzarella Cheese', 'Pepperoni'],
  });
  expect([...items.values()].every(({ title, ingredients }) => title !== '' && ingredients.length > 0)).toBe(true);
});

test('columns may stand in any order, and only the name is needed', () => {
  const { items } = read('ingredients,note,name\r\n"Cheese; Ham ;Cheese;",x,toast\r\n,,tea\r\nHam,x,\r\n');
  expect([...items]).toEqual([
    ['toast', { title: 'toast', ingredients: ['Cheese', 'Ham'] }],
    ['tea', { title: 'tea', ingredients: [] }],
  ]);
});

test('a byte order mark and accents are read', () => {
  expect(read('\ufeffname,title\ncafe,Café\n').items.get('cafe')?.title).toBe('Café');
});

test('an empty file describes nothing', () => {
  expect(read('').items.size).toBe(0);
});

test('a file without names is refused with the columns that it has', () => {
  expect(() => read('item,title\na,b\n')).toThrow(
    expect.objectContaining({
      name: 'CommandFailure',
      message: 'items.csv:1:name: there is no such column; there are item, title',
    }),
  );
});

describe('a file as a spreadsheet saves it', () => {
  test.each([
    ['semicolons', 'Name;Title\ncafe;Café au lait\n'],
    ['tabs', 'Name\tTitle\ncafe\tCafé au lait\n'],
    ['commas', 'Name,Title\r\ncafe,Café au lait\r\n'],
  ])('may have %s between its cells, and be in Windows-1252', (_sign, text) => {
    for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) {
      const bytes = Buffer.from(encoding === 'utf16le' ? `\ufeff${text}` : text, encoding);
      expect(read(bytes).items.get('cafe')?.title).toBe('Café au lait');
    }
  });
});

test('a name means the same whatever the case of its letters', () => {
  expect(described(read('name,title\nTaco AL Pastor,Pastor\n').items, 'taco al pastor')?.title).toBe('Pastor');
});

test('what cannot be used is reported, and the rest of its row is used', () => {
  const many = Array.from({ length: 51 }, (_, at) => `Herb ${at}`).join(';');
  const result = read(
    `name,title,ingredients\ntea,${'Tea'.repeat(167)},Leaves\ntea,Tea,\nherbs,,${many}\nodd,Odd,${'x'.repeat(201)};Salt\n`,
  );
  expect(reported(result)).toEqual([
    '2:title: is longer than 500 characters',
    '3:name: tea was described before',
    '4:ingredients: are more than 50',
    '5:ingredients: one is longer than 200 characters',
  ]);
  expect([...result.items.values()].map(({ title, ingredients }) => [title, ingredients.length])).toEqual([
    ['tea', 1],
    ['herbs', 50],
    ['Odd', 1],
  ]);
});

test('a workbook is refused as one', () => {
  expect(() => read(Buffer.from('PK\u0003\u0004 and so on'))).toThrow(
    'items.csv is a workbook or an archive: save the table as CSV.',
  );
});
