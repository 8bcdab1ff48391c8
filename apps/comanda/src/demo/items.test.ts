import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundled } from './bundled.js';
import { readItems } from './items.js';

const read = (text: string) => readItems(Buffer.from(text), 'items.csv');

test('each of the 32 bundled pizzas has a title and ingredients', () => {
  const items = readItems(readFileSync(bundled.items), 'items.csv');
  expect(items.size).toBe(32);
  expect(items.get('pepperoni')).toEqual({
    title: 'The Pepperoni Pizza',
    ingredients: ['Mozzarella Cheese', 'Pepperoni'],
  });
  expect([...items.values()].every(({ title, ingredients }) => title !== '' && ingredients.length > 0)).toBe(true);
});

test('columns may stand in any order, and only the name is needed', () => {
  const items = read('ingredients,note,name\r\n"Cheese; Ham ;Cheese;",x,toast\r\n,,tea\r\nHam,x,\r\n');
  expect([...items]).toEqual([
    ['toast', { title: 'toast', ingredients: ['Cheese', 'Ham'] }],
    ['tea', { title: 'tea', ingredients: [] }],
  ]);
});

test('a byte order mark and accents are read', () => {
  expect(read('\ufeffname,title\ncafe,Café\n').get('cafe')?.title).toBe('Café');
});

test('an empty file describes nothing', () => {
  expect(read('').size).toBe(0);
});

test('a file without names is refused with the columns that it has', () => {
  expect(() => read('item,title\na,b\n')).toThrow(
    expect.objectContaining({
      name: 'CommandFailure',
      message: 'items.csv:1:name: there is no such column; there are item, title',
    }),
  );
});
