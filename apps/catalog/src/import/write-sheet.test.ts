import type { Category, Item } from '@comanda/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Drafted } from '../menus/draft.js';
import { category, idOf, item, variation } from '../testing/drafts.js';
import { planImport } from './plan-import.js';
import { readSheet, type SheetFormat } from './read-sheet.js';
import { writeSheet } from './write-sheet.js';

type Drafts = { categories: Drafted<Category>[]; items: Drafted<Item>[] };

const columns = ['id', 'sku', 'item', 'category', 'variation', 'price', 'currency'] as const;
const format: SheetFormat = {
  dryRun: false,
  encoding: 'utf-8',
  delimiter: ',',
  decimal: '.',
  ...(Object.fromEntries(columns.map((name) => [`${name}Column`, name])) as Record<
    `${(typeof columns)[number]}Column`,
    string
  >),
};
const imported = (bytes: Uint8Array, drafts: Drafts, as = format) => {
  const { rows, faults } = readSheet(bytes, as);
  let made = 0;
  const { plan, faults: refused } = planImport(rows, drafts, 'en', () => idOf(`made ${(made += 1)}`));
  return { plan, faults: [...faults, ...refused] };
};

const pizzas: Drafts = {
  categories: [
    { ...category('Classic'), position: 2 },
    { ...category('Veggie'), position: 1 },
  ],
  items: [
    item('Hawaiian', {
      categoryId: category('Classic').id,
      variations: [{ ...variation('L', { USD: 16_50, EUR: 14_90 }), sku: 'hawaiian-l' }, variation('M', {})],
    }),
    item('=Spinach; "green"', { categoryId: category('Veggie').id, variations: [variation('S', { KWD: 3_250 })] }),
    item('Water', { variations: [variation('Regular', { JPY: 120 })] }),
  ],
};

test('an export has a line for each price, in the order of the menu, in the shape that the import reads', () => {
  const ids = pizzas.items.map(({ variations }) => variations[0]?.id);
  expect(
    writeSheet(pizzas, { ...format, delimiter: ';', decimal: ',' }, 'en')
      .toString()
      .split('\r\n'),
  ).toEqual([
    'id;sku;item;category;variation;currency;price',
    `${ids[1]};;"'=Spinach; ""green""";Veggie;S;KWD;3,250`,
    `${ids[0]};hawaiian-l;Hawaiian;Classic;L;EUR;14,90`,
    `${ids[0]};hawaiian-l;Hawaiian;Classic;L;USD;16,50`,
    `${ids[2]};;Water;;Regular;JPY;120`,
    '',
  ]);
});

describe('import, export, import is a fixed point', () => {
  const text = fc
    .string({ unit: fc.constantFrom('a', 'B', 'é', '面', '=', "'", '-', ',', ';', '"', ' ', '|', '.') })
    .map((said) => said.trim().replaceAll(/\s+/g, ' ') || 'x');
  const drafts = fc.record({
    categories: fc.array(fc.tuple(fc.uuid(), text), { maxLength: 3 }),
    items: fc.array(
      fc.record({
        id: fc.uuid(),
        name: text,
        heading: fc.option(fc.nat(2)),
        variations: fc.uniqueArray(
          fc.record({
            id: fc.uuid(),
            name: text,
            sku: fc.option(fc.uuid()),
            prices: fc.dictionary(fc.constantFrom('USD', 'JPY', 'KWD'), fc.nat(99_999)),
          }),
          { maxLength: 3, selector: ({ name }) => name.toLowerCase() },
        ),
      }),
      { maxLength: 5 },
    ),
  });
  const drafted = ({ categories, items }: typeof drafts extends fc.Arbitrary<infer Made> ? Made : never): Drafts => ({
    categories: categories.map(([id, name], position) => ({ id, name: { en: name }, position })),
    items: items.map(({ name, heading, variations, id }) => ({
      ...item(name),
      id,
      name: { en: name },
      categoryId: categories[heading ?? -1]?.[0] ?? null,
      variations: variations.map((each) => ({ ...each, name: { en: each.name } })),
    })),
  });
  const formats = fc.record({
    delimiter: fc.constantFrom(...([',', ';', '|', '\t'] as const)),
    decimal: fc.constantFrom(...(['.', ','] as const)),
  });

  test('what is exported changes nothing when it is imported, whatever things are called', () => {
    fc.assert(
      fc.property(drafts.map(drafted), formats, (menu, written) => {
        const { plan, faults } = imported(writeSheet(menu, { ...format, ...written }, 'en'), menu, {
          ...format,
          ...written,
        });
        expect(faults).toEqual([]);
        expect(plan.changes).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('what was imported where there was nothing is exported as it came, but for the ids', () => {
    const first = writeSheet(pizzas, format, 'en').toString();
    const { plan } = imported(Buffer.from(first), { categories: [], items: [] });
    const again = writeSheet(
      { categories: [...plan.created.categories], items: [...plan.created.items] },
      format,
      'en',
    ).toString();
    const withoutIds = (sheet: string) =>
      sheet
        .split('\r\n')
        .map((line) => line.slice(line.indexOf(',')))
        .toSorted();
    expect(withoutIds(again)).toEqual(withoutIds(first));
  });
});

describe('Windows-1252', () => {
  const as = { ...format, encoding: 'windows-1252' } as const;

  test('is written and read back', () => {
    const menu: Drafts = {
      categories: [],
      items: [item('Crème brûlée €5', { variations: [variation('S', { EUR: 5_00 })] })],
    };
    const bytes = writeSheet(menu, as, 'en');
    expect(bytes.includes(Buffer.of(0xe8, 0x6d, 0x65))).toBe(true);
    expect(imported(bytes, menu, as)).toMatchObject({ faults: [], plan: { changes: [] } });
  });

  test('is refused for what it cannot say, with the line', () => {
    const menu: Drafts = {
      categories: [],
      items: [
        item('Tea', { variations: [variation('S', { EUR: 1_00 })] }),
        item('面条', { variations: [variation('S', { EUR: 5_00 })] }),
      ],
    };
    expect(() => writeSheet(menu, as, 'en')).toThrow(/Line [23] would hold 面, which windows-1252 cannot say/);
  });
});
