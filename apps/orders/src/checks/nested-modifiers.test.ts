import type { Menu, ModifierChoice } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { quote } from '../orders/place-order.js';
import { line, menu, ON_THE_MENU as on, seal } from '../testing/menu.js';

const id = (n: number): string => `0199a1b2-7c3d-7e4f-8a5b-${n.toString(16).padStart(12, '0')}`;
const [MEAL, SIDES, DIPS, SPIRITS] = [id(0xa0), id(0xa1), id(0xa2), id(0xa3)];
const [FRIES, DIP, RUM] = [id(0xb1), id(0xb2), id(0xb3)];

/**
 * A pizza of 10.00, taxed at 10 %, with a side: fries of 3.00, taxed alike, with a dip of 0.75, taxed at 5 %, with a dash of
 * rum at 2.00, taxed at 20 %.
 */
function sale() {
  const { hash: _, ...usual } = menu();
  const group = (groupId: string, modifierId: string, price: number, taxIds: string[] | null, below: string[]) => ({
    id: groupId,
    name: { en: 'Choice' },
    min: 0,
    max: null,
    modifiers: [{ id: modifierId, name: { en: 'It' }, price, taxIds, modifierGroupIds: below }],
  });
  const content: Omit<Menu, 'hash'> = {
    ...usual,
    items: usual.items.map((item) => (item.id === on.ownPizza ? { ...item, modifierGroupIds: [SIDES] } : item)),
    modifierGroups: [
      group(SIDES, FRIES, 3_00, null, [DIPS]),
      group(DIPS, DIP, 75, [MEAL], [SPIRITS]),
      group(SPIRITS, RUM, 2_00, [on.alcoholTax], []),
    ],
    taxes: [
      ...usual.taxes,
      {
        id: MEAL,
        name: 'Condiments',
        rate: 50_000,
        inclusive: false,
        compounds: false,
        joinsBase: false,
        serviceTypes: null,
      },
    ],
  };
  return { menu: indexMenu(seal(content)), unavailable: new Map<string, number>() };
}

const chosen = (modifierId: string, modifiers: ModifierChoice[] = [], quantity = 1): ModifierChoice => ({
  modifierId,
  quantity,
  modifiers,
});

describe('an order three levels deep', () => {
  const quoted = quote(
    {
      serviceType: 'dine_in',
      covers: null,
      discounts: [],
      lines: [line(on.ownPizzaRegular, { quantity: 2, modifiers: [chosen(FRIES, [chosen(DIP, [chosen(RUM)], 2)])] })],
    },
    sale(),
  );
  const [ordered] = quoted.lines;

  test('costs the sum of its parts', () => {
    const parts = 2 * (10_00 + 3_00 + 2 * (75 + 2_00));
    expect(ordered?.gross.amount).toBe(parts);
    expect(quoted.totals.gross.amount).toBe(parts);
    expect(ordered?.modifiers[0]?.modifiers[0]).toMatchObject({
      quantity: 2,
      unitPrice: { amount: 75 },
      modifiers: [{ unitPrice: { amount: 2_00 } }],
    });
  });

  test('keeps the tax category of each component', () => {
    const taxes = ordered?.taxes.map(({ name, amount }) => [name, amount.amount]);
    // 10 % of 2 × 13.00; 5 % of 4 × 0.75; 20 % of 4 × 2.00.
    expect(taxes).toEqual([
      ['Sales tax', 2_60],
      ['Condiments', 15],
      ['Alcohol tax', 1_60],
    ]);
    expect(quoted.totals).toMatchObject({ tax: { amount: 4_35 }, total: { amount: 41_35 } });
  });
});
