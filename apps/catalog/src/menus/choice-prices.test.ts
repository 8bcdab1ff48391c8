import { describe, expect, test } from 'vitest';
import { chicago, choice, draftOf, group, item, rome, variation } from '../testing/drafts.js';
import { effectiveMenu } from './effective-menu.js';

const toppings = group('Toppin', {
  sequencePrices: [
    { prices: {}, sizePrices: [] },
    { prices: { USD: 1_50 }, sizePrices: [{ size: 'large', prices: { USD: 2_00 } }] },
  ],
  preModifiers: [{ code: 'extra', name: { en: 'Extra' }, rate: 2_000_000, counts: true }],
  modifiers: [
    choice('Olives', { prices: { USD: 1_00, EUR: 80 }, sizePrices: [{ size: 'large', prices: { USD: 1_25 } }] }),
  ],
});
const pizza = item('Pizza', {
  modifierGroupIds: [toppings.id],
  variations: [{ ...variation('L', { USD: 16_50, EUR: 14_00 }), size: 'large' }],
});
const draft = draftOf({ items: [pizza], modifierGroups: [toppings] });

describe('prices by size and position, and ways of asking', () => {
  test('are on the menu in the currency of the location', () => {
    const { menu, faults } = effectiveMenu(draft, [], chicago);
    expect(faults).toEqual([]);
    expect(menu.items[0]?.variations[0]?.size).toBe('large');
    expect(menu.modifierGroups).toMatchObject([
      {
        sequencePrices: [{ price: 0 }, { price: 1_50, sizePrices: [{ size: 'large', price: 2_00 }] }],
        preModifiers: toppings.preModifiers,
        modifiers: [{ price: 1_00, sizePrices: [{ size: 'large', price: 1_25 }] }],
      },
    ]);
  });

  test('a position without a price in the currency cannot be published, for it would move all after it', () => {
    expect(effectiveMenu(draft, [], rome).faults).toMatchObject([
      { detail: 'Rome: Toppin: choice 2 has no price in EUR.' },
    ]);
  });
});
