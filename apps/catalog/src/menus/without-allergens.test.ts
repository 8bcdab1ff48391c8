import { describe, expect, test } from 'vitest';
import { chicago, choice, draftOf, group, item } from '../testing/drafts.js';
import { effectiveMenu } from './effective-menu.js';
import { withoutAllergens } from './without-allergens.js';

const having = (...allergens: string[]) => ({ nutrition: { allergens, diets: [], calories: null } });
const glaze = group('Glaze', { min: 1, modifiers: [choice('Pesto', having('nuts')), choice('Honey')] });
const crust = group('Crust', {
  min: 1,
  modifiers: [
    choice('Wheat', having('gluten')),
    choice('Spelt', { ...having('gluten'), modifierGroupIds: [glaze.id] }),
  ],
});
const sauce = group('Sauce', { modifiers: [choice('Cream', having('milk')), choice('Tomato')] });
const items = [
  item('Pizza', { modifierGroupIds: [crust.id, sauce.id] }),
  item('Salad', { modifierGroupIds: [sauce.id, glaze.id] }),
  item('Cake', having('gluten', 'milk')),
  item('Water'),
];
const { menu } = effectiveMenu(draftOf({ items, modifierGroups: [crust, glaze, sauce] }), [], chicago);
const without = (...allergens: string[]) => {
  const left = withoutAllergens({ ...menu, hash: 'a'.repeat(64) }, new Set(allergens));
  return {
    items: left.items.map(({ name }) => name['en'] ?? '').toSorted(),
    choices: left.modifierGroups.flatMap(({ modifiers }) => modifiers.map(({ name }) => name['en'] ?? '')).toSorted(),
  };
};

describe('a menu without an allergen never shows an item that contains it', () => {
  test('nor a choice that does', () => {
    expect(without('milk')).toEqual({
      items: ['Pizza', 'Salad', 'Water'],
      choices: ['Honey', 'Pesto', 'Spelt', 'Tomato', 'Wheat'],
    });
  });

  test('nor an item that cannot be ordered without such a choice', () => {
    expect(without('gluten').items).toEqual(['Salad', 'Water']);
  });

  test('nor one that must ask such a choice further down', () => {
    const bread = group('Bread', { min: 1, modifiers: [choice('Roll', { modifierGroupIds: [crust.id] })] });
    const burger = item('Burger', { modifierGroupIds: [bread.id] });
    const deep = effectiveMenu(draftOf({ items: [burger], modifierGroups: [bread, crust, glaze] }), [], chicago).menu;
    expect(withoutAllergens({ ...deep, hash: 'a'.repeat(64) }, new Set(['nuts'])).items).toHaveLength(1);
    expect(withoutAllergens({ ...deep, hash: 'a'.repeat(64) }, new Set(['gluten'])).items).toEqual([]);
  });

  test('and without several it shows what contains none of them', () => {
    expect(without('milk', 'nuts', 'gluten')).toEqual({ items: ['Salad', 'Water'], choices: ['Honey', 'Tomato'] });
  });
});
