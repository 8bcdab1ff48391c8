import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoundingMode } from './rounding.js';
import { ROUNDING_MODES, roundRatio, roundToStep, scale, share } from './rounding.js';

describe('the four roundings', () => {
  // The value is in tenths: 25 is 2.5.
  test.each([
    { tenths: 25, 'half-up': 3, 'half-even': 2, up: 3, down: 2 },
    { tenths: 35, 'half-up': 4, 'half-even': 4, up: 4, down: 3 },
    { tenths: 5, 'half-up': 1, 'half-even': 0, up: 1, down: 0 },
    { tenths: 24, 'half-up': 2, 'half-even': 2, up: 3, down: 2 },
    { tenths: 26, 'half-up': 3, 'half-even': 3, up: 3, down: 2 },
    { tenths: 30, 'half-up': 3, 'half-even': 3, up: 3, down: 3 },
    { tenths: -25, 'half-up': -3, 'half-even': -2, up: -3, down: -2 },
    { tenths: -35, 'half-up': -4, 'half-even': -4, up: -4, down: -3 },
    { tenths: -24, 'half-up': -2, 'half-even': -2, up: -3, down: -2 },
    { tenths: -4, 'half-up': 0, 'half-even': 0, up: -1, down: 0 },
  ])('$tenths tenths', ({ tenths, ...expected }) => {
    for (const mode of ROUNDING_MODES) {
      expect(roundRatio(BigInt(tenths), 10n, mode), mode).toBe(BigInt(expected[mode]));
      expect(scale(tenths, 1, 10, mode), mode).toBe(expected[mode]);
    }
  });

  test('a ratio over nothing is refused', () => {
    expect(() => roundRatio(1n, 0n, 'half-up')).toThrow(RangeError);
    expect(() => scale(1, 1, 0, 'half-up')).toThrow(RangeError);
    expect(() => scale(1, 1, 1, 'half-up', 0)).toThrow(RangeError);
  });

  test('fractions of a cent do not slip in as arguments', () => {
    expect(() => scale(0.5, 2, 1, 'half-up')).toThrow(RangeError);
    expect(() => scale(2, 0.5, 1, 'half-up')).toThrow(RangeError);
    expect(() => scale(1, 1, 0.5, 'half-up', 2)).toThrow(RangeError);
    expect(() => scale(1n, 0.5, 1n, 'half-up')).toThrow(RangeError);
  });

  test('a result past the safe integers is refused', () => {
    expect(() => scale(Number.MAX_SAFE_INTEGER, 2, 1, 'half-up')).toThrow(RangeError);
    expect(scale(Number.MAX_SAFE_INTEGER, 3, 3, 'half-up')).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('rates are parts per million', () => {
  test.each<[number, number, RoundingMode, number]>([
    [10_00, 88_750, 'half-up', 89], //    10.00 at 8.875 % is 0.8875
    [10_00, 88_750, 'down', 88],
    [30, 50_000, 'half-up', 2], //         0.30 at 5 % is 0.015, an exact tie
    [30, 50_000, 'half-even', 2],
    [50, 50_000, 'half-up', 3], //         0.50 at 5 % is 0.025, an exact tie
    [50, 50_000, 'half-even', 2],
    [50, 50_000, 'up', 3],
    [50, 50_000, 'down', 2],
    [-50, 50_000, 'half-up', -3], //       and its refund
    [12_34, 1_000_000, 'half-up', 12_34],
    [12_34, 0, 'up', 0],
  ])('the share of %i at %i ppm, %s, is %i', (amount, ppm, mode, expected) => {
    expect(share(amount, ppm, mode)).toBe(expected);
  });
});

describe('rounding to a step', () => {
  test.each<[number, number, RoundingMode, number]>([
    [15_72, 5, 'half-up', 15_70],
    [15_73, 5, 'half-up', 15_75],
    [15_71, 5, 'up', 15_75],
    [15_74, 5, 'down', 15_70],
    [150, 100, 'half-even', 200],
    [250, 100, 'half-even', 200],
    [-15_72, 5, 'half-up', -15_70],
    [-2, 5, 'half-up', 0],
  ])('%i in steps of %i, %s, is %i', (amount, step, mode, expected) => {
    expect(roundToStep(amount, step, mode)).toBe(expected);
  });
});

test('the fast way with numbers and the slow way with BigInt agree, near and far beyond the safe integers', () => {
  const whole = fc.oneof(fc.integer({ min: -100_000, max: 100_000 }), fc.maxSafeInteger());
  const above = fc.oneof(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 1, max: 2 ** 40 }));
  fc.assert(
    fc.property(
      whole,
      fc.nat(3_000_000),
      above,
      fc.constantFrom(1, 5, 100),
      fc.constantFrom(...ROUNDING_MODES),
      (amount, numerator, denominator, step, mode) => {
        const exact =
          roundRatio(BigInt(amount) * BigInt(numerator), BigInt(denominator) * BigInt(step), mode) * BigInt(step);
        fc.pre(Number.isSafeInteger(Number(exact)));
        const rounded = scale(amount, numerator, denominator, mode, step);
        expect(rounded).toBe(Number(exact));
        expect(scale(BigInt(amount), BigInt(numerator), BigInt(denominator), mode, step)).toBe(rounded);
        expect(scale(0 - amount, numerator, denominator, mode, step)).toBe(0 - rounded);
      },
    ),
    { seed: 1, numRuns: 20_000 },
  );
});
