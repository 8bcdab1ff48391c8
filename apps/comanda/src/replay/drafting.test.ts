import { randomUUID } from 'node:crypto';
import type { Item } from '@comanda/client';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drafting, type Priced } from './drafting.js';
import { finder } from './finder.js';

const euros = { currency: 'EUR', language: 'it' };

/** As in a history: `Caffè, Doppio 2.50`. */
function sold(text: string, given: Partial<Priced> = {}): Priced {
  const [, item = '', variation = 'Regular', price = ''] = /^(.+?)(?:, (.+))? ([\d.]+)$/.exec(text) ?? [];
  return {
    sku: `${item}:${variation}`,
    item,
    variation,
    category: null,
    price: Number(price.replace('.', '')),
    title: item,
    ...given,
  };
}

/** A draft, its variations as `Doppio #12 2.50`, prices in euro. */
function draft(name: string, ...variations: string[]): Item {
  return {
    id: randomUUID(),
    name: { it: name },
    description: null,
    pictures: [],
    categoryId: null,
    position: 0,
    present: true,
    taxIds: null,
    modifierGroupIds: [],
    variations: variations.map((text) => {
      const [, kind = '', sku = null, price = ''] = /^(.+?)(?: #(\S+))? ([\d.]+)$/.exec(text) ?? [];
      return { id: randomUUID(), name: { it: kind }, sku, prices: { EUR: Number(price.replace('.', '')) } };
    }),
    version: 3,
    createdAt: '2026-03-06T10:00:00Z',
    updatedAt: '2026-03-06T10:00:00Z',
  };
}

const shown = (variations: readonly { name: object; sku: string | null; prices: object }[]) =>
  variations.map(({ name, sku, prices }) => [...Object.values(name), sku, prices]);

describe('what is on no menu', () => {
  test('becomes one item with its variations, called as its title says', () => {
    const things = [
      sold('caf, Doppio 2.50', { title: 'Caffè', category: 'Bar' }),
      sold('caf, Singolo 1.20', { title: 'Caffè', category: 'Bar' }),
    ];
    expect(drafting(things, [], euros)).toEqual({
      made: [
        {
          name: { it: 'Caffè' },
          category: 'Bar',
          variations: [
            { name: { it: 'Doppio' }, sku: 'caf:Doppio', prices: { EUR: 2_50 } },
            { name: { it: 'Singolo' }, sku: 'caf:Singolo', prices: { EUR: 1_20 } },
          ],
        },
      ],
      changed: [],
    });
  });

  test('may have the title of another: they are two items', () => {
    const { made } = drafting([sold('a 1.00', { title: 'Pizza' }), sold('b 2.00', { title: 'Pizza' })], [], euros);
    expect(made.map(({ name, variations }) => [name['it'], variations[0]?.sku])).toEqual([
      ['Pizza', 'a:Regular'],
      ['Pizza', 'b:Regular'],
    ]);
  });

  test('is several items where it has more than 200 variations', () => {
    const things = Array.from({ length: 450 }, (_, at) => sold(`Pizza, Wish ${at} 9.00`));
    const { made } = drafting(things, [], euros);
    expect(made.map(({ name, variations }) => [name['it'], variations.length])).toEqual([
      ['Pizza', 200],
      ['Pizza', 200],
      ['Pizza', 50],
    ]);
  });
});

describe('what is drafted', () => {
  test('at the same price is left as it is', () => {
    const drafts = [draft('Caffè', 'Regular #Caffè:Regular 1.20')];
    expect(drafting([sold('Caffè 1.20')], drafts, euros)).toEqual({ made: [], changed: [] });
  });

  test('keeps its code, its names and its other prices when it gets another', () => {
    const coffee = draft('CAFFÈ', 'Regular #PLU-12 1.20', 'Doppio #PLU-13 2.00');
    const [regular, double] = coffee.variations;
    const drafts = [{ ...coffee, variations: [{ ...regular, prices: { USD: 3_00 } }, double] as Item['variations'] }];
    expect(drafting([sold('Caffè 1.30')], drafts, euros)).toEqual({
      made: [],
      changed: [{ id: coffee.id, version: 3, variations: [{ ...regular, prices: { USD: 3_00, EUR: 1_30 } }, double] }],
    });
  });

  test('gets the variations that it lacks', () => {
    const drafts = [draft('Caffè', 'Regular #PLU-12 1.20')];
    const { made, changed } = drafting([sold('Caffè 1.20'), sold('Caffè, Doppio 2.00')], drafts, euros);
    expect(made).toEqual([]);
    expect(changed.map(({ variations }) => shown(variations))).toEqual([
      [
        ['Regular', 'PLU-12', { EUR: 1_20 }],
        ['Doppio', 'Caffè:Doppio', { EUR: 2_00 }],
      ],
    ]);
  });

  test('under its code is it, whatever it is called by now', () => {
    const drafts = [draft('Espresso', 'Normale #Caffè:Regular 1.20')];
    expect(drafting([sold('Caffè 1.20')], drafts, euros)).toEqual({ made: [], changed: [] });
  });

  test('under the code of one thing and the name of another is the first; the other is made', () => {
    const drafts = [draft('Classic', 'Regular #pepperoni:Regular 9.00')];
    const { made, changed } = drafting([sold('Classic 4.00'), sold('pepperoni 9.00')], drafts, euros);
    expect(made).toEqual([]);
    expect(changed.map(({ variations }) => shown(variations))).toEqual([
      [
        ['Regular', 'pepperoni:Regular', { EUR: 9_00 }],
        ['Regular', 'Classic:Regular', { EUR: 4_00 }],
      ],
    ]);
  });

  test('twice under one name is neither: who is meant nobody can say', () => {
    const drafts = [draft('Caffè', 'Regular #1 1.20'), draft('caffè', 'Regular #2 1.20')];
    expect(drafting([sold('Caffè 1.20')], drafts, euros).made).toHaveLength(1);
  });
});

test('whatever is drafted, afterwards everything is found at its price, and nothing is missing a second time', () => {
  const names = fc.constantFrom('Taco', 'TACO', 'Flan', 'Mole');
  const kinds = fc.constantFrom('Regular', 'Grande');
  const things = fc.uniqueArray(
    fc.record({ item: fc.constantFrom('Taco', 'Flan', 'Mole', 'Sopa'), variation: kinds, price: fc.nat(9) }),
    { selector: ({ item, variation }) => `${item}:${variation}` },
  );
  const drafts = fc.array(
    fc.record({
      name: names,
      variations: fc.uniqueArray(fc.record({ kind: kinds, coded: fc.boolean(), price: fc.nat(9) }), {
        selector: ({ kind }) => kind,
      }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(things, drafts, (history, present) => {
      const codes = new Set<string>();
      const items = present.map(({ name, variations }) => {
        const item = draft(name);
        item.variations = variations.map(({ kind, coded, price }) => {
          const code = `${name}:${kind}`;
          const sku = coded && !codes.has(code) ? code : null;
          codes.add(code);
          return { id: randomUUID(), name: { it: kind }, sku, prices: { EUR: price } };
        });
        return item;
      });
      const priced = history.map(({ item, variation, price }) => ({ ...sold(`${item}, ${variation} 0.00`), price }));
      const { made, changed } = drafting(priced, items, euros);
      const withIds = (variations: readonly object[]) =>
        variations.map((variation) => ({ id: randomUUID(), ...variation })) as Item['variations'];
      const after = [
        ...items.map((item) => {
          const change = changed.find(({ id }) => id === item.id);
          return change ? { ...item, variations: withIds(change.variations) } : item;
        }),
        ...made.map(({ name, variations }) => ({ ...draft(''), name, variations: withIds(variations) })),
      ];
      const find = finder(after);
      for (const thing of priced) expect(find(thing)?.variation.prices['EUR']).toBe(thing.price);
      expect(drafting(priced, after, euros)).toEqual({ made: [], changed: [] });
    }),
    { seed: 3, numRuns: 2_000 },
  );
});
