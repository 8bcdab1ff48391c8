import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deserved, earnedBy, type OrderPoints, outstanding } from './order-points.js';

const order = (known: Partial<OrderPoints> = {}): OrderPoints => ({
  customerId: 'ada',
  earned: 32,
  total: 32_50,
  refunds: {},
  booked: 0,
  ...known,
});

describe('what an order earns', () => {
  test.each([
    ['32.50 USD', 32_50, 2, 1, 32],
    ['0.99 USD', 99, 2, 1, 0],
    ['3200 JPY', 3200, 0, 1, 3200],
    ['3.250 KWD', 3_250, 3, 1, 3],
    ['32.50 USD at ten a dollar', 32_50, 2, 10, 320],
    ['nothing, where the program gives nothing', 32_50, 2, 0, 0],
  ])('%s', (_, total, digits, perUnit, points) => {
    expect(earnedBy(total, digits, perUnit)).toBe(points);
  });
});

describe('what it deserves', () => {
  test.each([
    ['all of it, when it is paid', order(), 32],
    ['nothing, before it is paid', order({ earned: null, total: null }), 0],
    ['nothing, when nobody knows who it was', order({ customerId: null }), 0],
    ['half of it, when half went back', order({ refunds: { a: 16_25 } }), 16],
    ['nothing, when all went back', order({ refunds: { a: 30_00, b: 2_50 } }), 0],
    ['nothing, when more went back than it came to', order({ refunds: { a: 40_00 } }), 0],
  ])('%s', (_, known, points) => {
    expect(deserved(known)).toBe(points);
  });
});

test('refunds in any parts and any order come to the same points, and never below zero', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 10_000 }), (amounts, rest) => {
      const total = amounts.reduce((sum, amount) => sum + amount, 0) + rest;
      const earned = earnedBy(total, 2, 7);
      let booked = 0;
      const refunds: Record<string, number> = {};
      for (const [i, amount] of [...amounts].reverse().entries()) {
        refunds[i] = amount;
        booked += outstanding(order({ earned, total, refunds, booked }));
        expect(booked).toBeGreaterThanOrEqual(0);
      }
      expect(booked).toBe(deserved(order({ earned, total, refunds: { all: total - rest } })));
      if (rest === 0) expect(booked).toBe(0);
    }),
  );
});
