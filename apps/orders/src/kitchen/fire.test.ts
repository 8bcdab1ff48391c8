import type { OrderFacts, Ticket } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { addLines } from '../orders/change-order.js';
import { type Change, type KeptOrder, linesOf } from '../orders/order.js';
import { placed } from '../testing/kept-order.js';
import { line, menu, ON_THE_MENU as on, seal } from '../testing/menu.js';
import { fire, hold, type NamedLines } from './fire.js';

/** The menu of these tests with a grill for pizzas; beer has no station. */
const { hash: _, ...usual } = menu();
const grilled = seal({
  ...usual,
  items: usual.items.map((item) => (item.id === on.beer ? item : { ...item, station: 'grill' })),
});
const sale = { menu: indexMenu(grilled), unavailable: new Map<string, number>() };

const THREE_COURSES = [
  line(on.beerPint),
  line(on.margheritaSmall, { course: 'starters' }),
  line(on.margheritaLarge, { course: 'mains', hold: true }),
  line(on.margheritaLarge, { course: '3', hold: true }),
];
const order = (lines = THREE_COURSES): KeptOrder => placed({ lines }, { sale });
const states = ({ facts }: KeptOrder) => linesOf(facts).map(({ status }) => status);
const ticketsOf = (change: Change | undefined): Ticket[] =>
  change?.told.flatMap(({ facts }) => facts.tickets ?? []) ?? [];
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'allowed';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};
const idOf = ({ facts }: { facts: OrderFacts }, at: number): string => linesOf(facts)[at]?.id ?? '';

describe('an unfired course never reaches the kitchen', () => {
  test('firing with no names sends what is not held, and its tickets say which', () => {
    const before = order();
    const fired = fire(before);
    expect(fired && states(fired.order)).toEqual(['fired', 'fired', 'placed', 'placed']);
    expect(ticketsOf(fired)).toEqual([
      { kind: 'make', station: 'kitchen', course: null, lineIds: [idOf(before, 0)] },
      { kind: 'make', station: 'grill', course: 'starters', lineIds: [idOf(before, 1)] },
    ]);
  });

  test('a course is sent when it is named, held or not, and by itself', () => {
    const before = order();
    const fired = fire(before, { courses: ['mains'] });
    expect(fired && states(fired.order)).toEqual(['placed', 'placed', 'fired', 'placed']);
    expect(linesOf(fired?.order.facts ?? before.facts)[2]).not.toHaveProperty('held');
  });

  test('what is held later is not sent, until it is named', () => {
    const held = hold(order(), { courses: ['starters'] });
    const fired = held && fire(held.order);
    expect(fired && states(fired.order)).toEqual(['fired', 'placed', 'placed', 'placed']);
    expect(held && hold(held.order, { courses: ['starters'] })).toBeUndefined();
  });

  test('what the kitchen has cannot be held any more', () => {
    const fired = fire(order())?.order ?? order();
    expect(codeOf(() => hold(fired, { lineIds: [idOf(fired, 0)] }))).toBe('line_state');
  });
});

describe('firing is idempotent', () => {
  test('each line is on one ticket, whatever is fired in whatever order', () => {
    const named = fc.constantFrom<NamedLines>(
      {},
      { courses: ['starters'] },
      { courses: ['mains', '3'] },
      { courses: ['3'] },
      { lineIds: [] },
    );
    fc.assert(
      fc.property(fc.array(named, { maxLength: 8 }), (firings) => {
        let kept = order();
        const printed: string[] = [];
        for (const each of firings) {
          const change = fire(kept, each);
          printed.push(...ticketsOf(change).flatMap(({ lineIds }) => lineIds));
          kept = change?.order ?? kept;
        }
        const sent = linesOf(kept.facts).filter(({ status }) => status === 'fired');
        expect(printed.toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
        expect(kept.facts.version).toBeLessThanOrEqual(1 + firings.length);
      }),
    );
  });

  test('once more tells nothing, and lines added since are unsent', () => {
    const fired = fire(order())?.order ?? order();
    expect(fire(fired)).toBeUndefined();
    const when = { occurredAt: new Date(), businessDate: '2026-03-06' };
    const menus = new Map([[sale.menu.hash, sale.menu]]);
    const more = addLines(fired, { lines: [line(on.beerPint)] }, { onSale: sale, menus, when, now: new Date() });
    expect(states(more.order).at(-1)).toBe('placed');
    expect(ticketsOf(fire(more.order))).toMatchObject([{ lineIds: [idOf(more.order, 4)] }]);
  });
});

describe('firing a course without a station raises, not vanishes', () => {
  test('where the location asks for stations, and names the lines', () => {
    const before = order();
    expect(codeOf(() => fire(before, {}, { stations: 'required' }))).toBe('station_missing');
    expect(codeOf(() => fire(before, { courses: ['starters'] }, { stations: 'required' }))).toBe('allowed');
  });

  test('where it does not, it goes to the kitchen', () => {
    expect(ticketsOf(fire(order([line(on.beerPint)]))).map(({ station }) => station)).toEqual(['kitchen']);
  });

  test('a course or a line that the order does not have is not found', () => {
    expect(codeOf(() => fire(order(), { courses: ['dessert'] }))).toBe('not_found');
    expect(codeOf(() => fire(order(), { lineIds: ['0199a1b2-7c3d-7e4f-8a5b-000000000000'] }))).toBe('not_found');
  });
});
