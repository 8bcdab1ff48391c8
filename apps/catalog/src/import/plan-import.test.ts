import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { category, idOf, item, variation } from '../testing/drafts.js';
import { type ImportPlan, planImport } from './plan-import.js';
import type { SheetRow } from './read-sheet.js';

type Drafts = Parameters<typeof planImport>[1];

const row = (facts: Partial<SheetRow>): SheetRow => ({
  line: 2,
  id: null,
  sku: null,
  item: 'Hawaiian',
  category: null,
  variation: 'M',
  amount: 13_25,
  currency: 'USD',
  ...facts,
});
const lines = (...facts: Partial<SheetRow>[]): SheetRow[] => facts.map((each, n) => row({ line: n + 2, ...each }));

const nothing: Drafts = { categories: [], items: [] };
const hawaiian = item('Hawaiian', {
  name: { en: 'Hawaiian', it: 'Hawaiana' },
  variations: [{ ...variation('M', { USD: 13_25 }), sku: 'hawaiian-m' }, variation('L', { USD: 16_50 })],
});
const menu: Drafts = { categories: [category('Classic')], items: [hawaiian, item('Salad')] };

function made(rows: readonly SheetRow[], drafts: Drafts, language = 'en'): ImportPlan {
  let n = 0;
  const { plan, faults } = planImport(rows, drafts, language, () => idOf(`n${(n += 1)}-${Math.random()}`));
  expect(faults).toEqual([]);
  return plan;
}
const faultsOf = (rows: readonly SheetRow[], drafts: Drafts) =>
  planImport(rows, drafts, 'en', () => idOf('new')).faults.map(({ pointer, detail }) => `${pointer}: ${detail}`);
/** The drafts after a plan was carried out. */
const after = ({ created, changed }: ImportPlan, { categories, items }: Drafts): Drafts => ({
  categories: [...categories, ...created.categories],
  items: [...items.map((each) => changed.items.find(({ id }) => id === each.id) ?? each), ...created.items],
});
const said = ({ changes }: ImportPlan) =>
  changes.map(({ line, kind, name, field, from, to }) => `${line}: ${kind} ${name} ${field ?? 'new'} ${from} > ${to}`);

describe('what is not there', () => {
  test('is made: categories, items, variations, in the order of the file', () => {
    const plan = made(
      lines(
        { sku: 'a', category: 'Classic', variation: 'M' },
        { sku: 'b', category: 'classic', variation: 'L', amount: 16_50 },
        { item: 'Water', variation: null, amount: 2_00 },
        { item: 'Water', variation: null, amount: 1_80, currency: 'EUR' },
      ),
      nothing,
    );
    const [classic] = plan.created.categories;
    expect(plan.created.items).toMatchObject([
      {
        name: { en: 'Hawaiian' },
        categoryId: classic?.id,
        taxIds: null,
        present: true,
        variations: [
          { name: { en: 'M' }, sku: 'a', prices: { USD: 13_25 } },
          { name: { en: 'L' }, sku: 'b', prices: { USD: 16_50 } },
        ],
      },
      {
        name: { en: 'Water' },
        categoryId: null,
        variations: [{ name: { en: 'Regular' }, sku: null, prices: { USD: 2_00, EUR: 1_80 } }],
      },
    ]);
    expect(plan.counts).toEqual({
      categories: { created: 1, changed: 0, unchanged: 0 },
      items: { created: 2, changed: 0, unchanged: 0 },
      variations: { created: 3, changed: 0, unchanged: 0 },
    });
    expect(said(plan)).toEqual([
      '2: item Hawaiian new null > null',
      '2: category Classic new null > null',
      '2: variation Hawaiian (M) new null > 13.25 USD',
      '3: variation Hawaiian (L) new null > 16.50 USD',
      '4: item Water new null > null',
      '4: variation Water (Regular) new null > 2.00 USD',
      '5: variation Water (Regular) price null > 1.80 EUR',
    ]);
  });

  test('has its name in the language of the file', () => {
    expect(made(lines({ item: 'Acqua' }), nothing, 'it').created.items[0]?.name).toEqual({ it: 'Acqua' });
  });
});

describe('what is there', () => {
  test('is found by its sku, and renamed, moved and priced as the file says', () => {
    const plan = made(
      lines({ sku: 'hawaiian-m', item: 'Aloha', category: 'Classic', variation: 'Medium', amount: 14_00 }),
      menu,
    );
    expect(plan.created).toEqual({ categories: [], items: [] });
    expect(plan.changed.items).toEqual([
      {
        ...hawaiian,
        name: { en: 'Aloha', it: 'Hawaiana' },
        categoryId: idOf('Classic'),
        variations: [
          { ...hawaiian.variations[0], name: { en: 'Medium' }, prices: { USD: 14_00 } },
          hawaiian.variations[1],
        ],
      },
    ]);
    expect(said(plan)).toEqual([
      '2: item Aloha name Hawaiian > Aloha',
      '2: item Aloha category null > Classic',
      '2: variation Aloha (Medium) name M > Medium',
      '2: variation Aloha (Medium) price 13.25 USD > 14.00 USD',
    ]);
    expect(plan.counts).toEqual({
      categories: { created: 0, changed: 0, unchanged: 1 },
      items: { created: 0, changed: 1, unchanged: 0 },
      variations: { created: 0, changed: 1, unchanged: 0 },
    });
  });

  test('is found by item and variation where there is no sku, whatever its case, and gets one', () => {
    const plan = made(lines({ item: 'HAWAIIAN', variation: 'l', sku: 'hawaiian-l', amount: 16_50 }), menu);
    expect(said(plan)).toEqual(['2: variation Hawaiian (L) sku null > hawaiian-l']);
  });

  test('keeps what the file does not say: other variations, other currencies, the category, the sku', () => {
    const plan = made(lines({ currency: 'EUR', amount: 12_00 }), menu);
    expect(plan.changed.items[0]?.variations).toEqual([
      { ...hawaiian.variations[0], prices: { USD: 13_25, EUR: 12_00 } },
      hawaiian.variations[1],
    ]);
  });

  test('and says the same is left alone', () => {
    const plan = made(lines({ sku: 'hawaiian-m' }, { variation: 'L', amount: 16_50 }), menu);
    expect(plan).toMatchObject({
      created: { categories: [], items: [] },
      changed: { items: [] },
      changes: [],
      counts: { items: { unchanged: 1 }, variations: { unchanged: 2 } },
    });
  });

  test('an item gets a variation that it did not have', () => {
    const plan = made(lines({ variation: 'XL', sku: 'hawaiian-xl', amount: 20_00 }), menu);
    expect(plan.changed.items[0]?.variations.map(({ name }) => name['en'])).toEqual(['M', 'L', 'XL']);
    expect(plan.counts).toMatchObject({ items: { unchanged: 1 }, variations: { created: 1 } });
  });

  test('two variations may change their codes for one another', () => {
    const coded = { ...hawaiian, variations: hawaiian.variations.map((each, n) => ({ ...each, sku: `code-${n}` })) };
    const plan = made(lines({ sku: 'code-9', variation: 'M' }, { sku: 'code-0', variation: 'L', amount: 16_50 }), {
      ...menu,
      items: [coded],
    });
    expect(plan.changed.items[0]?.variations.map(({ sku }) => sku)).toEqual(['code-9', 'code-0']);
  });
});

describe('what contradicts itself is refused, with the line and what stands against it', () => {
  test.each([
    ['two prices', [{}, { amount: 14_00 }], 'line/3/price: Line 2 has another price for the same variation.'],
    [
      'two categories',
      [{ category: 'Classic' }, { category: 'New', variation: 'L' }],
      'line/3/category: Line 2 puts the item elsewhere.',
    ],
    ['two codes', [{ sku: 'a' }, { sku: 'b' }], 'line/3/sku: Line 2 has another sku for the same variation.'],
    [
      'two names for the item of a sku',
      [
        { sku: 'hawaiian-m', item: 'Aloha' },
        { sku: 'hawaiian-m', item: 'Maui' },
      ],
      'line/3/item: Line 2 has another name for the same item.',
    ],
    [
      'two names for the variation of a sku',
      [
        { sku: 'hawaiian-m', variation: 'Medium' },
        { sku: 'hawaiian-m', variation: 'Middle' },
      ],
      'line/3/variation: Line 2 has another name for the same variation.',
    ],
    [
      'a sku of another item',
      [{ sku: 'hawaiian-m', item: 'Salad' }],
      'line/2/item: The line is of Hawaiian, and Salad is another item.',
    ],
    [
      'a sku of another variation',
      [{ sku: 'hawaiian-m', variation: 'L' }],
      'line/2/variation: The line is of M, and L is another variation.',
    ],
  ])('%s', (_, rows, fault) => {
    expect(faultsOf(lines(...rows), menu)).toEqual([fault]);
  });

  test('a name that two items have', () => {
    const twins = { ...menu, items: [item('Salad'), { ...item('Salad'), id: idOf('other') }] };
    expect(faultsOf(lines({ item: 'Salad' }), twins)).toEqual([
      'line/2/item: There is more than one item called Salad: say which by its sku.',
    ]);
  });

  test('more variations than an item can have', () => {
    const rows = lines(...Array.from({ length: 201 }, (__, n) => ({ item: 'Wine', variation: `Vintage ${n}` })));
    expect(planImport(rows, nothing, 'en', () => idOf('new')).faults).toEqual([
      { pointer: 'line/202/variation', detail: 'An item has at most 200 variations.' },
    ]);
  });
});

describe('any file', () => {
  const sometimes = (...words: string[]) => fc.option(fc.constantFrom(...words), { nil: null, freq: 2 });
  const anyRows = fc
    .array(
      fc.record({
        sku: sometimes('hawaiian-m', 'a', 'b', 'c', 'd'),
        item: fc.constantFrom('Hawaiian', 'hawaiian', 'Salad', 'Wine', 'Water'),
        category: sometimes('Classic', 'Drinks'),
        variation: sometimes('M', 'L', 'Glass'),
        amount: fc.constantFrom(10_00, 12_00),
        currency: fc.constantFrom('USD', 'EUR'),
      }),
      { maxLength: 8 },
    )
    .map((rows) => lines(...rows));

  test('imported again changes nothing', () => {
    let n = 0;
    const newId = (): string => `0199a1b2-7c3d-7e4f-8a5b-${(n += 1).toString(16).padStart(12, '0')}`;
    let imported = 0;
    fc.assert(
      fc.property(anyRows, (rows) => {
        const first = planImport(rows, menu, 'en', newId);
        fc.pre(first.faults.length === 0);
        imported += 1;
        const second = planImport(rows, after(first.plan, menu), 'en', newId);
        expect(second.faults).toEqual([]);
        expect(second.plan.changes).toEqual([]);
        expect(second.plan.created).toEqual({ categories: [], items: [] });
        expect(second.plan.changed.items).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(imported).toBe(1_000);
  });

  test('leaves no code at two variations, and no item without one', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { plan, faults } = planImport(rows, menu, 'en', () => idOf(String(Math.random())));
        fc.pre(faults.length === 0);
        const { items } = after(plan, menu);
        const codes = items.flatMap(({ variations }) => variations.flatMap(({ sku }) => sku ?? []));
        expect(new Set(codes).size).toBe(codes.length);
        expect(items.every(({ variations }) => variations.length > 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
