import type { LinesReturned, Menu, NewOrder } from '@comanda/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { THE_CHAIN } from '../approvals/approvals.js';
import { indexMenu } from '../menus/menu-index.js';
import { LUNCH, lunchMenu, lunchWith } from '../testing/combo-menu.js';
import { inState, LOCATION, newOrder, placed, WAITER } from '../testing/kept-order.js';
import { line, ON_THE_MENU as on } from '../testing/menu.js';
import { carts, menus } from '../testing/random-menu.js';
import { addLines, amend, cancel, pay, voidLine } from './change-order.js';
import { type KeptOrder, linesOf } from './order.js';
import { numbered, placeOrder } from './place-order.js';
import { returnLines } from './return-lines.js';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const WHEN = { occurredAt: new Date('2026-03-07T19:30:00Z'), businessDate: '2026-03-07' };
const REASON = { reason: 'Cold', by: 'waiter', when: WHEN, authority: THE_CHAIN };
const RETURN = '0199a1b2-7c3d-7e4f-8a5b-00000000f001';

/** Lunches whose price contains its taxes: 10 % on food, 20 % on beer. */
const inclusive = (content: Omit<Menu, 'hash'>) => ({
  ...content,
  taxes: content.taxes.map((tax) => ({ ...tax, inclusive: true })),
});
const sale = { menu: indexMenu(lunchMenu(inclusive)), unavailable: new Map<string, number>() };
const menusOf = new Map([[sale.menu.hash, sale.menu]]);

function paid(order: KeptOrder): KeptOrder {
  const [check] = order.facts.checks;
  const captured = check?.totals.total.amount ?? 0;
  return pay(order, check?.id ?? '', { paymentId: RETURN, version: 1, captured })?.order ?? order;
}
const bought = (more: Partial<NewOrder>) => paid(placed(more, { sale }));
const back = (order: KeptOrder, asked: Partial<Parameters<typeof returnLines>[1]>, id = RETURN) => {
  const { order: after } = returnLines(order, { id, lines: [], combos: [], ...asked }, REASON);
  const made = after.facts.returns?.find((each) => each.id === id) as LinesReturned;
  return { after, made };
};
const refused = (order: KeptOrder, asked: Parameters<typeof back>[1]) => {
  try {
    back(order, asked);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const sum = (amounts: number[]): number => amounts.reduce((all, each) => all + each, 0);

describe('a refund of 1 of 3 menus', () => {
  // Three lunches at 13.00, a tenth off, and a pint: (8.67 + 4.33) · 3 − 3.90 + 6.00, taxes in the price.
  const tenth = { kind: 'percent', name: 'Tenth', rate: 100_000 } as const;
  const order = bought({
    lines: [{ ...lunchWith(on.margheritaLarge, on.beerPint), quantity: 3, discounts: [tenth] }, line(on.beerPint)],
  });
  const [pizzas, pints] = linesOf(order.facts);
  const comboId = pizzas?.combo?.id ?? '';

  test('gives back exactly that menu’s components and its part of the price, with tax in it and discount off it', () => {
    expect(order.facts.totals.total).toEqual(usd(41_10));
    const { made, after } = back(order, { combos: [{ comboId, quantity: 1 }] });
    expect(made.lines).toMatchObject([
      { lineId: pizzas?.id, quantity: 1, gross: usd(8_67), discounts: [{ name: 'Tenth', amount: usd(87) }] },
      { lineId: pints?.id, quantity: 1, gross: usd(4_33), discounts: [{ name: 'Tenth', amount: usd(43) }] },
    ]);
    // 23.41 and 11.69 were charged for three: 7.81 and 3.90 for the first of them.
    expect(made.lines.map(({ total }) => total.amount)).toEqual([7_81, 3_90]);
    expect(made).toMatchObject({ total: usd(11_71), reason: 'Cold', by: 'waiter', businessDate: '2026-03-07' });
    expect(made.tax.amount).toBe(sum(made.lines.flatMap(({ taxes }) => taxes.map(({ amount }) => amount.amount))));
    expect(linesOf(after.facts).map(({ returned }) => returned)).toEqual([1, 1, undefined]);
    expect(after.facts.totals).toEqual(order.facts.totals);
    expect(after.facts.checks[0]?.version).toBe(order.facts.checks[0]?.version);
  });

  test('and of the other two gives the rest: all units together come to what was charged', () => {
    const first = back(order, { combos: [{ comboId, quantity: 1 }] });
    const others = back(first.after, { combos: [{ comboId, quantity: 2 }] }, on.beer);
    expect(first.made.total.amount + others.made.total.amount).toBe(41_10 - 6_00);
    expect(first.made.tax.amount + others.made.tax.amount).toBe(
      sum([pizzas, pints].flatMap((each) => each?.taxes.map(({ amount }) => amount.amount) ?? [])),
    );
    expect(refused(others.after, { combos: [{ comboId, quantity: 1 }] })).toBe('return_exceeds_sold');
  });

  test('or of one component of one of them: its part alone', () => {
    const { made } = back(order, { lines: [{ lineId: pints?.id ?? '', quantity: 1 }] });
    expect(made.total).toEqual(usd(3_90));
  });
});

describe('what was returned', () => {
  const order = bought({ lines: [line(on.beerPint, { quantity: 2 }), line(on.margheritaLarge)] });
  const [pints, pizza] = linesOf(order.facts).map(({ id }) => id) as [string, string];
  const one = { lines: [{ lineId: pints, quantity: 1 }] };

  test('is named as often as one likes, and counted together', () => {
    expect(refused(order, { lines: [...one.lines, ...one.lines] })).toBe('taken');
    expect(refused(order, { lines: [...one.lines, ...one.lines, ...one.lines] })).toBe('return_exceeds_sold');
  });

  test('can be of an order that is completed', () => {
    expect(refused(inState(order, 'completed', 'completed'), one)).toBe('taken');
  });

  test('is no part of what was voided, is unpaid, or is not on the order', () => {
    expect(refused(placed({}, { sale }), one)).toBe('reference_unknown');
    const open = placed({ lines: [line(on.beerPint, { id: pints })] }, { sale });
    expect(refused(open, one)).toBe('order_unpaid');
    expect(
      refused(paid(voidLine(order, pizza, REASON, menusOf).order), { lines: [{ lineId: pizza, quantity: 1 }] }),
    ).toBe('line_state');
    expect(refused(order, {})).toBe('reference_unknown');
    expect(refused(order, { combos: [{ comboId: LUNCH.item, quantity: 1 }] })).toBe('reference_unknown');
  });

  test('leaves the order as it was charged: nothing is added, voided or taken off after it', () => {
    const { after } = back(order, one);
    const code = expect.objectContaining({ code: 'order_returned' });
    const context = { onSale: sale, menus: menusOf, when: WHEN, now: new Date() };
    expect(() => addLines(after, { lines: [line(on.beerPint)] }, context)).toThrow(code);
    expect(() => voidLine(after, pizza, REASON, menusOf)).toThrow(code);
    expect(() => amend(after, { covers: 9 }, menusOf)).toThrow(code);
    expect(() => cancel(after, REASON, menusOf)).toThrow(code);
    expect(amend(after, { note: 'Sorry' }, menusOf)?.order.facts.note).toBe('Sorry');
    expect(() => back(after, one)).toThrow(expect.objectContaining({ code: 'id_taken' }));
  });
});

test('whatever was sold, returning it unit by unit gives back every amount that was charged', () => {
  const cases = menus.chain((published) => carts(published).map((cart) => ({ published, cart })));
  fc.assert(
    fc.property(cases, ({ published, cart }) => {
      const from = { menu: indexMenu(published), unavailable: new Map<string, number>() };
      const order = paid(numbered(placeOrder(newOrder(cart), { caller: WAITER, place: LOCATION, onSale: from }), 1));
      let now = order;
      for (const [at, { id: lineId, quantity }] of linesOf(order.facts).entries())
        for (let unit = 0; unit < quantity; unit += 2) {
          const id = `0199a1b2-7c3d-7e4f-8a5b-${(at * 100 + unit).toString(16).padStart(12, '0')}`;
          now = back(now, { lines: [{ lineId, quantity: Math.min(2, quantity - unit) }] }, id).after;
        }
      const returns = now.facts.returns ?? [];
      const lines = returns.flatMap((each) => each.lines);
      const { total, tax, net, serviceCharge, gross, discount } = order.facts.totals;
      expect(sum(returns.map((each) => each.total.amount))).toBe(total.amount);
      expect(sum(returns.map((each) => each.tax.amount))).toBe(tax.amount);
      expect(sum(lines.map((each) => each.net.amount))).toBe(net.amount);
      expect(sum(lines.map((each) => each.serviceCharge.amount))).toBe(serviceCharge.amount);
      expect(sum(lines.map((each) => each.gross.amount))).toBe(gross.amount);
      expect(sum(lines.flatMap((each) => each.discounts.map(({ amount }) => amount.amount)))).toBe(discount.amount);
      expect(
        lines.every(
          (each) =>
            each.total.amount ===
            each.net.amount + each.serviceCharge.amount + sum(each.taxes.map(({ amount }) => amount.amount)),
        ),
      ).toBe(true);
    }),
    { numRuns: 300 },
  );
});
