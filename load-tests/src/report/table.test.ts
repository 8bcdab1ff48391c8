import { expect, test } from 'vitest';
import { ratio, rounded, tableText } from './table.js';

test.each([
  [2_346.4, 2_346],
  [216.44, 216],
  [0.111_49, 0.111],
  [3, 3],
  [0, 0],
])('%d is told as %d', (value, told) => expect(rounded(value)).toBe(told));

test.each([
  [2_000, 1_000, 2],
  [1_000, 3_000, 0.333],
  [null, 1_000, null],
  [1_000, null, null],
  [1_000, 0, null],
])('%j to %j is %j', (ours, theirs, expected) => expect(ratio(ours, theirs)).toBe(expected));

test('numbers stand below each other, and what is missing is a dash', () => {
  const text = tableText({
    title: 'Orders',
    columns: ['side', 'a second'],
    rows: [
      ['ours', 2_500],
      ['theirs', null],
    ],
    notes: ['Both on one machine.'],
  });
  expect(text).toBe('Orders\n  side    a second\n  ours       2,500\n  theirs         –\n  Both on one machine.');
});
