import { describe, expect, test } from 'vitest';
import { type Asked, billOf, type Reduction, type Table, unitsBack } from './bill.js';

const NOON = { weekday: 2, minute: 12 * 60 };
const FIVE = { weekday: 2, minute: 17 * 60 };
const ask = (variation: string, more: Partial<Asked> = {}): Asked => ({
  variation,
  quantity: 1,
  choices: [],
  components: [],
  reductions: [],
  at: NOON,
  ...more,
});
const bill = (asked: readonly Asked[], more: Partial<Table> = {}) =>
  billOf({ asked, served: 'dine_in', covers: 2, reductions: [], gift: null, ...more });
const burger = ask('burger', { choices: [{ modifier: 'rare' }, { modifier: 'cheese', asked: 'extra' }] });
const lunch = ask('lunch', {
  components: ['soup', 'burger', 'coffee'].map((variation, at) => ({
    slot: ['starter', 'main', 'drink'][at] ?? '',
    variation,
    choices: [],
  })),
});

describe('what a guest has to pay', () => {
  test.each([
    ['eaten in, one tax upon the other', [burger], {}, { gross: 19_99, tax: 1_00 + 2_09, total: 23_08 }],
    ['taken away', [burger], { served: 'take_away' }, { gross: 19_99, tax: 1_00, total: 20_99 }],
    ['brought, with the charge on all of it', [burger], { served: 'delivery' }, { serviceCharge: 84, total: 21_83 }],
    ['a beer with its duty in the price', [ask('beer')], {}, { net: 8_25, tax: 25 + 41 + 86, total: 9_77 }],
    ['in the happy hour', [ask('beer', { at: FIVE })], {}, { gross: 6_00, net: 5_83, total: 6_90 }],
    ['not on a Saturday', [ask('beer', { at: { ...FIVE, weekday: 6 } })], {}, { gross: 8_50 }],
    [
      'the first extra free, the next at the price of its size',
      [ask('poutine_large', { choices: ['mushrooms', 'peppers', 'smoked_meat'].map((modifier) => ({ modifier })) })],
      {},
      { gross: 13_95 + 2 * 1_75 },
    ],
    [
      'a choice that has taxes of its own',
      [ask('steak', { choices: [{ modifier: 'rare' }, { modifier: 'pairing' }] })],
      { served: 'take_away' },
      { gross: 39_40, net: 29_90 + 9_22, tax: 1_50 + 28 + 46 },
    ],
    ['a combo', [lunch], {}, { gross: 24_00 }],
    [
      'a party of eight, its charge taxed like food',
      [ask('soup', { quantity: 8 })],
      { covers: 8 },
      { gross: 60_00, serviceCharge: 9_00, tax: 3_00 + 6_28 + 45 + 94, total: 79_67 },
    ],
    ['nothing, where nothing is ordered', [], { covers: 8 }, { gross: 0, serviceCharge: 0, total: 0 }],
  ] as const)('%s', (_what, asked, more, expected) => {
    expect(bill(asked, more)).toMatchObject(expected);
  });

  const tenth: Reduction = { kind: 'percent', name: 'Tenth', reason: 'Regular', rate: 100_000 };
  const lots: Reduction = { kind: 'fixed', name: 'Lots', reason: 'Sorry', amount: 100_00 };
  const comp: Reduction = { kind: 'comp', name: 'Comp', reason: 'Burnt' };

  test.each([
    ['a tenth of everything', [burger, lunch], { reductions: [tenth] }, { Tenth: 4_40 }],
    ['never more than there is', [burger], { reductions: [lots] }, { Lots: 19_99 }],
    ['a thing on the house', [{ ...burger, reductions: [comp] }, ask('soup')], {}, { Comp: 19_99 }],
    [
      'of two sweets the cheaper',
      [ask('brulee'), ask('tart', { quantity: 2 })],
      { gift: { kind: 'pairs', category: 'desserts' } },
      { gift: 7_45 },
    ],
    [
      'a coffee, and not the milk in it',
      [ask('coffee', { quantity: 2, choices: [{ modifier: 'oat' }] })],
      { gift: { kind: 'free', quantity: 1, item: 'coffee' } },
      { gift: 3_25 },
    ],
  ] as const)('less what is taken off: %s', (_what, asked, more, discounts) => {
    const { gross, total, discounts: taken } = bill(asked, more);
    expect(taken).toEqual(discounts);
    expect(total).toBeGreaterThanOrEqual(0);
    expect(total === 0).toBe(Object.values(discounts).reduce((sum, each) => sum + each, 0) === gross);
  });
});

test('a combo’s price is shared out by what its parts cost alone, the spare cents to those that are owed most', () => {
  expect(bill([lunch]).lines.map(({ gross }) => gross)).toEqual([6_61, 14_53, 2_86]);
});

test('of cents that do not divide the first that go back have one more', () => {
  const line = { of: 0, quantity: 3, gross: 10_00, discount: 0, net: 10_00, tax: 0 };
  expect([1, 2, 3].map((units) => unitsBack(line, units))).toEqual([3_34, 6_67, 10_00]);
});
