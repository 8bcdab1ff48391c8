import { type Item, Menu } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { chicago, draftOf, idOf, item, layer, override, rome, variation } from '../testing/drafts.js';
import type { Layer, Place } from './draft.js';
import { effectiveMenu } from './effective-menu.js';
import { sealMenu } from './sealed-menu.js';
import { withoutAllergens } from './without-allergens.js';

type Slot = NonNullable<Item['variations'][number]['slots']>[number];

const slot = (
  code: string,
  choices: readonly (string | Slot['choices'][number])[],
  facts: Partial<Slot> = {},
): Slot => ({
  code,
  name: { en: code },
  min: 1,
  max: 1,
  choices: choices.map((each) => (typeof each === 'string' ? { variationId: idOf(each), surcharges: {} } : each)),
  ...facts,
});
const burger = item('Burger', { variations: [variation('Single', { USD: 9_00, EUR: 8_00 })] });
const fries = item('Fries', { variations: [variation('Regular', { USD: 3_00, EUR: 2_50 })] });
const cola = item('Cola', { variations: [variation('Can', { USD: 2_00, EUR: 2_00 })] });
const beer = item('Beer', { variations: [variation('Bottle', { USD: 5_00 })] });
const meal = (slots: Slot[]) =>
  item('Meal', { variations: [{ ...variation('Menu', { USD: 11_00, EUR: 10_00 }), slots }] });
const usual = [
  slot('main', ['Single']),
  slot('side', ['Regular'], { min: 0 }),
  slot('drink', ['Can', { variationId: idOf('Bottle'), surcharges: { USD: 1_50 } }]),
];

const made = (
  slots: Slot[],
  {
    place = chicago,
    layers = [],
    items = [burger, fries, cola, beer],
  }: Partial<{ place: Place; layers: Layer[]; items: ReturnType<typeof item>[] }> = {},
) => effectiveMenu(draftOf({ items: [...items, meal(slots)] }), layers, place);
const slotsOf = ({ menu }: ReturnType<typeof made>) =>
  menu.items.find(({ id }) => id === idOf('Meal'))?.variations[0]?.slots;

describe('a combo on a menu', () => {
  test('has its slots, with what may be chosen and what that adds in the currency of the location', () => {
    const { menu, faults } = made(usual);
    expect(faults).toEqual([]);
    expect(slotsOf(made(usual))).toEqual([
      { code: 'main', name: { en: 'main' }, min: 1, max: 1, choices: [{ variationId: idOf('Single') }] },
      { code: 'side', name: { en: 'side' }, min: 0, max: 1, choices: [{ variationId: idOf('Regular') }] },
      {
        code: 'drink',
        name: { en: 'drink' },
        min: 1,
        max: 1,
        choices: [{ variationId: idOf('Can') }, { variationId: idOf('Bottle'), surcharge: 1_50 }],
      },
    ]);
    const sealed = JSON.parse(sealMenu(menu).body);
    expect(Menu.parse(sealed)).toEqual(sealed);
  });

  test('offers nothing that is not sold here: no price in the currency, or left out by an override', () => {
    const inRome = made(usual, { place: rome });
    expect(inRome.faults).toEqual([]);
    expect(slotsOf(inRome)?.at(-1)?.choices).toEqual([{ variationId: idOf('Can') }]);
    const friesOff = layer(override('Fries', { present: false }));
    expect(slotsOf(made(usual, { layers: [friesOff] }))?.map(({ code }) => code)).toEqual(['main', 'drink']);
  });

  test('is not sold where nothing is left for one of its slots, and is named', () => {
    const colaOff = layer(override('Cola', { present: false }));
    const without = made([slot('main', ['Single']), slot('drink', ['Can'])], { layers: [colaOff] });
    expect(without.menu.items.map(({ name }) => name['en'])).toEqual(['Beer', 'Burger', 'Fries']);
    expect(without.faults).toEqual([]);
    expect(without.leftOut).toMatchObject([{ detail: `${chicago.name}: The combo Menu has nothing for drink.` }]);
  });

  test('has a price of its own at a location, as everything has', () => {
    const here = override('Meal', {
      variations: [{ variationId: idOf('Menu'), present: null, price: { amount: 12_50, currency: 'USD' } }],
    });
    const { menu } = made(usual, { layers: [layer(here)] });
    expect(menu.items.find(({ id }) => id === idOf('Meal'))?.variations[0]?.price).toBe(12_50);
  });

  test('may be a variation of the item that is its main thing', () => {
    const single = variation('Single', { USD: 9_00 });
    const asMenu = {
      ...variation('AsMenu', { USD: 11_00 }),
      slots: [slot('main', ['Single']), slot('drink', ['Can'])],
    };
    const { menu, faults } = effectiveMenu(
      draftOf({ items: [item('Burger', { variations: [single, asMenu] }), cola] }),
      [],
      chicago,
    );
    expect(faults).toEqual([]);
    expect(menu.items[0]?.variations.map(({ slots }) => slots?.length)).toEqual([undefined, 2]);
  });

  test.each<[string, Slot[], string]>([
    ['a choice that does not exist', [slot('main', ['Nobody'])], 'main offers something that does not exist.'],
    ['a combo in a combo', [slot('main', ['Menu'])], 'main offers a combo: a combo is not part of another.'],
    ['one thing twice in a slot', [slot('main', ['Single', 'Single'])], 'main offers something twice.'],
    [
      'more at least than at most',
      [slot('main', ['Single'], { min: 3, max: 2 })],
      'main asks for at least 3 and at most 2.',
    ],
    [
      'two slots with one code',
      [slot('main', ['Single']), slot('main', ['Can'])],
      'Two slots of the combo Menu have the same code.',
    ],
    [
      'nothing that must be chosen',
      [slot('main', ['Single'], { min: 0 })],
      'The combo Menu can be ordered without anything in it.',
    ],
  ])('cannot be published with %s', (_, slots, detail) => {
    expect(made(slots).faults.map((fault) => fault.detail)).toContain(`${chicago.name}: ${detail}`);
  });
});

test('a menu without an allergen shows a combo with what else can be chosen, and none that needs what contains it', () => {
  const gluten = { nutrition: { allergens: ['gluten'], diets: [], calories: null } };
  const items = [burger, fries, cola, { ...beer, ...gluten }];
  const without = (slots: Slot[]) => {
    const { menu } = made(slots, { items });
    return withoutAllergens(JSON.parse(sealMenu(menu).body), new Set(['gluten'])).items.find(
      ({ id }) => id === idOf('Meal'),
    );
  };
  expect(without(usual)?.variations[0]?.slots?.at(-1)?.choices).toEqual([{ variationId: idOf('Can') }]);
  expect(without([slot('main', ['Single']), slot('drink', ['Bottle'])])).toBeUndefined();
});
