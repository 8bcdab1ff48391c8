import { expect, test } from 'vitest';
import { Dice } from './dice.js';

const rolls = (dice: Dice): number[] => Array.from({ length: 50 }, () => dice.between(1, 6));

test('the same seed rolls the same, another seed something else', () => {
  expect(rolls(new Dice(7))).toEqual(rolls(new Dice(7)));
  expect(rolls(new Dice(7))).not.toEqual(rolls(new Dice(8)));
});

test('every side of a die comes up, and no other', () => {
  expect(new Set(rolls(new Dice(7)))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
});

test('what is forked does not depend on how often the first was rolled', () => {
  const dice = new Dice(7);
  const before = rolls(dice.fork('payments'));
  rolls(dice);
  expect(rolls(dice.fork('payments'))).toEqual(before);
  expect(rolls(dice.fork('orders'))).not.toEqual(before);
});
