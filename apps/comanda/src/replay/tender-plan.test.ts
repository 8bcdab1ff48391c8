import { describe, expect, test } from 'vitest';
import { dice } from './derived-id.js';
import { CUSTOMERS, type TenderPlan, tenderPlan, tendersFor } from './tender-plan.js';

const plans = Array.from({ length: 20_000 }, (_, order) => tenderPlan(dice(`order ${order}`)));
const percent = (of: (plan: (typeof plans)[number]) => boolean) =>
  Math.round((plans.filter(of).length * 100) / plans.length);

test('an order is paid the same way on every run', () => {
  expect(plans.slice(0, 100)).toEqual(plans.slice(0, 100).map((_, order) => tenderPlan(dice(`order ${order}`))));
});

test('half is paid by card, four in ten in cash, one in ten with both', () => {
  expect([0, 1, 2].map((halves) => percent(({ cashHalves }) => cashHalves === halves))).toEqual([50, 10, 40]);
});

test('tips are on cards only, of ten to twenty percent', () => {
  const tips = new Set(plans.map(({ tipPercent }) => tipPercent));
  expect([...tips].toSorted((one, other) => one - other)).toEqual([0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(plans.some(({ cashHalves, tipPercent }) => cashHalves === 2 && tipPercent > 0)).toBe(false);
  expect(percent(({ tipPercent }) => tipPercent > 0)).toBe(24);
});

test('one in a hundred gives everything back, one in a hundred half', () => {
  expect(percent(({ refundHalves }) => refundHalves === 2)).toBe(1);
  expect(percent(({ refundHalves }) => refundHalves === 1)).toBe(1);
});

test('a quarter of the orders are those of known guests, and every one of these comes', () => {
  expect(percent(({ customer }) => customer !== null)).toBe(25);
  const guests = new Set(plans.map(({ customer }) => customer).filter((customer) => customer !== null));
  expect([...guests].every((guest) => guest >= 0 && guest < CUSTOMERS)).toBe(true);
  expect(guests.size).toBe(CUSTOMERS);
});

describe('what is tendered', () => {
  const paying = (cashHalves: TenderPlan['cashHalves'], tipPercent = 0): TenderPlan => ({
    cashHalves,
    tipPercent,
    refundHalves: 0,
    customer: null,
  });
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  const coinsOf = (step: number) => ({ step, mode: 'half-up' as const });

  test('by card is the bill, with a tip on it', () => {
    expect(tendersFor(paying(0, 15), usd(20_50), null)).toEqual([
      { method: 'card', source: 'tok_visa', tip: usd(3_07) },
    ]);
  });

  test('in cash is a note more than the bill, and never too little', () => {
    for (const [due, tendered] of [
      [1, 10_00],
      [9_90, 10_00],
      [9_91, 20_00],
      [20_50, 30_00],
    ] as const)
      expect(tendersFor(paying(2), usd(due), coinsOf(5))).toEqual([{ method: 'cash', tendered: usd(tendered) }]);
  });

  test('by both is half of it in cash, the odd cent on the card', () => {
    expect(tendersFor(paying(1, 10), usd(20_51), null)).toEqual([
      { method: 'cash', amount: usd(10_25) },
      { method: 'card', source: 'tok_visa', tip: usd(1_02) },
    ]);
  });

  test('is all on the card where half of the bill is less than the smallest coin', () => {
    expect(tendersFor(paying(1), usd(9), coinsOf(5)).map(({ method }) => method)).toEqual(['card']);
    expect(tendersFor(paying(1), usd(1), null).map(({ method }) => method)).toEqual(['card']);
    expect(tendersFor(paying(1), usd(10), coinsOf(5)).map(({ method }) => method)).toEqual(['cash', 'card']);
  });

  test('in cash is so many of the smallest coin where coins are large', () => {
    const [cash] = tendersFor(paying(2), usd(12_345), coinsOf(2_500));
    expect(cash).toEqual({ method: 'cash', tendered: usd(12_500) });
  });
});
