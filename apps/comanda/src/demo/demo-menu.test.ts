import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skuOf } from '../replay/menu-plan.js';
import { bundled } from './bundled.js';
import { demoMenu } from './demo-menu.js';
import { readItems } from './items.js';

const menu = demoMenu(readFileSync(bundled.orders), readItems(readFileSync(bundled.items), 'items.csv').items);
const lines = (menu.spreadsheets['USD'] ?? '').split('\n');

test('the demo sells 32 pizzas in 91 variations', () => {
  expect(menu.sellables.size).toBe(91);
  expect(new Set([...menu.sellables.values()].map(({ item }) => item)).size).toBe(32);
  expect(lines).toHaveLength(1 + 91);
});

test('pizzas are listed from A to Z, from small to large, by their titles and at the prices of the year', () => {
  expect(lines[0]).toBe('"sku","item","category","variation","price"');
  expect(lines.filter((line) => line.startsWith('"the_greek:'))).toEqual([
    '"the_greek:S","The Greek Pizza","classic","S","12.00"',
    '"the_greek:M","The Greek Pizza","classic","M","16.00"',
    '"the_greek:L","The Greek Pizza","classic","L","20.50"',
    '"the_greek:XL","The Greek Pizza","classic","XL","25.50"',
    '"the_greek:XXL","The Greek Pizza","classic","XXL","35.95"',
  ]);
  const names = lines.slice(1).map((line) => line.slice(1, line.indexOf(':')));
  expect(names).toEqual(names.toSorted());
});

test('a euro menu has the same figures', () => {
  expect(menu.spreadsheets['EUR']).toBe(menu.spreadsheets['USD']);
});

test('a replay of the year finds each variation by its sku', () => {
  for (const [sku, sold] of menu.sellables) expect(skuOf(sold, () => '')).toBe(sku);
});
