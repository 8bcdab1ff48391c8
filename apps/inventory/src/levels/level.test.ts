import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossings, levelOf } from './level.js';
import { history, type Movement } from './testing/history.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 2, 6, hour));
const moved = (kind: Movement['kind'], quantity: number, hour: number, causeId = 'a'): Movement => ({
  kind,
  quantity,
  occurredAt: at(hour),
  causeId,
});

describe('a level', () => {
  test('without any movement is nothing', () => {
    expect(levelOf([])).toBe(0);
  });

  test('without a count is all that ever moved', () => {
    expect(levelOf([moved('receipt', 5_000, 8), moved('sale', -180, 12), moved('waste', -20, 13)])).toBe(4_800);
  });

  test('is the last count and what moved after it', () => {
    expect(levelOf([moved('receipt', 5_000, 8), moved('count', 3_000, 10), moved('sale', -180, 12)])).toBe(2_820);
  });

  test('does not change by a sale that comes to be known after the count and happened before it', () => {
    const counted = [moved('receipt', 5_000, 8), moved('count', 3_000, 10)];
    expect(levelOf([...counted, moved('sale', -180, 9)])).toBe(levelOf(counted));
  });

  test('holds what moved at the very moment of the count to be counted', () => {
    expect(levelOf([moved('count', 3_000, 10), moved('sale', -180, 10)])).toBe(3_000);
  });

  test('takes the count of the greater id when two are of one moment', () => {
    expect(levelOf([moved('count', 7, 10, 'b'), moved('count', 5, 10, 'a')])).toBe(7);
  });

  test('is the same in whatever order the movements came to be known', () => {
    const shuffled = history.chain((movements) =>
      fc.tuple(
        fc.constant(movements),
        fc.shuffledSubarray(movements, { minLength: movements.length, maxLength: movements.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([movements, permutation]) => {
        expect(levelOf(permutation)).toBe(levelOf(movements));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a threshold', () => {
  const watched = (quantity: number, was: { low?: boolean; depleted?: boolean } = {}) =>
    crossings({ quantity, lowAt: 500, recoveredAt: 1_000, low: false, depleted: false, ...was }).crossed;

  test.each([
    [501, {}, []],
    [500, {}, ['low']],
    [500, { low: true }, []],
    [1, { low: true }, []],
    [0, { low: true }, ['depleted']],
    [-180, { low: true, depleted: true }, []],
    [-180, {}, ['low', 'depleted']],
    [200, { low: true, depleted: true }, ['replenished']],
    [5_000, { low: true, depleted: true }, ['replenished']],
  ])('at %i, after %o, tells %o', (quantity, was, crossed) => {
    expect(watched(quantity, was)).toEqual(crossed);
  });

  test('is told once, however often the level falls and rises between low and recovered', () => {
    const told = [600, 480, 700, 450, 999, 500].reduce<{ low: boolean; times: number }>(
      ({ low, times }, quantity) => {
        const next = crossings({ quantity, lowAt: 500, recoveredAt: 1_000, low, depleted: false });
        return { low: next.low, times: times + next.crossed.length };
      },
      { low: false, times: 0 },
    );
    expect(told).toEqual({ low: true, times: 1 });
  });

  test('is told again once the level had recovered', () => {
    const recovered = crossings({ quantity: 1_000, lowAt: 500, recoveredAt: 1_000, low: true, depleted: false });
    expect(recovered).toEqual({ low: false, depleted: false, crossed: [] });
    expect(watched(500, recovered)).toEqual(['low']);
  });

  test('without a level of recovery is recovered just above it', () => {
    const level = { lowAt: 500, recoveredAt: null, low: true, depleted: false };
    expect(crossings({ ...level, quantity: 501 }).low).toBe(false);
    expect(crossings({ ...level, quantity: 500 }).low).toBe(true);
  });

  test('that is not set is never crossed', () => {
    expect(crossings({ quantity: 0, lowAt: null, recoveredAt: null, low: false, depleted: false }).crossed).toEqual([
      'depleted',
    ]);
  });
});
