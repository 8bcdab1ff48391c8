import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costOf } from './average.js';

describe('what an amount costs at an average', () => {
  const salt = { value: 99_000_000, quantity: 1_000, currency: 'USD' };

  test('is its part of the value: 180 g of what costs 6.95 a kilogram is 1.251', () => {
    expect(costOf({ value: 695_000_000, quantity: 1_000, currency: 'USD' }, -180)).toEqual({
      micros: -125_100_000,
      currency: 'USD',
    });
  });

  test('is not lost where it is less than a cent: a pinch of salt costs something', () => {
    expect(costOf(salt, -2)).toEqual({ micros: -198_000, currency: 'USD' });
  });

  test('is not known where no price is, nor where it is beyond counting', () => {
    expect(costOf(undefined, -2)).toBeNull();
    expect(costOf({ value: 9_000_000_000_000_000, quantity: 1, currency: 'USD' }, 2)).toBeNull();
  });

  test('is never more than the stock is worth, however it is used up: what is left over stays in it', () => {
    const used = fc.record({
      value: fc.integer({ min: 0, max: 1_000_000_000 }),
      parts: fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 50 }),
    });
    fc.assert(
      fc.property(used, ({ value, parts }) => {
        const quantity = parts.reduce((sum, part) => sum + part, 0);
        const costs = parts.map((part) => costOf({ value, quantity, currency: 'USD' }, part)?.micros ?? 0);
        const left = value - costs.reduce((sum, cost) => sum + cost, 0);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThan(parts.length);
      }),
    );
  });
});
