import type { Menu, ModifierChoice } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { quote } from '../orders/place-order.js';
import { line, menu, ON_THE_MENU as on, seal } from '../testing/menu.js';

/**
 * A pizza at 10.00, or 14.00 when it is large. Olives are 1.50, large 2.00. With `byPosition` two toppings are free and
 * every further one is 1.75. Toppings may be left out, halved or doubled.
 */
function sale({ byPosition = false } = {}) {
  const { hash: _, ...usual } = menu();
  const content: Omit<Menu, 'hash'> = {
    ...usual,
    items: usual.items.map((item) =>
      item.id === on.ownPizza
        ? {
            ...item,
            modifierGroupIds: [on.toppings],
            variations: item.variations.flatMap((pizza) => [
              pizza,
              { ...pizza, id: on.margheritaLarge, price: 14_00, size: 'large' },
            ]),
          }
        : { ...item, variations: item.variations.filter(({ id }) => id !== on.margheritaLarge) },
    ),
    modifierGroups: usual.modifierGroups.map((group) =>
      group.id === on.toppings
        ? {
            ...group,
            preModifiers: [
              { code: 'no', name: { en: 'No' }, rate: 0, counts: false },
              { code: 'half', name: { en: 'Half' }, rate: 500_000, counts: true },
              { code: 'extra', name: { en: 'Extra' }, rate: 2_000_000, counts: true },
            ],
            ...(byPosition && { sequencePrices: [{ price: 0 }, { price: 0 }, { price: 1_75 }] }),
            modifiers: group.modifiers.map((modifier) =>
              modifier.id === on.olives ? { ...modifier, sizePrices: [{ size: 'large', price: 2_00 }] } : modifier,
            ),
          }
        : group,
    ),
  };
  return { menu: indexMenu(seal(content)), unavailable: new Map<string, number>() };
}

const olives = (preModifier?: string, quantity = 1): ModifierChoice => ({
  modifierId: on.olives,
  quantity,
  preModifier,
  modifiers: [],
});
const quoted = (variationId: string, modifiers: ModifierChoice[], options = {}) => {
  const cart = {
    serviceType: 'dine_in' as const,
    covers: null,
    discounts: [],
    lines: [line(variationId, { modifiers })],
  };
  return quote(cart, sale(options)).lines[0];
};
const refusal = (modifiers: ModifierChoice[]): string => {
  try {
    quoted(on.ownPizzaRegular, modifiers);
    return 'taken';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

describe('the golden price table of a pizza with choices', () => {
  test.each<[string, string, ModifierChoice[], object, number]>([
    ['plain', on.ownPizzaRegular, [], {}, 10_00],
    ['with olives', on.ownPizzaRegular, [olives()], {}, 11_50],
    ['with no olives', on.ownPizzaRegular, [olives('no')], {}, 10_00],
    ['with half the olives', on.ownPizzaRegular, [olives('half')], {}, 10_75],
    ['with extra olives', on.ownPizzaRegular, [olives('extra')], {}, 13_00],
    ['large with olives', on.margheritaLarge, [olives()], {}, 16_00],
    ['large with extra olives', on.margheritaLarge, [olives('extra')], {}, 18_00],
    ['with two free toppings', on.ownPizzaRegular, [olives(), olives()], { byPosition: true }, 10_00],
    ['with a third topping', on.ownPizzaRegular, [olives(), olives(), olives()], { byPosition: true }, 11_75],
    ['with three at once', on.ownPizzaRegular, [olives(undefined, 3)], { byPosition: true }, 11_75],
    [
      'with a third as an extra',
      on.ownPizzaRegular,
      [olives(undefined, 2), olives('extra')],
      { byPosition: true },
      13_50,
    ],
  ])('%s', (_, variationId, modifiers, options, gross) => {
    expect(quoted(variationId, modifiers, options)?.gross.amount).toBe(gross);
  });
});

test('the kitchen reads how it was asked for', () => {
  expect(quoted(on.ownPizzaRegular, [olives('no'), olives('extra')])?.modifiers).toMatchObject([
    {
      name: { en: 'Olives' },
      preModifier: { code: 'no', name: { en: 'No' }, counts: false },
      unitPrice: { amount: 0 },
    },
    { name: { en: 'Olives' }, preModifier: { code: 'extra', name: { en: 'Extra' }, counts: true } },
  ]);
});

test('what is left out is none of the choices: three toppings are the most, and any number of them may be left out', () => {
  expect(refusal([olives(undefined, 3), olives('no', 4)])).toBe('taken');
  expect(refusal([olives(undefined, 3), olives('half')])).toBe('modifier_max');
});

test('a way of asking that the group does not know is refused', () => {
  expect(refusal([olives('double')])).toBe('modifier_unknown');
});
