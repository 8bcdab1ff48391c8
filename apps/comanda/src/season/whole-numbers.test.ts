import { expect, test } from 'vitest';
import { handOut, inCoins } from './whole-numbers.js';

test.each([
  [100_00, [1, 1, 1], [33_34, 33_33, 33_33]],
  [10, [0, 3, 1], [0, 8, 2]],
  [0, [0, 0], [0, 0]],
])('%d is handed out in full: by %j', (amount, weights, shares) => {
  expect(handOut(amount, weights)).toEqual(shares);
});

test.each([
  [15_72, 15_70],
  [15_73, 15_75],
])('%d in nickels is %d', (amount, coins) => {
  expect(inCoins(amount, 5)).toBe(coins);
});
