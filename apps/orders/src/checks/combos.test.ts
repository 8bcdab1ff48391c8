import type { Menu, NewLine, OrderLine } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { THE_CHAIN } from '../approvals/approvals.js';
import { indexMenu } from '../menus/menu-index.js';
import { addLines, voidLine } from '../orders/change-order.js';
import { breakCombo } from '../orders/break-combo.js';
import { linesOf } from '../orders/order.js';
import { numbered, placeOrder, quote } from '../orders/place-order.js';
import { combo, LUNCH, lunchMenu, lunchWith } from '../testing/combo-menu.js';
import { LOCATION, newOrder, placed, WAITER } from '../testing/kept-order.js';
import { line, ON_THE_MENU as on } from '../testing/menu.js';
import { carts, menus } from '../testing/random-menu.js';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const sale = (change: (menu: Omit<Menu, 'hash'>) => Omit<Menu, 'hash'> = (same) => same) => ({
  menu: indexMenu(lunchMenu(change)),
  unavailable: new Map<string, number>(),
});
const quoted = (lines: NewLine[], from = sale()) =>
  quote({ serviceType: 'dine_in', covers: null, discounts: [], lines }, from);
const refusal = (asked: NewLine, from = sale()) => {
  try {
    quoted([asked], from);
    return 'taken';
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.facts.errors?.[0]?.pointer];
    throw error;
  }
};
const sum = (amounts: number[]): number => amounts.reduce((all, each) => all + each, 0);

describe('a combo in an order', () => {
  test('is a line for each component, with its own item and tax, and its part of the price to the cent', () => {
    // 13.00 for what costs 12.00 and 6.00 alone.
    const { lines, totals } = quoted([lunchWith(on.margheritaLarge, on.beerPint)]);
    expect(lines).toMatchObject([
      {
        itemId: on.margherita,
        variationId: on.margheritaLarge,
        categoryId: null,
        unitPrice: usd(8_67),
        taxes: [{ taxId: on.salesTax, amount: usd(87) }],
        combo: { itemId: LUNCH.item, variationId: LUNCH.variation, name: { en: 'Lunch' }, slot: 'main' },
      },
      {
        itemId: on.beer,
        unitPrice: usd(4_33),
        taxes: [{ taxId: on.alcoholTax, amount: usd(87) }],
        combo: { slot: 'drink' },
      },
    ]);
    expect(new Set(lines.map(({ combo: of }) => of?.id)).size).toBe(1);
    expect(totals).toMatchObject({ gross: usd(13_00), net: usd(13_00), tax: usd(1_74), total: usd(14_74) });
  });

  test('three of it are three of each component', () => {
    const { lines, totals } = quoted([{ ...lunchWith(on.margheritaLarge, on.beerPint), quantity: 3 }]);
    expect(lines.map(({ quantity, gross }) => [quantity, gross.amount])).toEqual([
      [3, 26_01],
      [3, 12_99],
    ]);
    expect(totals.gross).toEqual(usd(39_00));
  });

  test('a surcharge stays with what was chosen, and so do extras', () => {
    const stuffed = {
      modifierId: on.stuffed,
      quantity: 1,
      modifiers: [{ modifierId: on.vegan, quantity: 1, modifiers: [] }],
    };
    const own = combo([
      { slot: 'main', variationId: on.ownPizzaRegular, modifiers: [stuffed] },
      { slot: 'drink', variationId: on.beerPint },
    ]);
    // 13.00 in the proportion of 10.00 to 6.00, 1.50 for the better main; stuffed 2.00 and vegan 1.00 on top.
    const { lines, totals } = quoted([own]);
    expect(lines.map(({ unitPrice, gross }) => [unitPrice.amount, gross.amount])).toEqual([
      [9_63, 12_63],
      [4_87, 4_87],
    ]);
    expect(totals.gross).toEqual(usd(17_50));
  });

  test('a discount on it is one on the whole, and shared out', () => {
    const tenth = { kind: 'percent', name: 'Tenth', rate: 100_000 } as const;
    const { lines, totals } = quoted([{ ...lunchWith(on.margheritaLarge, on.beerPint), discounts: [tenth] }]);
    expect(totals).toMatchObject({ gross: usd(13_00), discount: usd(1_30) });
    expect(lines.map(({ discounts }) => discounts)).toMatchObject([
      [{ name: 'Tenth', amount: usd(87) }],
      [{ name: 'Tenth', amount: usd(43) }],
    ]);
  });

  test('its components go their own ways in the kitchen, and carry what was said of it', () => {
    const { facts } = placed(
      { lines: [{ ...lunchWith(on.margheritaLarge, on.beerPint), seat: 2, note: 'Together' }] },
      { sale: sale() },
    );
    expect(linesOf(facts)).toMatchObject([
      { status: 'placed', seat: 2, note: 'Together' },
      { status: 'placed', seat: 2, note: 'Together' },
    ]);
  });
});

describe('a combo that cannot be ordered so', () => {
  const main = { slot: 'main', variationId: on.margheritaLarge };
  const drink = { slot: 'drink', variationId: on.beerPint };
  test.each<[string, NewLine, [string, string]]>([
    ['too few in a slot', combo([main]), ['slot_min', '/lines/0/components']],
    ['too many in a slot', combo([main, main, drink]), ['slot_max', '/lines/0/components']],
    [
      'a slot that it does not have',
      combo([main, drink, { ...drink, slot: 'dessert' }]),
      ['slot_unknown', '/lines/0/components/2'],
    ],
    ['a choice of another slot', combo([main, { ...main, slot: 'drink' }]), ['slot_unknown', '/lines/0/components/1']],
    [
      'components of what is no combo',
      line(on.beerPint, { components: combo([main]).components }),
      ['slot_unknown', '/lines/0/components/0'],
    ],
    [
      'choices with no component',
      { ...combo([main, drink]), modifiers: [{ modifierId: on.olives, quantity: 1, modifiers: [] }] },
      ['modifier_unknown', '/lines/0/modifiers'],
    ],
    [
      'a component without its crust',
      combo([{ slot: 'main', variationId: on.ownPizzaRegular }, drink]),
      ['modifier_min', '/lines/0/components/0/modifiers'],
    ],
  ])('%s', (_, asked, expected) => {
    expect(refusal(asked)).toEqual(expected);
  });

  test.each([
    ['a component that is sold out', on.beerPint, '/lines/0/components/1/variationId'],
    ['an item of a component that is sold out', on.margherita, '/lines/0/components/0/variationId'],
    ['a combo that is itself sold out', LUNCH.variation, '/lines/0/variationId'],
  ])('%s', (_, out, pointer) => {
    const without = { ...sale(), unavailable: new Map([[out, Number.POSITIVE_INFINITY]]) };
    expect(refusal(combo([main, drink]), without)).toEqual(['item_unavailable', pointer]);
  });

  test('a component outside its time of day', () => {
    const windows = [{ days: ['monday' as const], from: '10:00', to: '10:00' }];
    const mondays = sale((menu) => ({
      ...menu,
      items: menu.items.map((item) => (item.id === on.beer ? { ...item, scheduleId: LUNCH.schedule } : item)),
      schedules: [{ id: LUNCH.schedule, name: 'Mondays', windows }],
    }));
    const at = (instant: string) => () =>
      quote(
        { serviceType: 'dine_in', covers: null, discounts: [], lines: [combo([main, drink])] },
        mondays,
        new Date(instant),
      );
    expect(at('2026-03-09T18:00:00Z')).not.toThrow();
    expect(at('2026-03-11T18:00:00Z')).toThrow(expect.objectContaining({ code: 'item_unavailable' }));
  });

  test('two combos with one id, also on an order that has one', () => {
    const one = { ...combo([main, drink]), id: LUNCH.schedule };
    expect(() => quoted([one, one])).toThrow(expect.objectContaining({ code: 'id_taken' }));
    const order = placed({ lines: [one] }, { sale: sale() });
    const context = { onSale: sale(), menus: menusOf(), when: WHEN, now: new Date() };
    expect(() => addLines(order, { lines: [one] }, context)).toThrow(expect.objectContaining({ code: 'id_taken' }));
  });
});

const WHEN = { occurredAt: new Date('2026-03-06T19:30:00Z'), businessDate: '2026-03-06' };
const REASON = { reason: 'Guest left', by: 'waiter', when: WHEN, authority: THE_CHAIN };
const menusOf = () => new Map([[sale().menu.hash, sale().menu]]);

describe('a combo that was ordered', () => {
  const half = { kind: 'percent', name: 'Half', rate: 500_000 } as const;
  const order = placed(
    { lines: [{ ...lunchWith(on.margheritaLarge, on.beerPint), discounts: [half] }, line(on.beerPint)] },
    { sale: sale() },
  );
  const [pizza, pint, other] = linesOf(order.facts) as [OrderLine, OrderLine, OrderLine];

  test('is voided as one, whichever component is named; what does not belong to it stays', () => {
    for (const { id } of [pizza, pint]) {
      const after = voidLine(order, id, REASON, menusOf()).order.facts;
      expect(linesOf(after).map(({ status }) => status)).toEqual(['voided', 'voided', 'placed']);
      expect(after.totals.total).toEqual(usd(7_20));
    }
    const without = voidLine(order, other.id, REASON, menusOf()).order.facts;
    expect(linesOf(without).map(({ status }) => status)).toEqual(['placed', 'placed', 'voided']);
  });

  test('is broken explicitly: its components cost what they cost alone, less what was taken off, and are voided alone', () => {
    const broken = breakCombo(order, pizza.combo?.id ?? '', menusOf()).order;
    expect(linesOf(broken.facts)).toMatchObject([
      { id: pizza.id, unitPrice: usd(12_00), discounts: [{ name: 'Half', amount: usd(4_34) }] },
      { id: pint.id, unitPrice: usd(6_00), discounts: [{ name: 'Half', amount: usd(2_16) }] },
      { id: other.id },
    ]);
    expect(linesOf(broken.facts).map(({ combo: of }) => of)).toEqual([undefined, undefined, undefined]);
    expect(broken.facts.checks[0]?.version).toBe(2);
    const after = voidLine(broken, pint.id, REASON, menusOf()).order.facts;
    expect(linesOf(after).map(({ status }) => status)).toEqual(['placed', 'voided', 'placed']);
    expect(() => breakCombo(broken, pizza.combo?.id ?? '', menusOf())).toThrow('no such combo');
  });
});

describe('quote(x) total == create(x) total for 10,000 random carts', () => {
  test('with combos among them: their lines sum to their totals, and each combo to its price', () => {
    const evenings = menus.chain((published) =>
      fc.array(carts(published), { minLength: 10, maxLength: 10 }).map((all) => ({ menu: indexMenu(published), all })),
    );
    let combos = 0;
    fc.assert(
      fc.property(evenings, ({ menu, all }) => {
        const from = { menu, unavailable: new Map<string, number>() };
        for (const cart of all) combos += expectSums(cart, from);
      }),
      { numRuns: 1_000 },
    );
    expect(combos).toBeGreaterThan(1_000);
  });
});

type Sale = ReturnType<typeof sale>;

/** Quotes a cart, places it, and adds everything up. @returns how many combos were in it */
function expectSums(cart: Parameters<typeof quote>[0], from: Sale): number {
  const { totals, lines } = quote(cart, from);
  const { facts } = numbered(placeOrder(newOrder(cart), { caller: WAITER, place: LOCATION, onSale: from }), 1);
  expect(facts.totals).toEqual(totals);
  expect(sum(lines.map(({ net }) => net.amount))).toBe(totals.net.amount);
  expect(sum(lines.map(({ gross }) => gross.amount))).toBe(totals.gross.amount);
  const combos = Map.groupBy(
    lines.filter((each) => each.combo),
    (each) => each.combo?.id,
  );
  for (const own of combos.values()) {
    const variation = from.menu.offers.get(own[0]?.combo?.variationId ?? '')?.variation;
    const surcharges = own.map(({ variationId, combo: of }) => {
      const slot = variation?.slots?.find(({ code }) => code === of?.slot);
      return slot?.choices.find((each) => each.variationId === variationId)?.surcharge ?? 0;
    });
    expect(sum(own.map(({ unitPrice }) => unitPrice.amount))).toBe((variation?.price ?? 0) + sum(surcharges));
  }
  return combos.size;
}
