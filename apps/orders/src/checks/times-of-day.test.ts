import type { Menu } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { addLines, amend } from '../orders/change-order.js';
import { quote } from '../orders/place-order.js';
import { placed } from '../testing/kept-order.js';
import { line, menu, ON_THE_MENU as on, seal } from '../testing/menu.js';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const BREAKFAST = '0199a1b2-7c3d-7e4f-8a5b-0000000000b1';
const HAPPY_HOUR = '0199a1b2-7c3d-7e4f-8a5b-0000000000b2';

/** The menu of these tests: margherita for breakfast from 07:00 to 11:00, the pint at 4.00 from 16:00 to 18:00. */
function sale(timeZone: string) {
  const { hash: _, ...usual } = menu();
  const content: Omit<Menu, 'hash'> = {
    ...usual,
    timeZone,
    items: usual.items.map((item) => {
      if (item.id === on.margherita) return { ...item, scheduleId: BREAKFAST };
      if (item.id !== on.beer) return item;
      const timedPrices = [{ scheduleId: HAPPY_HOUR, price: 4_00 }];
      return { ...item, variations: item.variations.map((variation) => ({ ...variation, timedPrices })) };
    }),
    schedules: [
      { id: BREAKFAST, name: 'Breakfast', windows: [{ days: [...DAYS], from: '07:00', to: '11:00' }] },
      { id: HAPPY_HOUR, name: 'Happy hour', windows: [{ days: [...DAYS], from: '16:00', to: '18:00' }] },
    ],
  };
  return { menu: indexMenu(seal(content)), unavailable: new Map<string, number>() };
}

/** Orders at a moment: `sold`, or the code it is refused with. */
function ordered(moment: string, timeZone: string, more: { completed?: boolean } = {}): string {
  try {
    placed(
      { lines: [line(on.margheritaLarge)], occurredAt: moment, ...more },
      { sale: sale(timeZone), now: new Date('2026-12-01T00:00:00Z') },
    );
    return 'sold';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe('a breakfast item is orderable from 07:00 to 10:59:59 in the location’s time zone', () => {
  test.each([
    ['an ordinary day', 'America/Chicago', '2026-01-15T', ['12:59:59Z', '13:00:00Z', '16:59:59Z', '17:00:00Z']],
    [
      'the day that lacks an hour',
      'America/Chicago',
      '2026-03-08T',
      ['11:59:59Z', '12:00:00Z', '15:59:59Z', '16:00:00Z'],
    ],
    ['the day with one more', 'America/Chicago', '2026-11-01T', ['12:59:59Z', '13:00:00Z', '16:59:59Z', '17:00:00Z']],
    ['the day that lacks an hour', 'Europe/Rome', '2026-03-29T', ['04:59:59Z', '05:00:00Z', '08:59:59Z', '09:00:00Z']],
    ['the day with one more', 'Europe/Rome', '2026-10-25T', ['05:59:59Z', '06:00:00Z', '09:59:59Z', '10:00:00Z']],
  ])('%s in %s', (_, timeZone, day, times) => {
    expect(times.map((time) => ordered(day + time, timeZone))).toEqual([
      'item_unavailable',
      'sold',
      'sold',
      'item_unavailable',
    ]);
  });

  test('and what the guests already had is a fact, whatever the time', () => {
    expect(ordered('2026-01-15T23:00:00Z', 'America/Chicago', { completed: true })).toBe('sold');
  });
});

describe('the happy-hour price is chosen by the time of the line’s own order in the location’s time zone', () => {
  const chicago = sale('America/Chicago');
  const pint = { lines: [line(on.beerPint)] };
  const priceAt = (moment: string): number | undefined =>
    placed({ ...pint, occurredAt: moment }, { sale: chicago, now: new Date('2026-12-01T00:00:00Z') }).facts.checks[0]
      ?.lines[0]?.unitPrice.amount;

  test.each([
    ['2026-01-15T21:59:59Z', 6_00],
    ['2026-01-15T22:00:00Z', 4_00],
    ['2026-01-15T23:59:59Z', 4_00],
    ['2026-01-16T00:00:00Z', 6_00],
    ['2026-03-08T21:00:00Z', 4_00],
    ['2026-11-01T21:00:00Z', 6_00],
    ['2026-01-15T17:00:00-05:00', 4_00],
  ])('a pint ordered at %s costs %i', (moment, price) => {
    expect(priceAt(moment)).toBe(price);
  });

  test('not by the time it is paid, changed or added to', () => {
    const order = placed(
      { ...pint, occurredAt: '2026-01-15T22:30:00Z' },
      { sale: chicago, now: new Date('2026-12-01T00:00:00Z') },
    );
    const menus = new Map([[chicago.menu.hash, chicago.menu]]);
    const amended = amend(order, { covers: 9 }, menus);
    const when = { occurredAt: new Date('2026-01-16T01:00:00Z'), businessDate: '2026-01-15' };
    const added = addLines(
      amended?.order ?? order,
      { lines: [line(on.beerPint)] },
      { onSale: chicago, menus, when, now: when.occurredAt },
    );
    expect(added.order.facts.checks[0]?.lines.map(({ unitPrice }) => unitPrice.amount)).toEqual([4_00, 6_00]);
  });

  test('a quote is asked at a time, and costs what an order of that time costs', () => {
    const cart = { serviceType: 'dine_in' as const, covers: null, discounts: [], lines: [line(on.beerPint)] };
    expect(quote(cart, chicago, new Date('2026-01-15T22:00:00Z')).lines[0]?.unitPrice.amount).toBe(4_00);
    expect(quote(cart, chicago, new Date('2026-01-16T00:00:00Z')).lines[0]?.unitPrice.amount).toBe(6_00);
  });
});
