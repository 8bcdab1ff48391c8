import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inUnit } from './units.js';

describe('an amount in another unit', () => {
  test.each([
    [{ amount: 2, unit: 'kg' }, 'g', 2_000],
    [{ amount: 2, unit: 'kg' }, 'mg', 2_000_000],
    [{ amount: 1_500, unit: 'g' }, 'g', 1_500],
    [{ amount: 3_000, unit: 'g' }, 'kg', 3],
    [{ amount: 3, unit: 'l' }, 'ml', 3_000],
    [{ amount: -5, unit: 'l' }, 'ml', -5_000],
    [{ amount: 12, unit: 'piece' }, 'piece', 12],
    [{ amount: 0, unit: 'g' }, 'kg', 0],
  ] as const)('%o is, in %s, %i', (given, unit, amount) => {
    expect(inUnit(given, unit)).toBe(amount);
  });

  test.each([
    ['grams that are no whole kilograms', { amount: 1_500, unit: 'g' }, 'kg'],
    ['millilitres that are no whole litres', { amount: 999, unit: 'ml' }, 'l'],
    ['a volume of what is weighed', { amount: 1, unit: 'l' }, 'kg'],
    ['a weight of what is counted', { amount: 1, unit: 'kg' }, 'piece'],
    ['pieces of what is poured', { amount: 1, unit: 'piece' }, 'ml'],
  ] as const)('is refused for %s', (_, given, unit) => {
    expect(inUnit(given, unit)).toBeUndefined();
  });

  test.each([
    ['3 eggs of 55 g', { amount: 3, unit: 'piece' }, 'g', 55_000, 165],
    ['165 g of eggs', { amount: 165, unit: 'g' }, 'piece', 55_000, 3],
    ['1 kg of rolls of 62.5 g', { amount: 1, unit: 'kg' }, 'piece', 62_500, 16],
    ['160 g of eggs, which is no whole number of them', { amount: 160, unit: 'g' }, 'piece', 55_000, undefined],
    ['a litre of eggs', { amount: 1, unit: 'l' }, 'piece', 55_000, undefined],
  ] as const)(
    'takes pieces for grams and grams for pieces where their weight is known: %s',
    (_, given, unit, weight, is) => {
      expect(inUnit(given, unit, weight)).toBe(is);
    },
  );

  test('goes there and back without losing anything', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (amount) => {
        const milligrams = inUnit({ amount, unit: 'kg' }, 'mg') ?? Number.NaN;
        expect(inUnit({ amount: milligrams, unit: 'mg' }, 'kg')).toBe(amount === 0 ? milligrams : amount);
      }),
    );
  });
});
