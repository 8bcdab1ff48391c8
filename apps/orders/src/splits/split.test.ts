import { OrderFacts, type OrderSplit } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { THE_CHAIN } from '../approvals/approvals.js';
import { addLines, amend, cancel, pay, voidLine } from '../orders/change-order.js';
import { type Change, type KeptOrder, linesOf } from '../orders/order.js';
import { onSale, placed } from '../testing/kept-order.js';
import { line, ON_THE_MENU as on } from '../testing/menu.js';
import { carts, menus as randomMenus } from '../testing/random-menu.js';
import { split, unsplit } from './split.js';

const sale = onSale();
const menus = new Map([[sale.menu.hash, sale.menu]]);
const when = { occurredAt: new Date('2026-03-06T19:30:00Z'), businessDate: '2026-03-06' };
const reason = { reason: 'Burnt', by: 'waiter', when, authority: THE_CHAIN };

const after = (change: Change | undefined): KeptOrder => {
  if (!change) throw new Error('Nothing changed.');
  OrderFacts.parse(change.order.facts);
  return change.order;
};
const divide = (order: KeptOrder, asked: OrderSplit) => after(split(order, asked));
const add = (order: KeptOrder, checkId?: string, ...lines: ReturnType<typeof line>[]) =>
  after(addLines(order, { checkId, lines }, { onSale: sale, menus, when, now: when.occurredAt }));
const checkAt = (order: KeptOrder, at: number) => {
  const check = order.facts.checks[at];
  if (!check) throw new Error(`There is no check ${at}.`);
  return check;
};
const lineAt = (order: KeptOrder, at: number) => linesOf(order.facts)[at]?.id ?? '';
const paid = (order: KeptOrder, at: number, captured = checkAt(order, at).totals.total.amount) =>
  after(pay(order, checkAt(order, at).id, { paymentId: newId(), version: 1, captured }));
const totals = ({ facts }: KeptOrder): number[] => facts.checks.map((check) => check.totals.total.amount);
const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

/** A table of four: a margherita each for seats 1 and 2, a pint for seat 2, three pints for all. 24.00 + 2.40 and 24.00 + 4.80. */
const table = (more: Parameters<typeof placed>[0] = {}) =>
  placed({
    lines: [
      line(on.margheritaLarge, { seat: 1 }),
      line(on.margheritaLarge, { seat: 2 }),
      line(on.beerPint, { seat: 2 }),
      line(on.beerPint, { quantity: 3 }),
    ],
    ...more,
  });

describe('a split', () => {
  test('100.00/3 = 33.34 + 33.33 + 33.33, the remainder to the first', () => {
    const untaxed = onSale({ salesTax: 0 });
    const order = placed({ lines: [line(on.ownPizzaRegular, { quantity: 10, modifiers: [thin] })] }, { sale: untaxed });
    expect(order.facts.totals.total.amount).toBe(100_00);
    expect(totals(divide(order, { by: 'evenly', ways: 3 }))).toEqual([33_34, 33_33, 33_33]);
  });
  const thin = { modifierId: on.thin, quantity: 1, modifiers: [] };

  test('evenly: each check says of what it is a third, and which taxes are in it', () => {
    const order = divide(table(), { by: 'evenly', ways: 3 });
    expect(totals(order)).toEqual([18_40, 18_40, 18_40]);
    expect(checkAt(order, 1)).toMatchObject({
      lines: [],
      shares: [{ lineId: null, parts: 1, of: 3, amount: { amount: 18_40 } }],
      taxes: [
        { name: 'Sales tax', amount: { amount: 80 } },
        { name: 'Alcohol tax', amount: { amount: 1_60 } },
      ],
      totals: { gross: { amount: 16_00 }, net: { amount: 16_00 }, tax: { amount: 2_40 } },
    });
  });

  test('by quantity: two of three pints on one check, the third and all that nobody took on the first', () => {
    const order = table();
    const pints = lineAt(order, 3);
    const after = divide(order, { by: 'items', checks: [{ lines: [] }, { lines: [{ lineId: pints, parts: 2 }] }] });
    expect(totals(after)).toEqual([55_20 - 14_40, 14_40]);
    expect(checkAt(after, 1).shares).toMatchObject([{ lineId: pints, parts: 2, of: 3, amount: { amount: 14_40 } }]);
  });

  test('by item: a pizza shared by two, half each', () => {
    const order = table();
    const lines = [{ lineId: lineAt(order, 0), parts: 1 }];
    expect(totals(divide(order, { by: 'items', checks: [{ lines: [] }, { lines }, { lines }] }))).toEqual([
      55_20 - 13_20,
      6_60,
      6_60,
    ]);
  });

  test('by seat includes shared items pro rata', () => {
    const order = divide(table(), { by: 'seats', shared: 'pro_rata' });
    // 13.20 and 20.40 of their own, and 21.60 of the shared pints in that proportion.
    expect(totals(order)).toEqual([13_20 + 8_49, 20_40 + 13_11]);
    expect(totals(divide(table(), { by: 'seats', shared: 'evenly' }))).toEqual([13_20 + 10_80, 20_40 + 10_80]);
    const couple = { by: 'seats', shared: 'evenly', checks: [{ seats: [1, 2] }] } as const;
    expect(totals(divide(table(), { ...couple, checks: [{ seats: [1, 2] }] }))).toEqual([55_20]);
  });

  test('by amount: each its own to the cent, the rest to the last', () => {
    expect(totals(divide(table(), { by: 'amounts', amounts: [20_00, 12_34] }))).toEqual([20_00, 12_34, 22_86]);
  });

  test('an order discount and the service charge of a large party are divided with it', () => {
    const voucher = { kind: 'fixed', name: 'Voucher', amount: 5_00 } as const;
    const order = divide(table({ covers: 8, discounts: [voucher] }), { by: 'evenly', ways: 8 });
    const sums = (key: 'discount' | 'serviceCharge' | 'tax') =>
      order.facts.checks.reduce((sum, check) => sum + check.totals[key].amount, 0);
    expect([sums('discount'), sums('serviceCharge')]).toEqual([5_00, 4_30]);
    expect(order.facts.totals).toEqual(table({ covers: 8, discounts: [voucher] }).facts.totals);
  });

  test.each<[string, OrderSplit, string]>([
    ['a line of another order', { by: 'items', checks: [{ lines: [{ lineId: on.beer, parts: 1 }] }] }, 'split_invalid'],
    ['more than is left to pay', { by: 'amounts', amounts: [55_21] }, 'split_invalid'],
    ['one seat twice', { by: 'seats', shared: 'evenly', checks: [{ seats: [1, 2] }, { seats: [2] }] }, 'split_invalid'],
    ['without a seat that has something', { by: 'seats', shared: 'evenly', checks: [{ seats: [1] }] }, 'split_invalid'],
  ])('%s is refused', (_, asked, code) => expect(refusal(() => split(table(), asked))).toBe(code));

  test('by seat where nobody has one is refused, and so is a split of what is paid', () => {
    expect(refusal(() => split(placed(), { by: 'seats', shared: 'evenly' }))).toBe('split_invalid');
    expect(refusal(() => split(paid(table(), 0), { by: 'evenly', ways: 2 }))).toBe('nothing_due');
  });
});

describe('lines that come and go after a split', () => {
  test('are divided again over all checks, each with a new bill', () => {
    const order = add(divide(table(), { by: 'evenly', ways: 3 }), undefined, line(on.beerPint));
    expect(totals(order)).toEqual([20_80, 20_80, 20_80]);
    expect(order.facts.checks.map(({ version }) => version)).toEqual([3, 2, 2]);
  });

  test('are the check’s that they are added to; all lines stay on the first, once each', () => {
    const before = table();
    const order = divide(before, {
      by: 'items',
      checks: [{ lines: [] }, { lines: [{ lineId: lineAt(before, 0), parts: 1 }] }],
    });
    const more = add(order, checkAt(order, 1).id, line(on.beerPint));
    expect(totals(more)).toEqual([42_00, 20_40]);
    expect(linesOf(more.facts)).toHaveLength(5);
    expect(checkAt(more, 1).lines).toEqual([]);
  });

  test('to a check of no split, or of another order, they are not added', () => {
    const order = after(unsplit(divide(table(), { by: 'evenly', ways: 2 })));
    expect(refusal(() => add(order, checkAt(order, 1).id, line(on.beerPint)))).toBe('check_closed');
    expect(refusal(() => add(order, on.beer, line(on.beerPint)))).toBe('not_found');
  });

  test('what the kitchen is told leaves every bill as it is', () => {
    const order = divide(table(), { by: 'evenly', ways: 7 });
    const amended = after(amend(order, { covers: 4, table: '9' }, menus));
    expect(amended.facts.checks).toEqual(order.facts.checks);
  });
});

describe('a split after a payment', () => {
  test('what was paid before the split stays as it is, and the rest is divided', () => {
    const order = divide(paid(table(), 0, 20_00), { by: 'evenly', ways: 3 });
    expect(totals(order)).toEqual([20_00, 11_74, 11_73, 11_73]);
    expect(order.facts).toMatchObject({ paymentStatus: 'partly_paid', totals: { total: { amount: 55_20 } } });
    expect([1, 2, 3].reduce((last, at) => paid(last, at), order).facts.paymentStatus).toBe('paid');
  });

  test('a check that is paid is frozen: the others carry what is ordered next', () => {
    const order = paid(divide(table(), { by: 'evenly', ways: 3 }), 1);
    const more = add(order, undefined, line(on.beerPint));
    expect(totals(more)).toEqual([22_00, 18_40, 22_00]);
    expect(checkAt(more, 1)).toEqual(checkAt(order, 1));
  });

  test('so is one that is paid in part', () => {
    const order = paid(divide(table(), { by: 'evenly', ways: 3 }), 1, 5_00);
    expect(totals(add(order, undefined, line(on.beerPint)))).toEqual([22_00, 18_40, 22_00]);
  });

  test('by item, what is added without a check goes to the first that is not paid', () => {
    const before = table();
    const order = paid(
      divide(before, { by: 'items', checks: [{ lines: [] }, { lines: [{ lineId: lineAt(before, 0), parts: 1 }] }] }),
      0,
    );
    expect(totals(add(order, undefined, line(on.beerPint)))).toEqual([42_00, 20_40]);
  });

  test('a discount that is granted later is the others’, a dish that is voided is its guest’s', () => {
    const order = paid(divide(table(), { by: 'seats', shared: 'evenly' }), 0);
    const half = { kind: 'fixed', name: 'Sorry', amount: 4_00 } as const;
    const sorry = after(amend(order, { discounts: [half] }, menus));
    expect(totals(sorry)[0]).toBe(24_00);
    expect(sorry.facts.totals.discount.amount).toBe(4_00);
    expect(totals(after(voidLine(order, lineAt(order, 0), reason, menus)))).toEqual([10_80, 31_20]);
  });

  test('it can be divided anew: what is paid stays, and ids are used again', () => {
    const order = paid(divide(table(), { by: 'evenly', ways: 3 }), 1);
    const anew = divide(order, { by: 'evenly', ways: 4 });
    expect(totals(anew)).toEqual([9_20, 18_40, 9_20, 9_20, 9_20]);
    expect(anew.facts.checks.slice(0, 3).map(({ id }) => id)).toEqual(order.facts.checks.map(({ id }) => id));
    expect(totals(divide(anew, { by: 'evenly', ways: 1 }))).toEqual([36_80, 18_40, 0, 0, 0]);
  });
});

describe('undoing a split', () => {
  test('gives back the one check that was, and the others nothing to pay under a newer bill', () => {
    const order = table();
    const undone = after(unsplit(divide(order, { by: 'evenly', ways: 2 })));
    const [first] = order.facts.checks;
    expect(undone.facts.checks).toMatchObject([
      { ...first, version: 3 },
      { version: 2, totals: { total: { amount: 0 } }, shares: [] },
    ]);
    expect(undone.split).toBeUndefined();
    expect(unsplit(order)).toBeUndefined();
  });

  test('is refused once a check of it is paid', () => {
    expect(refusal(() => unsplit(paid(divide(table(), { by: 'evenly', ways: 2 }), 1)))).toBe('check_paid');
  });
});

describe('for random menus, carts, splits, payments and later edits', () => {
  const cases = randomMenus.chain((published) =>
    fc.record({
      menu: fc.constant(indexMenu(published)),
      cart: carts(published),
      more: carts(published),
      deposit: fc.nat(100),
      ways: fc.integer({ min: 1, max: 5 }),
      by: fc.constantFrom('evenly' as const, 'items' as const, 'seats' as const, 'amounts' as const),
      weights: fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }),
      pays: fc.array(fc.constantFrom(0, 0, 50, 100), { minLength: 8, maxLength: 8 }),
      voids: fc.nat(8),
    }),
  );

  test('Σ checks = what the lines come to, no share is below 0, and what is paid stays paid', () => {
    fc.assert(
      fc.property(cases, ({ menu, cart, more, deposit, ways, by, weights, pays, voids }) => {
        const offered = { menu, unavailable: new Map() };
        const known = new Map([[menu.hash, menu]]);
        let order = placed(cart, { sale: offered });
        const whole = order.facts.totals.total.amount;
        if (whole === 0) return;
        if (deposit % 3 === 0) order = paid(order, 0, Math.floor((whole * deposit) / 101));
        const asked = askedFor(order, by, ways, weights);
        if (!asked) return;
        order = divide(order, asked);
        expectWhole(order);
        pays.forEach((percent, at) => {
          const check = order.facts.checks[at];
          const due = check ? check.totals.total.amount - check.paid.amount : 0;
          if (percent > 0 && due > 0) order = paid(order, at, Math.ceil((due * percent) / 100));
        });
        const frozen = order.facts.checks.filter(({ paid: { amount } }) => amount > 0);
        const some = more.lines.slice(0, 2);
        const grown = after(addLines(order, { lines: some }, { onSale: offered, menus: known, when, now: new Date() }));
        expectWhole(grown);
        const open = order.split?.checks.some((id) => !frozen.some((check) => check.id === id));
        // A discount on the order may fall where it grows: what is paid is frozen as long as nothing of it does.
        if (open && cart.discounts.length === 0 && by === 'evenly')
          for (const { id, totals: was } of frozen)
            expect(grown.facts.checks.find((check) => check.id === id)?.totals.total).toEqual(was.total);
        const gone = linesOf(grown.facts)[voids];
        const voided = gone ? after(voidLine(grown, gone.id, reason, known)) : grown;
        expectWhole(voided);
        const cancelled = after(cancel(voided, reason, known));
        expect(totals(cancelled)).toEqual(cancelled.facts.checks.map(() => 0));
      }),
      { numRuns: 300 },
    );
  });
});

function askedFor(
  order: KeptOrder,
  by: OrderSplit['by'],
  ways: number,
  weights: readonly number[],
): OrderSplit | undefined {
  const due =
    order.facts.totals.total.amount - order.facts.checks.reduce((sum, { paid: { amount } }) => sum + amount, 0);
  switch (by) {
    case 'evenly':
      return { by, ways };
    case 'amounts':
      return { by, amounts: [Math.floor(due / 3), Math.floor(due / 2)] };
    case 'seats':
      return linesOf(order.facts).some(({ seat }) => seat !== null) ? { by, shared: 'pro_rata' } : undefined;
    case 'items': {
      const lines = linesOf(order.facts);
      const taken = (check: number) =>
        lines.flatMap(({ id }, at) => {
          const parts = weights[(check * 8 + at) % weights.length] ?? 0;
          return parts > 0 ? { lineId: id, parts } : [];
        });
      return { by, checks: Array.from({ length: ways }, (_, check) => ({ lines: taken(check) })) };
    }
  }
}

function expectWhole({ facts }: KeptOrder): void {
  const lines = linesOf(facts).filter(({ status }) => status !== 'voided');
  const charges = facts.checks.flatMap((check) => check.charges);
  const sum = (amounts: readonly { amount: number }[]) => amounts.reduce((total, { amount }) => total + amount, 0);
  const taxes = [...lines, ...charges].flatMap((taxed) => taxed.taxes.map(({ amount }) => amount));
  const expected = {
    gross: sum(lines.map(({ gross }) => gross)),
    net: sum(lines.map(({ net }) => net)),
    discount: sum(lines.flatMap(({ discounts }) => discounts.map(({ amount }) => amount))),
    serviceCharge: sum(charges.map(({ amount }) => amount)),
    tax: sum(taxes),
    total:
      sum(lines.map(({ total }) => total)) + sum(charges.flatMap((c) => [c.amount, ...c.taxes.map((t) => t.amount)])),
  };
  for (const [key, value] of Object.entries(expected)) {
    const name = key as keyof typeof expected;
    expect(sum(facts.checks.map((check) => check.totals[name])), key).toBe(value);
    expect(facts.totals[name].amount, key).toBe(value);
  }
  for (const { totals: own, shares = [] } of facts.checks) {
    expect(Math.min(own.net.amount, own.serviceCharge.amount, own.tax.amount, own.total.amount)).toBeGreaterThanOrEqual(
      0,
    );
    expect(sum(shares.map(({ amount }) => amount))).toBe(own.total.amount);
  }
}
