import type { RoundingMode } from '@comanda/money';
import { describe, expect, test } from 'vitest';
import { cashRounding, collectionOf } from './index.js';

describe('cash', () => {
  test.each<[number, number, RoundingMode, number]>([
    [15_72, 5, 'half-up', -2],
    [15_73, 5, 'half-up', 2],
    [15_70, 5, 'half-up', 0],
    [15_79, 10, 'down', -9],
    [15_71, 10, 'up', 9],
    [250, 100, 'half-even', -50],
    [-15_72, 5, 'half-up', 2],
    [2, 5, 'half-up', -2],
  ])('%i in steps of %i, %s, is rounded by %i', (due, step, mode, rounding) => {
    expect(cashRounding(due, step, mode)).toBe(rounding);
  });

  test('15.72 with a tip of 2.01 collects 17.71 in cash and 17.73 by card: the tip is not rounded', () => {
    expect(collectionOf(15_72, 2_01, { step: 5, mode: 'half-up' })).toEqual({
      due: 15_72,
      cashRounding: -2,
      tip: 2_01,
      collect: 17_71,
    });
    expect(collectionOf(15_72, 2_01, null)).toEqual({ due: 15_72, cashRounding: 0, tip: 2_01, collect: 17_73 });
  });

  test('10.00 by card, the rest of 15.72 in cash: only the cash is rounded', () => {
    const card = collectionOf(10_00, 0, null);
    const cash = collectionOf(15_72 - card.due, 0, { step: 5, mode: 'half-up' });
    expect([card.collect, cash.collect]).toEqual([10_00, 5_70]);
  });
});
