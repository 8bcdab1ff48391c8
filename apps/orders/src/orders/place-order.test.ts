import { MAX_AMOUNT, type NewLine, OrderFacts, Quote } from '@comanda/contracts';
import type { Caller } from '@comanda/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { LOCATION, newOrder, onSale, placed, WAITER } from '../testing/kept-order.js';
import { line, menu, ON_THE_MENU as on, seal } from '../testing/menu.js';
import { carts, menus } from '../testing/random-menu.js';
import { numbered, placeOrder, quote } from './place-order.js';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const sale = onSale();
const place = (more: Parameters<typeof newOrder>[0] = {}, { caller = WAITER, now = new Date(), at = LOCATION } = {}) =>
  placeOrder(newOrder(more), { caller, place: at, onSale: sale, now }).facts;
const crust = (modifierId: string, below: NewLine['modifiers'] = []) => ({ modifierId, quantity: 1, modifiers: below });

describe('a quote', () => {
  test('equals the charge for the same order, for any menu and any cart, and its parts sum to it', () => {
    const cases = menus.chain((published) => carts(published).map((cart) => ({ published, cart })));
    fc.assert(
      fc.property(cases, ({ published, cart }) => {
        const random = { menu: indexMenu(published), unavailable: new Map() };
        const quoted = Quote.parse(quote(cart, random));
        const order = placeOrder(newOrder(cart), { caller: WAITER, place: LOCATION, onSale: random });
        const { facts } = numbered(order, 1);
        expect(OrderFacts.parse(facts)).toEqual(facts);
        expect(facts.totals).toEqual(quoted.totals);
        const { lines, charges, totals } = quoted;
        const sum = (amounts: number[]): number => amounts.reduce((all, each) => all + each, 0);
        expect(totals.total.amount).toBe(totals.net.amount + totals.serviceCharge.amount + totals.tax.amount);
        expect(totals.net.amount).toBe(sum(lines.map(({ net }) => net.amount)));
        expect(totals.serviceCharge.amount).toBe(sum(charges.map(({ amount }) => amount.amount)));
        const taxes = [...lines, ...charges].flatMap((part) => part.taxes.map(({ amount }) => amount.amount));
        expect(totals.tax.amount).toBe(sum(taxes));
        expect(
          lines.every(
            ({ net, taxes: own, total }) => total.amount === net.amount + sum(own.map((t) => t.amount.amount)),
          ),
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('reads like the menu: two pints and a pizza with a stuffed crust, a tenth off the pints', () => {
    const quoted = quote(
      {
        serviceType: 'dine_in',
        covers: null,
        discounts: [],
        lines: [
          line(on.beerPint, { quantity: 2, discounts: [{ kind: 'percent', name: 'Happy hour', rate: 100_000 }] }),
          line(on.ownPizzaRegular, { modifiers: [crust(on.stuffed, [crust(on.vegan)])] }),
        ],
      },
      sale,
    );
    expect(quoted.lines).toMatchObject([
      {
        name: { en: 'Beer' },
        variationName: { en: 'Pint' },
        unitPrice: usd(6_00),
        gross: usd(12_00),
        discounts: [{ name: 'Happy hour', amount: usd(1_20) }],
        net: usd(10_80),
        taxes: [{ taxId: on.alcoholTax, name: 'Alcohol tax', rate: 200_000, inclusive: false, amount: usd(2_16) }],
        total: usd(12_96),
      },
      {
        unitPrice: usd(10_00),
        modifiers: [
          {
            name: { en: 'Stuffed' },
            unitPrice: usd(2_00),
            modifiers: [{ name: { en: 'Vegan' }, unitPrice: usd(1_00) }],
          },
        ],
        gross: usd(13_00),
        total: usd(14_30),
      },
    ]);
    expect(quoted.totals).toMatchObject({ gross: usd(25_00), discount: usd(1_20), tax: usd(3_46), total: usd(27_26) });
  });

  test('has the service charge of a large party, and not of one that takes its food away', () => {
    const cart = { covers: 8, discounts: [], lines: [line(on.margheritaLarge)] };
    const here = quote({ ...cart, serviceType: 'dine_in' }, sale);
    expect(here.charges).toEqual([{ id: on.service, name: 'Large party', amount: usd(1_20), taxes: [] }]);
    expect(here.totals.total).toEqual(usd(12_00 + 1_20 + 1_20));
    expect(quote({ ...cart, serviceType: 'take_away' }, sale).charges).toEqual([]);
  });
});

describe('what is refused', () => {
  const refused = (lines: NewLine[]) => {
    try {
      return place({ lines });
    } catch (error) {
      return error;
    }
  };

  test.each<[string, NewLine[], string, string]>([
    ['something that is not on the menu', [line(on.margherita)], 'item_unknown', '/lines/0/variationId'],
    ['no crust', [line(on.margheritaLarge), line(on.ownPizzaRegular)], 'modifier_min', '/lines/1/modifiers'],
    [
      'two crusts',
      [line(on.ownPizzaRegular, { modifiers: [{ ...crust(on.thin), quantity: 2 }] })],
      'modifier_max',
      '/lines/0/modifiers',
    ],
    [
      'a stuffed crust without its filling',
      [line(on.ownPizzaRegular, { modifiers: [crust(on.stuffed)] })],
      'modifier_min',
      '/lines/0/modifiers',
    ],
    [
      'a filling in a thin crust',
      [line(on.ownPizzaRegular, { modifiers: [crust(on.thin, [crust(on.vegan)])] })],
      'modifier_unknown',
      '/lines/0/modifiers',
    ],
    [
      'olives on a beer',
      [line(on.beerPint, { modifiers: [crust(on.olives)] })],
      'modifier_unknown',
      '/lines/0/modifiers',
    ],
    [
      'a choice that nobody offers',
      [line(on.ownPizzaRegular, { modifiers: [crust(on.thin), crust(on.salesTax)] })],
      'modifier_unknown',
      '/lines/0/modifiers',
    ],
  ])('%s', (_, lines, code, pointer) => {
    expect(refused(lines)).toMatchObject({ code, status: 422, facts: { errors: [{ pointer }] } });
  });

  test('a pizza that its choices make cheaper than nothing', () => {
    const cheese = { ...crust(on.withoutCheese), quantity: 3 };
    expect(refused([line(on.ownPizzaRegular, { modifiers: [crust(on.thin), cheese] })])).toMatchObject({
      code: 'price_below_zero',
      status: 422,
    });
  });

  test('a bill larger than any bill', () => {
    const { hash: _, ...content } = menu();
    const [item, ...items] = content.items;
    const dear = { ...item?.variations[0], price: MAX_AMOUNT } as never;
    const gold = indexMenu(seal({ ...content, items: [{ ...item, variations: [dear] } as never, ...items] }));
    const asked = newOrder({ lines: [line(on.margheritaSmall, { quantity: 2 })] });
    expect(() =>
      placeOrder(asked, { caller: WAITER, place: LOCATION, onSale: { menu: gold, unavailable: new Map() } }),
    ).toThrow(expect.objectContaining({ code: 'amount_too_large' }));
  });

  test('two lines, or a line and a discount, with one id', () => {
    const id = '0199a1b2-7c3d-7e4f-8a5b-00000000abcd';
    expect(refused([line(on.beerPint, { id }), line(on.beerPint, { id })])).toMatchObject({ code: 'id_taken' });
    const voucher = { kind: 'fixed', id, name: 'Voucher', amount: 100 } as const;
    expect(refused([line(on.beerPint, { id, discounts: [voucher] })])).toMatchObject({ code: 'id_taken' });
  });

  test('another total than the guest was shown, saying both', () => {
    expect(() => place({ expectedTotal: usd(27_59) })).toThrow(
      expect.objectContaining({
        code: 'expected_total_differs',
        status: 409,
        facts: { expected: usd(27_59), actual: usd(27_60) },
      }),
    );
    expect(() => place({ expectedTotal: { amount: 27_60, currency: 'EUR' } })).toThrow('not what was expected');
    expect(place({ expectedTotal: usd(27_60) }).totals.total).toEqual(usd(27_60));
  });

  test.each([
    ['the item', on.margherita],
    ['the variation', on.margheritaLarge],
  ])('what is out, by %s, until it is back', (_, id) => {
    const now = new Date('2026-03-06T19:30:00Z');
    const out = (until: number) => ({ ...sale, unavailable: new Map([[id, until]]) });
    const order = (until: number, completed = false) =>
      placeOrder(newOrder({ completed }), { caller: WAITER, place: LOCATION, onSale: out(until), now });
    expect(() => order(Number.POSITIVE_INFINITY)).toThrow(
      expect.objectContaining({
        code: 'item_unavailable',
        facts: { errors: [expect.objectContaining({ pointer: '/lines/0/variationId' })] },
      }),
    );
    expect(() => order(now.getTime() + 1)).toThrow('cannot be ordered now');
    expect(order(now.getTime()).facts.status).toBe('placed');
    // The guests of a completed order have it already.
    expect(order(Number.POSITIVE_INFINITY, true).facts.status).toBe('completed');
  });
});

describe('the business day', () => {
  const rome = { ...LOCATION, timeZone: 'Europe/Rome' };
  test.each([
    ['an evening', '2026-03-06T19:30:00-06:00', LOCATION, '2026-03-06'],
    ['past midnight, before closing', '2026-03-07T01:30:00-06:00', LOCATION, '2026-03-06'],
    ['the minute before closing', '2026-03-07T03:59:59-06:00', LOCATION, '2026-03-06'],
    ['closing', '2026-03-07T04:00:00-06:00', LOCATION, '2026-03-07'],
    // Chicago, 8 March 2026: 02:00 becomes 03:00.
    ['the night with 23 hours, before the change', '2026-03-08T01:59:00-06:00', LOCATION, '2026-03-07'],
    ['the night with 23 hours, after the change', '2026-03-08T03:30:00-05:00', LOCATION, '2026-03-07'],
    ['the day after the night with 23 hours', '2026-03-08T04:00:00-05:00', LOCATION, '2026-03-08'],
    // Rome, 25 October 2026: 03:00 becomes 02:00.
    ['the night with 25 hours, first 02:30', '2026-10-25T02:30:00+02:00', rome, '2026-10-24'],
    ['the night with 25 hours, second 02:30', '2026-10-25T02:30:00+01:00', rome, '2026-10-24'],
    ['the day after the night with 25 hours', '2026-10-25T04:00:00+01:00', rome, '2026-10-25'],
  ])('of %s', (_, occurredAt, at, businessDate) => {
    const facts = place({ occurredAt }, { at, now: new Date('2026-12-31T12:00:00Z') });
    expect(facts.businessDate).toBe(businessDate);
    expect(facts.occurredAt).toBe(new Date(occurredAt).toISOString());
  });

  test('lies before yesterday only for who may import', () => {
    const now = new Date('2026-03-06T19:30:00Z');
    const till: Caller = { ...WAITER, scopes: new Set(['orders:write']) };
    const monday = { occurredAt: '2026-03-02T19:30:00Z' };
    expect(() => place(monday, { caller: till, now })).toThrow(expect.objectContaining({ code: 'time_not_allowed' }));
    expect(place(monday, { now }).businessDate).toBe('2026-03-02');
    expect(place({ occurredAt: '2026-03-05T19:30:00Z' }, { caller: till, now }).businessDate).toBe('2026-03-05');
  });
});

describe('an accepted order', () => {
  test('is unpaid, unless there is nothing to pay', () => {
    expect(place().paymentStatus).toBe('unpaid');
    const free = { kind: 'percent', name: 'On the house', rate: 1_000_000 } as const;
    const { paymentStatus, totals } = place({ discounts: [free] });
    expect({ paymentStatus, total: totals.total }).toEqual({ paymentStatus: 'paid', total: usd(0) });
  });

  test('remembers nothing of its lines that they show themselves', () => {
    expect(placed().terms).toEqual({});
  });
});
