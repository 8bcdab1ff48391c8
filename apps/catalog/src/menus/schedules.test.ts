import { describe, expect, test } from 'vitest';
import { chicago, draftOf, idOf, item, layer, override, rome, schedule, variation } from '../testing/drafts.js';
import type { Layer } from './draft.js';
import { effectiveMenu } from './effective-menu.js';
import { sealMenu } from './sealed-menu.js';

const breakfast = schedule('Breakf', [{ days: ['saturday', 'sunday'], from: '07:00', to: '11:00' }]);
const happyHour = schedule('Happyh', [{ days: ['friday'], from: '16:00', to: '18:00' }]);
const pint = {
  ...variation('Pint', { USD: 6_00, EUR: 5_00 }),
  timedPrices: [{ scheduleId: happyHour.id, prices: { USD: 4_00 } }],
};

describe('a menu says when things are sold, and at which price', () => {
  test('with the schedules that it names and no others', () => {
    const items = [item('Waffle', { scheduleId: breakfast.id }), item('Beer', { variations: [pint] })];
    const { menu, faults } = effectiveMenu(draftOf({ items, schedules: [happyHour, breakfast] }), [], chicago);
    expect(faults).toEqual([]);
    expect(menu.items.map(({ scheduleId }) => scheduleId)).toEqual([undefined, breakfast.id]);
    expect(menu.items[0]?.variations[0]?.timedPrices).toEqual([{ scheduleId: happyHour.id, price: 4_00 }]);
    expect(menu.schedules?.map(({ name }) => name)).toEqual(['Breakf', 'Happyh']);
  });

  test('at a price of its own at all times, where a location or a group of them has one', () => {
    const here = layer(
      override('Beer', {
        variations: [{ variationId: idOf('Pint'), present: null, price: { amount: 7_00, currency: 'USD' } }],
      }),
    );
    const draft = draftOf({ items: [item('Beer', { variations: [pint] })], schedules: [happyHour] });
    const [beer] = effectiveMenu(draft, [here], chicago).menu.items;
    expect(beer?.variations).toEqual([{ id: idOf('Pint'), name: { en: 'Pint' }, sku: null, price: 7_00 }]);
  });

  test('at prices of its own for certain times, where a location or a group says them', () => {
    const says = (price: number | null, timedPrices?: number[]) =>
      layer(
        override('Beer', {
          variations: [
            {
              variationId: idOf('Pint'),
              present: null,
              price: price === null ? null : { amount: price, currency: 'USD' },
              timedPrices: timedPrices?.map((amount) => ({
                scheduleId: breakfast.id,
                price: { amount, currency: 'USD' },
              })),
            },
          ],
        }),
      );
    const draft = draftOf({ items: [item('Beer', { variations: [pint] })], schedules: [happyHour, breakfast] });
    const prices = (...layers: Layer[]) => {
      const [beer] = effectiveMenu(draft, layers, chicago).menu.items;
      const [{ price, timedPrices = [] } = { price: 0 }] = beer?.variations ?? [];
      return [price, ...timedPrices.map((timed) => timed.price)];
    };
    expect(prices()).toEqual([6_00, 4_00]);
    expect(prices(says(7_00))).toEqual([7_00]);
    expect(prices(says(7_00, [5_00]))).toEqual([7_00, 5_00]);
    expect(prices(says(null, [3_00]))).toEqual([6_00, 3_00]);
    expect(prices(says(null, []))).toEqual([6_00]);
    // The group says a price and a happy hour; the location says another price, and with it no happy hour, or one of its own.
    expect(prices(says(7_00, [5_00]), says(null))).toEqual([7_00, 5_00]);
    expect(prices(says(7_00, [5_00]), says(8_00))).toEqual([8_00]);
    expect(prices(says(7_00, [5_00]), says(8_00, [6_50]))).toEqual([8_00, 6_50]);
  });

  test('at the usual price alone where a happy hour has none in the currency', () => {
    const { menu } = effectiveMenu(
      draftOf({ items: [item('Beer', { variations: [pint] })], schedules: [happyHour] }),
      [],
      rome,
    );
    expect(menu.items[0]?.variations).toEqual([{ id: idOf('Pint'), name: { en: 'Pint' }, sku: null, price: 5_00 }]);
    expect(menu.schedules).toBeUndefined();
  });

  test('by a schedule that does not exist it cannot be published', () => {
    const { faults } = effectiveMenu(draftOf({ items: [item('Waffle', { scheduleId: idOf('gone') })] }), [], chicago);
    expect(faults).toMatchObject([{ detail: 'Chicago: It goes by a schedule that does not exist.' }]);
  });
});

test('a menu without schedules has the address that it had before there were any', () => {
  const before = sealMenu(effectiveMenu(draftOf({ items: [item('Pizza')] }), [], chicago).menu);
  const fields = Object.keys(JSON.parse(before.body));
  expect(fields).not.toContain('schedules');
  const after = effectiveMenu(draftOf({ items: [item('Pizza', { scheduleId: null })] }), [], chicago);
  expect(sealMenu(after.menu).hash).toBe(before.hash);
});
