import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addLines, pay } from '../orders/change-order.js';
import { type Change, type KeptOrder, linesOf } from '../orders/order.js';
import { split } from '../splits/split.js';
import { onSale, placed } from '../testing/kept-order.js';
import { line, ON_THE_MENU as on } from '../testing/menu.js';
import { combined, merge, partyOf, unmerge } from './party.js';

const done = (change: Change | undefined, order: KeptOrder): KeptOrder => change?.order ?? order;
const together = (orders: readonly KeptOrder[]): KeptOrder[] =>
  orders.map((order) => done(merge(orders)(order), order));
const paid = (order: KeptOrder, captured: number) =>
  done(pay(order, order.facts.checks[0]?.id ?? '', { paymentId: 'p', version: 1, captured }), order);

test('merge then unmerge restores the original lines, checks and kitchen sent-state', () => {
  const statuses = fc.constantFrom('placed' as const, 'fired' as const, 'ready' as const, 'voided' as const);
  const orders = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.array(statuses, { minLength: 2, maxLength: 2 })),
    {
      minLength: 2,
      maxLength: 5,
    },
  );
  fc.assert(
    fc.property(orders, (asked) => {
      const before = asked.map(([ways, own]): KeptOrder => {
        const order = placed();
        const checks = order.facts.checks.map((check) => ({
          ...check,
          lines: check.lines.map((each, at) => ({ ...each, status: own[at] ?? 'placed' })),
        }));
        const set = { ...order, facts: { ...order.facts, checks } };
        return ways > 1 ? split(order, { by: 'evenly', ways }).order : set;
      });
      const merged = together(before);
      for (const order of merged) expect(new Set(partyOf(order))).toEqual(new Set(before.map(({ facts }) => facts.id)));
      const apart = merged.map((order) => done(unmerge(order), order));
      for (const [at, order] of apart.entries()) {
        const { party: _, version, ...facts } = order.facts;
        const { version: was, ...original } = before[at]?.facts ?? order.facts;
        expect(facts).toEqual(original);
        expect(version).toBe(was + 2);
      }
    }),
    { numRuns: 100 },
  );
});

test('the combined check is what all orders come to, have paid and owe', () => {
  const [one, other] = together([placed(), paid(placed(), 7_60)]);
  if (!one || !other) throw new Error('Two orders were merged.');
  const { check } = combined([one, other], []);
  expect(check).toMatchObject({
    totals: { total: { amount: 55_20 }, tax: { amount: 7_20 } },
    paid: { amount: 7_60 },
    due: { amount: 47_60 },
  });
  expect(check.lines).toHaveLength(4);
});

test('what is added, voided or paid meanwhile stays with the order it happened to', () => {
  const sale = onSale();
  const menus = new Map([[sale.menu.hash, sale.menu]]);
  const when = { occurredAt: new Date(), businessDate: '2026-03-06' };
  const [one, other] = together([placed(), placed()]);
  if (!one || !other) throw new Error('Two orders were merged.');
  const more = addLines(one, { lines: [line(on.beerPint)] }, { onSale: sale, menus, when, now: new Date() }).order;
  const apart = [done(unmerge(more), more), done(unmerge(paid(other, 27_60)), other)];
  expect(apart.map((order) => linesOf(order.facts).length)).toEqual([3, 2]);
  expect(apart.map((order) => order.facts.totals.total.amount)).toEqual([34_80, 27_60]);
  expect(apart.map((order) => order.facts.paymentStatus)).toEqual(['unpaid', 'paid']);
});

test('merging the same orders again changes nothing; one more joins them all', () => {
  const three = [placed(), placed(), placed()];
  const two = together(three.slice(0, 2));
  expect(two.map((order) => merge(two)(order))).toEqual([undefined, undefined]);
  const all = together([...two, ...three.slice(2)]);
  expect(all.map((order) => partyOf(order).length)).toEqual([3, 3, 3]);
});

test('orders of two locations do not pay together, nor do more than fifty', () => {
  const order = placed();
  const elsewhere = { ...order, facts: { ...order.facts, locationId: on.beer } };
  const code = (orders: readonly KeptOrder[]) => {
    try {
      merge(orders);
      return 'merged';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(code([order, elsewhere])).toBe('merge_invalid');
  expect(code(Array.from({ length: 51 }, () => placed()))).toBe('merge_invalid');
});
