import { expect, test } from 'vitest';
import { poisson } from './arrivals.js';

/** Numbers that repeat: a run of the test is like any other. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

const arrivals = [...poisson(200, 50, dice(7))];

test('as many come as were announced, give or take what chance gives', () => {
  expect(arrivals.length).toBeGreaterThan(9_700);
  expect(arrivals.length).toBeLessThan(10_300);
});

test('one after the other, from the beginning to the end', () => {
  expect(arrivals).toEqual(arrivals.toSorted((one, other) => one - other));
  expect(arrivals.at(-1)).toBeLessThan(50_000);
});

test('they come as guests do, often two at once, and at times nobody for a while', () => {
  const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));
  const shorter = gaps.filter((gap) => gap < 5).length / gaps.length;
  expect(shorter).toBeGreaterThan(0.61);
  expect(shorter).toBeLessThan(0.66); // 1 - 1/e of the gaps are shorter than the mean
});
