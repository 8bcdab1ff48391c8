import { describe, expect, test } from 'vitest';
import { inForce, type KnownRecipe, type RecipeVersion, writeRecipes } from './recipe.js';

const grams = (stockItemId: string, quantity: number) => ({ stockItemId, quantity, unit: 'g' as const });
const day = (date: string): Date => new Date(`${date}T00:00:00Z`);
const now = day('2026-03-06');
const margherita = { of: 'variation', itemId: 'margherita', subjectId: 'margherita-m' } as const;

describe('the version in force', () => {
  const versions: RecipeVersion[] = [
    { version: 1, effectiveFrom: day('2026-01-01'), components: [grams('mozzarella', 100)], recordedAt: now },
    { version: 2, effectiveFrom: day('2026-03-01'), components: [grams('mozzarella', 120)], recordedAt: now },
    { version: 3, effectiveFrom: day('2026-02-01'), components: [grams('mozzarella', 110)], recordedAt: now },
    { version: 4, effectiveFrom: day('2026-03-01'), components: [grams('mozzarella', 125)], recordedAt: now },
  ];

  test.each([
    ['2025-12-31', undefined],
    ['2026-01-01', 1],
    ['2026-01-31', 1],
    ['2026-02-01', 3],
    ['2026-03-01', 4],
    ['2030-01-01', 4],
  ])('on %s is %o', (date, version) => {
    expect(inForce(versions, day(date))?.version).toBe(version);
  });
});

describe('a recipe that is given', () => {
  const write = (known: KnownRecipe[], ...components: { quantity: number; effectiveFrom?: Date }[]) =>
    writeRecipes(
      known,
      components.map(({ quantity, effectiveFrom }) => ({
        ...margherita,
        components: [grams('mozzarella', quantity)],
        effectiveFrom,
      })),
      now,
      () => 'minted',
    ).map(({ id, version, effectiveFrom, fresh }) => ({ id, version, effectiveFrom, fresh }));
  const known: KnownRecipe = {
    ...margherita,
    id: 'known',
    versions: [
      { version: 1, effectiveFrom: day('2026-01-01'), components: [grams('mozzarella', 100)], recordedAt: now },
    ],
  };

  test('for the first time holds always', () => {
    expect(write([], { quantity: 100 })).toEqual([
      { id: 'minted', version: 1, effectiveFrom: new Date(0), fresh: 'recipe' },
    ]);
  });

  test('for the first time since a day holds from that day', () => {
    expect(write([], { quantity: 100, effectiveFrom: day('2015-01-01') })).toMatchObject([
      { version: 1, effectiveFrom: day('2015-01-01') },
    ]);
  });

  test('again as it is changes nothing', () => {
    expect(write([known], { quantity: 100 })).toEqual([
      { id: 'known', version: 1, effectiveFrom: day('2026-01-01'), fresh: false },
    ]);
  });

  test('otherwise than before becomes the next version, from now on', () => {
    expect(write([known], { quantity: 120 })).toEqual([
      { id: 'known', version: 2, effectiveFrom: now, fresh: 'version' },
    ]);
  });

  test('as it is, but since earlier, becomes the next version', () => {
    expect(write([known], { quantity: 100, effectiveFrom: day('2015-01-01') })).toMatchObject([
      { version: 2, effectiveFrom: day('2015-01-01'), fresh: 'version' },
    ]);
  });

  test('several times in one list follows itself', () => {
    const months = [
      { quantity: 100, effectiveFrom: day('2015-01-01') },
      { quantity: 110, effectiveFrom: day('2015-02-01') },
      { quantity: 110, effectiveFrom: day('2015-03-01') },
    ];
    expect(write([], ...months)).toMatchObject([
      { id: 'minted', version: 1, fresh: 'recipe' },
      { id: 'minted', version: 2, fresh: 'version' },
      { id: 'minted', version: 2, fresh: false },
    ]);
  });

  test('with a stock item named twice takes both amounts', () => {
    const [written] = writeRecipes(
      [],
      [{ ...margherita, components: [grams('mozzarella', 80), grams('mozzarella', 20)], effectiveFrom: undefined }],
      now,
      () => 'minted',
    );
    expect(written?.components).toEqual([grams('mozzarella', 100)]);
  });

  test('of a modifier is not that of a variation with the same id', () => {
    const modifier = { of: 'modifier', itemId: null, subjectId: 'margherita-m' } as const;
    const [written] = writeRecipes(
      [known],
      [{ ...modifier, components: [], effectiveFrom: undefined }],
      now,
      () => 'minted',
    );
    expect(written).toMatchObject({ of: 'modifier', id: 'minted', version: 1 });
  });
});
