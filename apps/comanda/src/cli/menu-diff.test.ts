import type { Menu, MenuVariation } from '@comanda/client';
import { describe, expect, test } from 'vitest';
import { menuChanges } from './menu-diff.js';

const BASE: Menu = {
  hash: '0'.repeat(64),
  locationId: 'rome',
  currency: 'EUR',
  timeZone: 'Europe/Rome',
  languages: ['it', 'en'],
  jurisdiction: { code: 'IT' },
  cashRounding: null,
  categories: [{ id: 'pizze', name: { it: 'Pizze' }, position: 1 }],
  items: [
    {
      id: 'diavola',
      categoryId: 'pizze',
      name: { it: 'Diavola', en: 'Devil' },
      description: null,
      pictures: [],
      taxIds: ['iva'],
      modifierGroupIds: ['extras'],
      variations: [
        { id: 'small', name: { it: 'S' }, sku: null, price: 9_00 },
        { id: 'large', name: { it: 'L' }, sku: null, price: 12_50 },
      ],
    },
  ],
  modifierGroups: [
    {
      id: 'extras',
      name: { it: 'Aggiunte' },
      min: 0,
      max: null,
      modifiers: [{ id: 'olives', name: { it: 'Olive' }, price: 1_00, taxIds: null, modifierGroupIds: [] }],
    },
  ],
  taxes: [
    { id: 'iva', name: 'IVA', rate: 100_000, inclusive: true, compounds: false, joinsBase: false, serviceTypes: null },
  ],
  serviceCharges: [],
};

const diavola = BASE.items[0] as Menu['items'][number];
const [small, large] = diavola.variations as [MenuVariation, MenuVariation];
const withItem = (change: Partial<Menu['items'][number]>): Menu => ({ ...BASE, items: [{ ...diavola, ...change }] });
const ofExtras = (change: Partial<Menu['modifierGroups'][number]>): Menu => ({
  ...BASE,
  modifierGroups: BASE.modifierGroups.map((group) => ({ ...group, ...change })),
});

describe('what publishing would change', () => {
  test('is nothing between a menu and itself, in whatever order its fields come', () => {
    expect(menuChanges(BASE, { ...BASE, jurisdiction: { code: 'IT' }, hash: 'f'.repeat(64) })).toEqual([]);
  });

  test.each<[string, Menu, string[]]>([
    [
      'a price',
      withItem({ variations: [{ ...small, price: 9_50 }, large] }),
      ['~ Diavola (S): price 9.00 EUR → 9.50 EUR'],
    ],
    ['a variation that goes', withItem({ variations: [small] }), ['- Diavola (L): 12.50 EUR']],
    [
      'a variation that comes',
      withItem({ variations: [small, large, { id: 'xl', name: { it: 'XL' }, sku: null, price: 15_00 }] }),
      ['+ Diavola (XL): 15.00 EUR'],
    ],
    [
      'an item that is not sold any more',
      { ...BASE, items: [] },
      ['- Diavola', '- Diavola (S): 9.00 EUR', '- Diavola (L): 12.50 EUR'],
    ],
    ['a sku', withItem({ variations: [{ ...small, sku: 'D-S' }, large] }), ['~ Diavola (S): sku none → D-S']],
    ['another heading', withItem({ categoryId: null }), ['~ Diavola: category Pizze → none']],
    ['choices', withItem({ modifierGroupIds: [] }), ['~ Diavola: choices Aggiunte → none']],
    ['a text in another language', withItem({ name: { it: 'Diavola', en: 'Hot one' } }), ['~ Diavola: other texts']],
    [
      'happy hour',
      {
        ...withItem({ variations: [{ ...small, timedPrices: [{ scheduleId: 'happy', price: 7_00 }] }, large] }),
        schedules: [{ id: 'happy', name: 'Happy hour', windows: [] }],
      },
      ['~ Diavola (S): timed prices none → Happy hour 7.00 EUR', '+ schedule Happy hour'],
    ],
    ['how many may be chosen', ofExtras({ max: 3 }), ['~ choice Aggiunte: max none → 3']],
    ['a choice', ofExtras({ modifiers: [] }), ['- Aggiunte: Olive: 1.00 EUR']],
    [
      'a tax rate',
      { ...BASE, taxes: BASE.taxes.map((tax) => ({ ...tax, rate: 88_750 })) },
      ['~ tax IVA: rate 10 % → 8.875 %'],
    ],
    [
      'how cash is rounded',
      { ...BASE, cashRounding: { step: 5, mode: 'half-up' } },
      ['~ the location: other cash rounding'],
    ],
  ])('%s', (_what, next, lines) => {
    const signs = { added: '+', removed: '-', changed: '~' };
    const said = menuChanges(BASE, next).map(
      ({ kind, what, detail }) => `${signs[kind]} ${what}${detail && `: ${detail}`}`,
    );
    expect(said).toEqual(lines);
  });

  test('is everything where nothing was sold yet', () => {
    expect(menuChanges(undefined, BASE).every(({ kind }) => kind === 'added')).toBe(true);
    expect(menuChanges(undefined, BASE)).toContainEqual({ kind: 'added', what: 'Diavola (S)', detail: '9.00 EUR' });
  });
});
