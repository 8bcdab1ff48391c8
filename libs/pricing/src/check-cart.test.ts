import { describe, expect, test } from 'vitest';
import { price, PricingError } from './index.js';
import type { Cart, PricingErrorCode } from './index.js';
import {
  added,
  cartOf,
  fixedCharge,
  lineOf,
  modifierOf,
  moneyOff,
  percentOff,
  usualPolicy,
} from './testing/builders.js';

describe('a cart without a price is refused with a code and a sentence', () => {
  const line = lineOf('a', 1_00);
  const withPolicy = (policy: object): Cart => ({ ...cartOf([line]), policy: { ...usualPolicy, ...policy } });

  const refused: [PricingErrorCode, string, Cart][] = [
    ['currency_missing', 'no currency', cartOf([line], { currency: '' })],
    ['policy_invalid', 'an unknown rounding', withPolicy({ roundingMode: 'sideways' })],
    ['policy_invalid', 'a step of nothing', withPolicy({ step: 0 })],
    [
      'policy_invalid',
      'an unknown rounding of a tax',
      cartOf([lineOf('a', 1, { taxes: [{ ...added('t', 1), ...JSON.parse('{"roundingMode":"sideways"}') }] })]),
    ],
    ['covers_invalid', 'a negative party', cartOf([line], { covers: -1 })],
    [
      'covers_invalid',
      'a fractional minimum of covers',
      cartOf([line], { serviceCharges: [fixedCharge('s', 1, { minimumCovers: 1.5 })] }),
    ],
    ['quantity_invalid', 'a quantity of zero', cartOf([lineOf('a', 1_00, { quantity: 0 })])],
    ['quantity_invalid', 'a negative quantity', cartOf([lineOf('a', 1_00, { quantity: -2 })])],
    ['quantity_invalid', 'half an item', cartOf([lineOf('a', 1_00, { quantity: 0.5 })])],
    ['quantity_invalid', 'a price for no units', cartOf([lineOf('a', 1_00, { per: 0 })])],
    [
      'quantity_invalid',
      'a modifier zero times',
      cartOf([lineOf('a', 1_00, { modifiers: [modifierOf('m', 1, { quantity: 0 })] })]),
    ],
    ['price_invalid', 'a negative price', cartOf([lineOf('a', -1)])],
    ['price_invalid', 'a fraction of a cent', cartOf([lineOf('a', 1.5)])],
    ['price_invalid', 'an unsafe price', cartOf([lineOf('a', 2 ** 53)])],
    [
      'price_invalid',
      'an unsafe modifier price',
      cartOf([lineOf('a', 1, { modifiers: [modifierOf('m', -(2 ** 53))] })]),
    ],
    [
      'price_invalid',
      'a modifier that makes its item cost less than nothing',
      cartOf([lineOf('a', 1_00, { modifiers: [modifierOf('m', -1_01)] })]),
    ],
    [
      'price_invalid',
      'a nested one',
      cartOf([lineOf('a', 1, { modifiers: [modifierOf('m', 1, { modifiers: [modifierOf('n', 0.1)] })] })]),
    ],
    ['rate_invalid', 'a negative tax', cartOf([lineOf('a', 1, { taxes: [added('t', -1)] })])],
    [
      'rate_invalid',
      'a negative tax of a modifier',
      cartOf([lineOf('a', 1, { modifiers: [modifierOf('m', 1, { taxes: [added('t', -1)] })] })]),
    ],
    [
      'rate_invalid',
      'a negative tax of a charge',
      cartOf([line], { serviceCharges: [fixedCharge('s', 1, { taxes: [added('t', -1)] })] }),
    ],
    ['rate_invalid', 'a negative percent off a line', cartOf([lineOf('a', 1, { discounts: [percentOff('d', -1)] })])],
    ['amount_invalid', 'a negative amount off the order', cartOf([line], { discounts: [moneyOff('d', -1)] })],
    ['amount_invalid', 'a negative charge', cartOf([line], { serviceCharges: [fixedCharge('s', -1)] })],
    ['duplicate_id', 'a line twice', cartOf([line, line])],
    ['duplicate_id', 'a discount twice', cartOf([line], { discounts: [moneyOff('d', 1), moneyOff('d', 2)] })],
    ['duplicate_id', 'a charge twice', cartOf([line], { serviceCharges: [fixedCharge('s', 1), fixedCharge('s', 1)] })],
    ['duplicate_id', 'a tax twice on one item', cartOf([lineOf('a', 1, { taxes: [added('t', 1), added('t', 1)] })])],
    [
      'tax_conflict',
      'one tax at two rates',
      cartOf([lineOf('a', 1, { taxes: [added('t', 1)] }), lineOf('b', 1, { taxes: [added('t', 2)] })]),
    ],
    ['amount_too_large', 'a line beyond the safe integers', cartOf([lineOf('a', 2 ** 52, { quantity: 2 })])],
    ['amount_too_large', 'an order beyond the safe integers', cartOf([lineOf('a', 2 ** 52), lineOf('b', 2 ** 52)])],
    [
      'amount_too_large',
      'an order beyond the safe integers that is then given away',
      cartOf(['a', 'b'].map((id) => lineOf(id, 2 ** 52, { discounts: [moneyOff('comp', 2 ** 52)] }))),
    ],
    [
      'amount_too_large',
      'a tax beyond the safe integers',
      cartOf([lineOf('a', 2 ** 52, { taxes: [added('t', 1_000_000)] })]),
    ],
  ];

  test.each(refused)('%s: %s', (code, _what, cart) => {
    const refusal = refusalOf(cart);
    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toMatch(/^[A-Z].*\.$/);
  });

  test('the sentence names what is wrong', () => {
    expect(() => price(cartOf([lineOf('soup', 4_00, { quantity: -2 })]))).toThrow(
      'The quantity of Line soup is a whole number of at least 1, not -2.',
    );
  });

  test.each(['rate', 'inclusive', 'compoundsOnPrevious', 'joinsBase', 'roundingMode'] as const)(
    'one tax stated with two values of %s is refused',
    (key) => {
      const other = {
        ...added('t', 1),
        ...JSON.parse(`{"${key}":${key === 'rate' ? 2 : key === 'roundingMode' ? '"up"' : true}}`),
      };
      expect(
        refusalOf(cartOf([lineOf('a', 1, { taxes: [added('t', 1)] }), lineOf('b', 1, { taxes: [other] })]))?.code,
      ).toBe('tax_conflict');
    },
  );

  test('the same tax read twice from JSON is one tax', () => {
    const lines = [
      lineOf('a', 1_00, { taxes: [added('t', 100_000)] }),
      lineOf('b', 1_00, { taxes: [added('t', 100_000)] }),
    ];
    expect(price(cartOf(lines)).taxes).toEqual([{ id: 't', base: 2_00, amount: 20 }]);
  });
});

function refusalOf(cart: Cart): PricingError | null {
  try {
    price(cart);
    return null;
  } catch (error) {
    if (error instanceof PricingError) return error;
    throw error;
  }
}
