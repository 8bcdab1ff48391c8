import { expect, test } from 'vitest';
import { dice } from './derived-id.js';
import { CUSTOMERS, tenderPlan } from './tender-plan.js';

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
