import type { Item, ItemOverride } from '@comanda/client';
import { describe, expect, test } from 'vitest';
import { overriding } from './overriding.js';

const stamps = { version: 3, createdAt: '2026-03-06T10:00:00Z', updatedAt: '2026-03-06T10:00:00Z' };

/** A draft; its variations are called by their ids. */
function draft(id: string, present: boolean, prices: Record<string, Record<string, number>>): Item {
  const variations = Object.entries(prices).map(([variation, of]) => ({
    id: variation,
    name: { en: variation },
    sku: null,
    prices: of,
  }));
  const rest = { description: null, pictures: [], categoryId: null, position: 0, taxIds: null, modifierGroupIds: [] };
  return { id, name: { en: id }, present, variations, ...rest, ...stamps };
}

const override = (itemId: string, said: Partial<ItemOverride>): ItemOverride => ({
  locationId: 'tokyo',
  itemId,
  present: null,
  variations: [],
  ...stamps,
  ...said,
});

const yen = (amount: number) => ({ amount, currency: 'JPY' });

/** What is to be said in Tokyo when a history sells some variations at some prices. */
const inTokyo = (drafts: Item[], prices: Record<string, number>, ...said: ItemOverride[]) =>
  overriding(drafts, new Map(said.map((each) => [each.itemId, each])), new Map(Object.entries(prices)), 'JPY');

describe('what the history sells', () => {
  test('is sold here, also if it is sold nowhere else', () => {
    expect(inTokyo([draft('ramen', false, { large: { JPY: 980 } })], { large: 980 })).toEqual([
      { itemId: 'ramen', present: true, variations: [], version: undefined },
    ]);
  });

  test('and is sold here anyway needs no word', () => {
    expect(inTokyo([draft('ramen', true, { large: { JPY: 980 } })], { large: 980 })).toEqual([]);
    const said = override('ramen', { present: true });
    expect(inTokyo([draft('ramen', false, { large: { JPY: 980 } })], { large: 980 }, said)).toEqual([]);
  });

  test('is sold here again where it was taken off, and the rest of what was said stays', () => {
    const said = override('ramen', {
      present: false,
      variations: [
        { variationId: 'small', present: false, price: null },
        { variationId: 'large', present: false, price: null },
      ],
    });
    const drafts = [draft('ramen', true, { small: { JPY: 680 }, large: { JPY: 980 } })];
    expect(inTokyo(drafts, { large: 980 }, said)).toEqual([
      {
        itemId: 'ramen',
        present: true,
        variations: [
          { variationId: 'small', present: false, price: null },
          { variationId: 'large', present: null, price: null },
        ],
        version: 3,
      },
    ]);
  });

  test('costs what the history says where the location has a price of its own', () => {
    const said = override('ramen', { variations: [{ variationId: 'large', present: null, price: yen(1_200) }] });
    const drafts = [draft('ramen', true, { large: { JPY: 980 } })];
    expect(inTokyo(drafts, { large: 980 }, said)).toEqual([
      {
        itemId: 'ramen',
        present: null,
        variations: [{ variationId: 'large', present: null, price: yen(980) }],
        version: 3,
      },
    ]);
    expect(inTokyo(drafts, { large: 1_200 }, said)).toEqual([]);
  });
});

describe('what has no price in the currency of the place', () => {
  test('is not sold here: a menu with it cannot be published', () => {
    const drafts = [draft('pizza', true, { S: { USD: 12_00 }, L: { USD: 20_00 } })];
    expect(inTokyo(drafts, {})).toEqual([{ itemId: 'pizza', present: false, variations: [], version: undefined }]);
  });

  test('is left out of an item that is sold here otherwise', () => {
    const drafts = [draft('pizza', true, { S: { USD: 12_00, JPY: 1_500 }, L: { USD: 20_00 } })];
    const withoutL = [{ variationId: 'L', present: false, price: null }];
    expect(inTokyo(drafts, {})).toEqual([{ itemId: 'pizza', present: null, variations: withoutL, version: undefined }]);
    expect(inTokyo(drafts, { S: 1_500 })).toEqual([
      { itemId: 'pizza', present: null, variations: withoutL, version: undefined },
    ]);
    const said = override('pizza', { variations: [{ variationId: 'L', present: false, price: null }] });
    expect(inTokyo(drafts, { S: 1_500 }, said)).toEqual([]);
  });

  test('needs no word where it is not sold, or has a price here alone', () => {
    const pizza = { S: { USD: 12_00 } };
    expect(inTokyo([draft('pizza', false, pizza)], {})).toEqual([]);
    expect(inTokyo([draft('pizza', true, pizza)], {}, override('pizza', { present: false }))).toEqual([]);
    const said = override('pizza', { variations: [{ variationId: 'S', present: null, price: yen(1_500) }] });
    expect(inTokyo([draft('pizza', true, pizza)], {}, said)).toEqual([]);
  });
});
