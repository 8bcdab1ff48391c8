import { Menu } from '@comanda/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  category,
  charge,
  chicago,
  choice,
  draftOf,
  group,
  idOf,
  item,
  layer,
  override,
  rome,
  tax,
  variation,
} from '../testing/drafts.js';
import type { Draft, Layer, Place } from './draft.js';
import { effectiveMenu } from './effective-menu.js';
import { sealMenu } from './sealed-menu.js';

const pizza = item('Pizza', {
  variations: [variation('S', { USD: 10_50, EUR: 9_50 }), variation('L', { USD: 16_50 })],
});
const menuOf = (draft: Partial<Draft>, place: Place = chicago, ...layers: Layer[]) => {
  const { menu, faults } = effectiveMenu(draftOf(draft), layers, place);
  expect(faults).toEqual([]);
  return menu;
};
const faultsOf = (draft: Partial<Draft>, place: Place = chicago) => effectiveMenu(draftOf(draft), [], place).faults;
const pricesOf = (menu: ReturnType<typeof menuOf>): number[] =>
  menu.items.flatMap(({ variations }) => variations.map(({ price }) => price));

const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('prices', () => {
  test('a location sells at the price in its own currency', () => {
    const wine = item('Wine', { variations: [variation('Glass', { USD: 9_00, EUR: 7_00 })] });
    expect(pricesOf(menuOf({ items: [wine] }, chicago))).toEqual([9_00]);
    expect(pricesOf(menuOf({ items: [wine] }, rome))).toEqual([7_00]);
  });

  test('what has no price in the currency is not sold here, and is named', () => {
    const soda = item('Soda', { variations: [variation('Can', { USD: 2_00 })] });
    const { menu, faults, leftOut } = effectiveMenu(draftOf({ items: [pizza, soda] }), [], rome);
    expect(faults).toEqual([]);
    expect(menu.items.map(({ name, variations }) => [name['en'], variations.map((each) => each.name['en'])])).toEqual([
      ['Pizza', ['S']],
    ]);
    expect(leftOut).toEqual([
      {
        pointer: `/locations/${rome.locationId}/items/${idOf('Pizza')}/variations/${idOf('L')}/prices/EUR`,
        detail: 'Rome: Pizza (L) has no price in EUR.',
      },
      {
        pointer: `/locations/${rome.locationId}/items/${idOf('Soda')}/variations/${idOf('Can')}/prices/EUR`,
        detail: 'Rome: Soda (Can) has no price in EUR.',
      },
    ]);
  });

  test('what is said to be sold here must have a price: that is a mistake, and nothing is published', () => {
    const here = layer(override('Pizza', { variations: [{ variationId: idOf('L'), present: true, price: null }] }));
    const { faults, leftOut } = effectiveMenu(draftOf({ items: [pizza] }), [here], rome);
    expect(faults).toMatchObject([{ detail: 'Rome: Pizza (L) has no price in EUR.' }]);
    expect(leftOut).toEqual([]);
  });

  test('a choice is free when it names no price, and not offered where it names others alone', () => {
    const extras = group('Extras', {
      modifiers: [
        choice('Basil'),
        choice('Olives', { prices: { USD: 1_50 } }),
        choice('NoChs', { prices: { USD: -50, EUR: -50 } }),
      ],
    });
    const pie = item('Pie', { modifierGroupIds: [extras.id] });
    const [asked] = menuOf({ items: [pie], modifierGroups: [extras] }).modifierGroups;
    expect(asked?.modifiers.map(({ price }) => price)).toEqual([0, 1_50, -50]);
    const inRome = effectiveMenu(draftOf({ items: [pie], modifierGroups: [extras] }), [], rome);
    expect(inRome.menu.modifierGroups[0]?.modifiers.map(({ name }) => name['en'])).toEqual(['Basil', 'NoChs']);
    expect(inRome.leftOut).toMatchObject([{ detail: 'Rome: Extras: Olives has no price in EUR.' }]);
  });

  test('a choice that must be made and has no price here cannot be published', () => {
    const crust = group('Crust', { min: 1, modifiers: [choice('Thin', { prices: { USD: 1_00 } })] });
    const pie = item('Pie', { modifierGroupIds: [crust.id] });
    expect(faultsOf({ items: [pie], modifierGroups: [crust] }, rome)).toMatchObject([
      { detail: 'Rome: Crust asks for a choice and offers none.' },
    ]);
  });
});

describe('what differs at a location', () => {
  const chain = { items: [pizza, item('Salad')] };

  test('a price of its own replaces the chain’s', () => {
    const here = override('Pizza', {
      variations: [{ variationId: idOf('L'), present: null, price: usd(18_00) }],
    });
    expect(pricesOf(menuOf({ items: [pizza] }, chicago, layer(here)))).toEqual([10_50, 18_00]);
  });

  test('an item can be left out, and one that the chain leaves out can be sold', () => {
    const seasonal = { items: [pizza, item('Truffle', { present: false })] };
    const names = (...layers: Layer[]) => menuOf(seasonal, chicago, ...layers).items.map(({ name }) => name['en']);
    expect(names()).toEqual(['Pizza']);
    expect(names(layer(override('Pizza', { present: false }), override('Truffle', { present: true })))).toEqual([
      'Truffle',
    ]);
  });

  test('an item goes when all its variations are left out', () => {
    const gone = override('Pizza', {
      variations: ['S', 'L'].map((name) => ({ variationId: idOf(name), present: false, price: null })),
    });
    expect(menuOf(chain, chicago, layer(gone)).items.map(({ name }) => name['en'])).toEqual(['Salad']);
  });

  test('where the location says nothing its group holds, and then the chain', () => {
    const region = layer(
      override('Pizza', {
        variations: [
          { variationId: idOf('S'), present: null, price: usd(11_00) },
          { variationId: idOf('L'), present: null, price: usd(17_00) },
        ],
      }),
    );
    const store = layer(
      override('Pizza', { variations: [{ variationId: idOf('L'), present: null, price: usd(19_00) }] }),
    );
    expect(pricesOf(menuOf({ items: [pizza] }, chicago, region, store))).toEqual([11_00, 19_00]);
    expect(pricesOf(menuOf({ items: [pizza] }, chicago, region))).toEqual([11_00, 17_00]);
  });
});

describe('taxes', () => {
  const sales = tax('Sales', { locationIds: [chicago.locationId] });
  const iva = tax('IVA', { inclusive: true, locationIds: [rome.locationId] });

  test('each location has those that are law there', () => {
    const draft = { items: [pizza], taxes: [sales] };
    expect(menuOf(draft).items[0]?.taxIds).toEqual([sales.id]);
    const cheap = item('Pie');
    expect(menuOf({ items: [cheap], taxes: [sales, iva] }, rome).items[0]?.taxIds).toEqual([iva.id]);
    expect(
      menuOf({ items: [cheap], taxes: [sales, iva] }, { ...chicago, locationId: idOf('delawa') }).items[0]?.taxIds,
    ).toEqual([]);
  });

  test('stacked taxes keep the order in which they are taken', () => {
    const [first, second] = [
      tax('Liquor', { position: 1, joinsBase: true }),
      tax('Sales2', { position: 2, compounds: true }),
    ];
    const menu = menuOf({ items: [item('Wine', { taxIds: [second.id, first.id] })], taxes: [second, first] });
    expect(menu.items[0]?.taxIds).toEqual([first.id, second.id]);
    expect(menu.taxes.map(({ name }) => name)).toEqual(['Liquor', 'Sales2']);
  });

  test('an item with taxes of its own bears those and not the default ones; an empty list bears none', () => {
    const liquor = tax('Liquor', { byDefault: false });
    const draft = {
      items: [item('Pie'), item('Wine', { taxIds: [liquor.id] }), item('Gift', { taxIds: [] })],
      taxes: [sales, liquor],
    };
    const borne = Object.fromEntries(menuOf(draft).items.map(({ name, taxIds }) => [name['en'], taxIds]));
    expect(borne).toEqual({ Pie: [sales.id], Wine: [liquor.id], Gift: [] });
  });

  test('a tax that nothing bears is not on the menu', () => {
    expect(menuOf({ items: [item('Gift', { taxIds: [] })], taxes: [sales] }).taxes).toEqual([]);
  });

  test('an item whose own taxes are all other places’ is reported, not sold untaxed', () => {
    const wine = item('Wine', { taxIds: [iva.id] });
    expect(faultsOf({ items: [wine], taxes: [sales, iva] })).toMatchObject([
      { detail: 'Chicago: None of the taxes of Wine applies here.' },
    ]);
  });

  test('a choice has the taxes of what it is chosen with, unless it has its own', () => {
    const wineTax = tax('Liquor', { byDefault: false });
    const drinks = group('Drinks', { modifiers: [choice('Water'), choice('Wine', { taxIds: [wineTax.id] })] });
    const menu = menuOf({
      items: [item('Lunch', { modifierGroupIds: [drinks.id] })],
      modifierGroups: [drinks],
      taxes: [sales, wineTax],
    });
    expect(menu.modifierGroups[0]?.modifiers.map(({ taxIds }) => taxIds)).toEqual([null, [wineTax.id]]);
    expect(menu.taxes.map(({ id }) => id).toSorted()).toEqual([sales.id, wineTax.id].toSorted());
  });

  test('a service charge is taken where it applies, with its taxes', () => {
    const service = charge('Service', { locationIds: [rome.locationId], taxIds: null });
    const draft = { items: [item('Pie')], taxes: [sales, iva], serviceCharges: [service] };
    expect(menuOf(draft, chicago).serviceCharges).toEqual([]);
    expect(menuOf(draft, rome).serviceCharges).toMatchObject([{ id: service.id, taxIds: [iva.id] }]);
  });

  test('a fixed service charge is taken in the currency of the place, and left out and named where it has none', () => {
    const couvert = charge('Couvert', { rate: 0, fixed: { prices: { EUR: 2_50 }, per: 'cover' } });
    const draft = draftOf({ items: [item('Pie')], serviceCharges: [couvert] });
    expect(menuOf(draft, rome).serviceCharges).toMatchObject([
      { id: couvert.id, rate: 0, fixed: { amount: 2_50, per: 'cover' } },
    ]);
    expect(menuOf(draft, chicago).serviceCharges).toEqual([]);
    expect(effectiveMenu(draft, [], chicago).leftOut).toEqual([
      {
        pointer: `/locations/${chicago.locationId}/serviceCharges/${couvert.id}/fixed/prices/USD`,
        detail: 'Chicago: Couvert has no amount in USD.',
      },
    ]);
  });
});

describe('modifier groups', () => {
  const nested = [
    group('Burger', { modifiers: [choice('Fries', { modifierGroupIds: [idOf('Fries2')] })] }),
    group('Fries2', { modifiers: [choice('Dip', { modifierGroupIds: [idOf('Dips')] })] }),
    group('Dips', { modifiers: [choice('Hot', { modifierGroupIds: [idOf('Heat')] })] }),
    group('Heat', { modifiers: [choice('Mild')] }),
    group('Unused'),
  ];

  test('all that can be asked is on the menu, however deep, and nothing else', () => {
    const menu = menuOf({ items: [item('Burger', { modifierGroupIds: [idOf('Burger')] })], modifierGroups: nested });
    expect(new Set(menu.modifierGroups.map(({ name }) => name['en']))).toEqual(
      new Set(['Burger', 'Dips', 'Fries2', 'Heat']),
    );
  });

  test('a group that leads back to itself cannot be published', () => {
    const looped = nested.map((each) =>
      each.name['en'] === 'Heat'
        ? { ...each, modifiers: [choice('Mild', { modifierGroupIds: [idOf('Fries2')] })] }
        : each,
    );
    const items = [
      item('Burger', { modifierGroupIds: [idOf('Burger')] }),
      item('Side', { modifierGroupIds: [idOf('Heat')] }),
    ];
    expect(faultsOf({ items, modifierGroups: looped })).toEqual([
      {
        pointer: `/locations/${chicago.locationId}/modifierGroups/${idOf('Heat')}/modifiers/${idOf('Mild')}/modifierGroupIds`,
        detail: 'Chicago: Heat: Mild asks Fries2, which it is part of.',
      },
    ]);
  });

  test('a group that contradicts itself cannot be published', () => {
    const groups = [group('Crust', { min: 3, max: 2, modifiers: [choice('Thin')] }), group('Sauce', { min: 1 })];
    const items = [item('Pizza', { modifierGroupIds: groups.map(({ id }) => id) })];
    expect(faultsOf({ items, modifierGroups: groups }).map(({ detail }) => detail)).toEqual([
      'Chicago: Crust asks for at least 3 and at most 2.',
      'Chicago: Sauce asks for a choice and offers none.',
    ]);
  });
});

test('every mistake is reported at once, each where it is', () => {
  const draft = {
    items: [
      item('Empty', { variations: [] }),
      item('Lost', { categoryId: idOf('nowhere'), taxIds: [idOf('notax')], modifierGroupIds: [idOf('nogrp')] }),
    ],
  };
  expect(faultsOf(draft).map(({ pointer }) => pointer.replace(`/locations/${chicago.locationId}`, ''))).toEqual([
    `/items/${idOf('Empty')}/variations`,
    `/items/${idOf('Lost')}/categoryId`,
    `/items/${idOf('Lost')}/taxIds`,
    `/items/${idOf('Lost')}/modifierGroupIds`,
  ]);
});

test('what is not sold here is not examined', () => {
  const broken = item('Broken', { present: false, variations: [] });
  expect(menuOf({ items: [broken, pizza] }).items).toHaveLength(1);
});

test('items come under their headings, in the order the chain gave', () => {
  const [second, first] = [category('Desserts', { position: 2 }), category('Pizzas', { position: 1 })];
  const draft = {
    categories: [second, first, category('Empty', { position: 0 })],
    items: [
      item('Water'),
      item('Tartufo', { categoryId: second.id }),
      item('Norma', { categoryId: first.id, position: 2 }),
      item('Diavola', { categoryId: first.id, position: 1 }),
    ],
  };
  const menu = menuOf(draft);
  expect(menu.categories.map(({ name }) => name['en'])).toEqual(['Pizzas', 'Desserts']);
  expect(menu.items.map(({ name }) => name['en'])).toEqual(['Diavola', 'Norma', 'Tartufo', 'Water']);
});

describe('for any draft', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const somePrices = fc.record({ USD: fc.nat(5_000), EUR: fc.nat(5_000) });
  const drafts = fc
    .record({
      categories: fc.uniqueArray(fc.constantFrom(...names)),
      items: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom(...names),
          position: fc.nat(2),
          heading: fc.nat(5),
          sizes: fc.array(somePrices, { minLength: 1, maxLength: 3 }),
        }),
        { selector: ({ name }) => name },
      ),
      taxes: fc.uniqueArray(
        fc.record({ name: fc.constantFrom(...names), position: fc.nat(2), byDefault: fc.boolean() }),
        {
          selector: ({ name }) => name,
        },
      ),
    })
    .map(({ categories, items, taxes }) =>
      draftOf({
        categories: categories.map((name) => category(`c${name}`)),
        items: items.map(({ name, position, heading, sizes }) =>
          item(`i${name}`, {
            position,
            categoryId: categories[heading] === undefined ? null : idOf(`c${categories[heading]}`),
            variations: sizes.map((prices, n) => variation(`v${name}${n}`, prices)),
          }),
        ),
        taxes: taxes.map(({ name, ...facts }) => tax(`t${name}`, facts)),
      }),
    );
  test('the same draft has the same hash, in whatever order its parts and fields come', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const shuffled = {
          ...draft,
          categories: draft.categories.toReversed(),
          items: draft.items.toReversed(),
          taxes: draft.taxes.toReversed(),
        };
        expect(hashOf(turned(shuffled))).toBe(hashOf(draft));
      }),
    );
  });

  test('another price is another hash, and taking it back gives the first one again', () => {
    fc.assert(
      fc.property(drafts, fc.integer({ min: 5_001, max: 9_000 }), (draft, amount) => {
        const [first] = draft.items;
        fc.pre(first !== undefined);
        const [size] = first?.variations ?? [];
        const here = override('', { variations: [{ variationId: size?.id ?? '', present: null, price: usd(amount) }] });
        const changed = hashOf(draft, layer({ ...here, itemId: first?.id ?? '' }));
        expect(changed).not.toBe(hashOf(draft));
        expect(hashOf(draft, layer())).toBe(hashOf(draft));
      }),
    );
  });

  test('the text that is served is a menu, whose hash is that of its content', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { hash, body, items } = sealMenu(effectiveMenu(draft, [], chicago).menu);
        const { hash: inside, ...content } = Menu.parse(JSON.parse(body));
        expect(inside).toBe(hash);
        expect(sealMenu(content).hash).toBe(hash);
        expect(items).toBe(draft.items.length);
      }),
    );
  });
});

/** The same values, with the fields of every object in another order. */
function turned(value: Draft): Draft {
  const draft: Draft = JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toReversed())
        : part,
    ),
  );
  return draft;
}

const hashOf = (draft: Draft, ...layers: Layer[]): string => sealMenu(effectiveMenu(draft, layers, chicago).menu).hash;

test('an item is made at its own station, or at that of its category; one without has none', () => {
  const [pizzas, drinks] = [category('Pizzas', { station: 'oven' }), category('Drinks')];
  const menu = menuOf({
    categories: [pizzas, drinks],
    items: [
      item('Norma', { categoryId: pizzas.id }),
      item('Salad', { categoryId: pizzas.id, station: 'cold' }),
      item('Water', { categoryId: drinks.id }),
    ],
  });
  const stations = new Map(menu.items.map(({ name, station }) => [name['en'], station]));
  expect(Object.fromEntries(stations)).toEqual({ Norma: 'oven', Salad: 'cold', Water: undefined });
});
