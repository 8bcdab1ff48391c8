import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlainChoice, priceChoices, type SizedPrice } from './choices.js';

const [NO, HALF, PLAIN, EXTRA] = [0, 500_000, 1_000_000, 2_000_000];

const cheese: SizedPrice = { price: 1_25, sizePrices: [{ size: 'large', price: 2_00 }] };
const onions: SizedPrice = { price: -25 };
const asked = (from: SizedPrice, rate = PLAIN, quantity = 1): PlainChoice => ({
  ...from,
  groupId: 'toppings',
  quantity,
  rate,
  counts: rate !== NO,
});
/** Two toppings are free, the third is 1.50 (large 2.00), every further one 1.75. */
const byPosition = new Map<string, readonly SizedPrice[]>([
  [
    'toppings',
    [{ price: 0 }, { price: 0 }, { price: 1_50, sizePrices: [{ size: 'large', price: 2_00 }] }, { price: 1_75 }],
  ],
]);
const none = new Map<string, readonly SizedPrice[]>();
const total = (runs: readonly { quantity: number; unitPrice: number }[][]): number =>
  runs.flat().reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

describe('the golden price table: pre-modifiers, sizes and positions', () => {
  test.each<[string, readonly PlainChoice[], ReadonlyMap<string, readonly SizedPrice[]>, string | undefined, number]>([
    ['cheese', [asked(cheese)], none, undefined, 1_25],
    ['no cheese', [asked(cheese, NO)], none, undefined, 0],
    ['half cheese', [asked(cheese, HALF)], none, undefined, 63],
    ['extra cheese', [asked(cheese, EXTRA)], none, undefined, 2_50],
    ['cheese on a large one', [asked(cheese)], none, 'large', 2_00],
    ['cheese on a size without a price of its own', [asked(cheese)], none, 'small', 1_25],
    ['half cheese on a large one', [asked(cheese, HALF)], none, 'large', 1_00],
    ['extra cheese on a large one, twice', [asked(cheese, EXTRA, 2)], none, 'large', 8_00],
    ['onions, which make it cheaper', [asked(onions)], none, undefined, -25],
    ['half of what makes it cheaper', [asked(onions, HALF)], none, undefined, -13],
    ['the first topping', [asked(cheese)], byPosition, undefined, 0],
    ['two toppings', [asked(cheese), asked(onions)], byPosition, undefined, 0],
    ['three toppings', [asked(cheese), asked(onions), asked(cheese)], byPosition, undefined, 1_50],
    ['three toppings on a large one', [asked(cheese), asked(onions), asked(cheese)], byPosition, 'large', 2_00],
    ['three of one topping', [asked(cheese, PLAIN, 3)], byPosition, undefined, 1_50],
    ['six of one topping', [asked(cheese, PLAIN, 6)], byPosition, undefined, 6_75],
    ['the third as an extra', [asked(cheese, PLAIN, 2), asked(cheese, EXTRA)], byPosition, undefined, 3_00],
    ['the third as a half', [asked(cheese, PLAIN, 2), asked(cheese, HALF)], byPosition, undefined, 75],
    ['two and one left out', [asked(cheese, NO), asked(cheese, PLAIN, 2)], byPosition, undefined, 0],
    ['a third, after one was left out', [asked(onions, NO), asked(cheese, PLAIN, 3)], byPosition, undefined, 1_50],
  ])('%s', (_, choices, sequences, size, amount) => {
    expect(total(priceChoices(choices, sequences, size))).toBe(amount);
  });

  test('several of one choice come to one run for each price', () => {
    expect(priceChoices([asked(cheese, PLAIN, 5)], byPosition, undefined)).toEqual([
      [
        { quantity: 1, unitPrice: 0 },
        { quantity: 1, unitPrice: 0 },
        { quantity: 1, unitPrice: 1_50 },
        { quantity: 2, unitPrice: 1_75 },
      ],
    ]);
  });
});

test('every group counts its own positions, and choices come to as many as were asked for', () => {
  const choices = fc.array(
    fc.record({
      groupId: fc.constantFrom('toppings', 'sauces'),
      price: fc.integer({ min: -500, max: 500 }),
      quantity: fc.integer({ min: 1, max: 6 }),
      rate: fc.constantFrom(NO, HALF, PLAIN, EXTRA),
      counts: fc.boolean(),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(choices, (all) => {
      const priced = priceChoices(all, byPosition, undefined);
      expect(priced.map((runs) => runs.reduce((sum, { quantity }) => sum + quantity, 0))).toEqual(
        all.map(({ quantity }) => quantity),
      );
      const alone = (groupId: string) =>
        total(
          priceChoices(
            all.filter((each) => each.groupId === groupId),
            byPosition,
            undefined,
          ),
        );
      expect(total(priced)).toBe(alone('toppings') + alone('sauces'));
    }),
  );
});
