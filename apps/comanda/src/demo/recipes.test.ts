import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundled } from './bundled.js';
import { readItems } from './items.js';
import { gramsOf } from './recipes.js';

const SIZES = ['S', 'M', 'L', 'XL', 'XXL'];

describe('how much of an ingredient goes on a pizza', () => {
  test.each([
    ['Mozzarella Cheese', 90],
    ['Pepperoni', 60],
    ['Barbecued Chicken', 60],
    ['‘Nduja Salami', 60],
    ['Red Onions', 45],
    ['Peperoncini verdi', 45],
    ['Pesto Sauce', 35],
    ['Garlic', 4],
    ['Arugula', 4],
  ])('%s, on a middle one: %d g', (ingredient, grams) => {
    expect(gramsOf(ingredient, 'M')).toBe(grams);
  });

  test('more on each larger size, for every ingredient of the bundled pizzas', () => {
    const { items } = readItems(readFileSync(bundled.items), 'items.csv');
    for (const ingredient of new Set([...items.values()].flatMap(({ ingredients }) => ingredients))) {
      const grams = SIZES.map((size) => gramsOf(ingredient, size));
      expect(grams).toEqual([...new Set(grams)].toSorted((one, other) => one - other));
      expect(grams.every(Number.isInteger)).toBe(true);
    }
  });

  test('as on a middle one, for a size that no pizza has', () => {
    expect(gramsOf('Pepperoni', 'Grande')).toBe(gramsOf('Pepperoni', 'M'));
  });
});
