import { describe, expect, test } from 'vitest';
import { countedOf, periodStart, tierOf } from './tiers.js';

const level = (code: string, threshold: number) => ({ code, name: code, threshold, multiplier: 1_000_000 });
const levels = [level('gold', 1_000), level('silver', 500), level('black', 5_000)];

describe('a tier', () => {
  test.each([
    [-20, null],
    [0, null],
    [499, null],
    [500, 'silver'],
    [999, 'silver'],
    [1_000, 'gold'],
    [4_999, 'gold'],
    [5_000, 'black'],
    [1_000_000, 'black'],
  ])('of %i that count is %s', (counted, tier) => {
    expect(tierOf({ levels }, counted)).toBe(tier);
  });

  test.each([
    ['a calendar year', { kind: 'calendar_year' } as const, '2026-01-01T00:00:00.000Z'],
    ['a rolling year', { kind: 'rolling', days: 365 } as const, '2025-03-06T20:10:00.000Z'],
    ['a rolling month', { kind: 'rolling', days: 30 } as const, '2026-02-04T20:10:00.000Z'],
  ])('goes by %s', (_, period, start) => {
    expect(periodStart({ period }, new Date('2026-03-06T20:10:00.000Z')).toISOString()).toBe(start);
  });

  test.each([
    ['earn', 32, 32],
    ['reverse', -16, -16],
    ['reverse', 100, 0],
    ['redeem', -100, 0],
    ['adjust', 50, 0],
  ] as const)('counts of %s %i: %i', (kind, points, counted) => {
    expect(countedOf({ kind, points })).toBe(counted);
  });
});
