import type { Menu } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { THE_CHAIN } from '../approvals/approvals.js';
import { addLines, amend, pay } from '../orders/change-order.js';
import type { KeptOrder } from '../orders/order.js';
import { returnLines } from '../orders/return-lines.js';
import { split } from '../splits/split.js';
import { placed } from '../testing/kept-order.js';
import { line, menu, ON_THE_MENU as on, seal } from '../testing/menu.js';
import { waiveCharge } from './waive-charge.js';

const { hash: _, ...usual } = menu();
/** The menu of these tests with its service charge as it is said to be: 10 % from eight guests on. */
function sale(charge: Partial<Menu['serviceCharges'][number]>) {
  const sealed = seal({ ...usual, serviceCharges: usual.serviceCharges.map((each) => ({ ...each, ...charge })) });
  return { menu: indexMenu(sealed), unavailable: new Map<string, number>() };
}
const PER_COVER = { amount: 1_25, per: 'cover' } as const;
const UNCOUNTED = { covers: null } as const;
const half = { kind: 'percent', name: 'Half', rate: 500_000 } as const;
/** A large margherita and two pints for eight: 24.00, taxes of 10 % and 20 %. */
const forEight = (charge: Partial<Menu['serviceCharges'][number]>, more: object = {}) =>
  placed({ covers: 8, ...more }, { sale: sale(charge) });
/** The same with ids, the pints for the second guest. */
const PINTS = '0199a1b2-7c3d-7e4f-8a5b-0000000000b1';
const PIZZA = '0199a1b2-7c3d-7e4f-8a5b-0000000000a1';
const atSeats = [
  line(on.margheritaLarge, { id: PIZZA, seat: 1 }),
  line(on.beerPint, { id: PINTS, quantity: 2, seat: 2 }),
];
const totalsOf = ({ facts }: KeptOrder) => {
  const { net, serviceCharge, tax, total } = facts.totals;
  return [net, serviceCharge, tax, total].map(({ amount }) => amount);
};

describe('a service charge', () => {
  test.each([
    ['before tax, not taxable', {}, {}, [24_00, 2_40, 3_60, 30_00]],
    ['before tax, taxable', { taxIds: [on.salesTax] }, {}, [24_00, 2_40, 3_84, 30_24]],
    ['after tax, not taxable', { phase: 'total' }, {}, [24_00, 2_76, 3_60, 30_36]],
    ['after tax, taxable', { phase: 'total', taxIds: [on.salesTax] }, {}, [24_00, 2_76, 3_88, 30_64]],
    ['on what discounts leave', {}, { discounts: [half] }, [12_00, 1_20, 1_80, 15_00]],
    ['on prices before discounts', { base: 'pre_discount' }, { discounts: [half] }, [12_00, 2_40, 1_80, 16_20]],
    ['not for those who take away', {}, { serviceType: 'take_away' }, [24_00, 0, 3_60, 27_60]],
    ['of so much an order', { fixed: { amount: 5_00, per: 'order' } }, {}, [24_00, 5_00, 3_60, 32_60]],
    ['of so much for each guest', { fixed: { amount: 1_25, per: 'cover' } }, {}, [24_00, 10_00, 3_60, 37_60]],
    [
      'for each guest, taxed by itself, after tax',
      { fixed: { amount: 1_25, per: 'cover' }, phase: 'total', taxIds: [on.salesTax] },
      {},
      [24_00, 10_00, 4_60, 38_60],
    ],
    [
      'for each guest, when nobody counted them',
      { fixed: PER_COVER, minimumCovers: null },
      UNCOUNTED,
      [24_00, 0, 3_60, 27_60],
    ],
    ['for all, where it says so', { serviceTypes: null }, { serviceType: 'take_away' }, [24_00, 2_40, 3_60, 30_00]],
  ] as const)('%s', (_name, charge, more, expected) => {
    expect(totalsOf(forEight(charge as object, more))).toEqual(expected);
  });
});

describe('auto-gratuity at ≥ N covers', () => {
  const offered = sale({});
  const menus = new Map([[offered.menu.hash, offered.menu]]);
  const seated = (order: KeptOrder, covers: number | null): KeptOrder =>
    amend(order, { covers }, menus)?.order ?? order;

  test('appears with the eighth guest and disappears when one leaves', () => {
    const charges = [7, 8, 7, null, 12].map((covers) => {
      const [check] = seated(placed({}, { sale: offered }), covers).facts.checks;
      return check?.charges.map(({ name, amount }) => [name, amount.amount]);
    });
    expect(charges).toEqual([[], [['Large party', 2_40]], [], [], [['Large party', 2_40]]]);
  });

  test.each([
    ['evenly', { by: 'evenly', ways: 3 }],
    ['in amounts', { by: 'amounts', amounts: [10_00, 7_77] }],
    ['by item', { by: 'items', checks: [{ lines: [] }, { lines: [{ lineId: PINTS, parts: 1 }] }] }],
    ['by seat', { by: 'seats', shared: 'pro_rata' }],
  ] as const)('is included exactly once in a split %s', (_name, asked) => {
    const order = forEight({}, { lines: atSeats });
    const { facts } = split(order, asked as Parameters<typeof split>[1]).order;
    const sum = (of: 'serviceCharge' | 'tax' | 'total') =>
      facts.checks.reduce((all, { totals }) => all + totals[of].amount, 0);
    expect([sum('serviceCharge'), sum('tax'), sum('total')]).toEqual([2_40, 3_60, 30_00]);
    expect(facts.totals).toEqual(order.facts.totals);
  });
});

const WHEN = { occurredAt: new Date('2026-03-07T19:30:00Z'), businessDate: '2026-03-07' };
const WHY = { reason: 'Had to wait', by: 'till 1', when: WHEN, authority: THE_CHAIN };

describe('what goes back', () => {
  const order = forEight({}, { lines: atSeats });
  const [check] = order.facts.checks;
  const paid = pay(order, check?.id ?? '', { paymentId: PIZZA, version: 1, captured: 30_00 })?.order ?? order;
  const back = (of: KeptOrder, id: string, ...lines: { lineId: string; quantity: number }[]) => {
    const { order: after } = returnLines(of, { id, lines, combos: [] }, WHY);
    const made = after.facts.returns?.at(-1);
    return { after, charge: made?.lines.map(({ serviceCharge }) => serviceCharge.amount), total: made?.total.amount };
  };

  test('of everything, gives the service charge back exactly once', () => {
    const all = back(paid, on.beer, { lineId: PIZZA, quantity: 1 }, { lineId: PINTS, quantity: 2 });
    // 2.40 by what each line comes to: 13.20 and 14.40.
    expect(all).toMatchObject({ charge: [1_15, 1_25], total: 30_00 });
  });

  test('in part, gives back the part of the charge that was for it; in the end all of it is back once', () => {
    const pint = back(paid, on.beer, { lineId: PINTS, quantity: 1 });
    const other = back(pint.after, on.crust, { lineId: PINTS, quantity: 1 });
    const pizza = back(other.after, on.thin, { lineId: PIZZA, quantity: 1 });
    expect([pint, other, pizza].map(({ charge }) => charge)).toEqual([[63], [62], [1_15]]);
    expect([pint, other, pizza].reduce((sum, { total = 0 }) => sum + total, 0)).toBe(30_00);
  });
});

describe('a service charge that is waived', () => {
  const charge = sale({ taxIds: [on.salesTax] });
  const menus = new Map([[charge.menu.hash, charge.menu]]);
  const order = placed({ covers: 8 }, { sale: charge });
  const waived = waiveCharge(order, on.service, WHY, menus);

  test('stays on the check with who and why, and comes to nothing, as does its tax', () => {
    expect(totalsOf(order)).toEqual([24_00, 2_40, 3_84, 30_24]);
    expect(totalsOf(waived?.order ?? order)).toEqual([24_00, 0, 3_60, 27_60]);
    expect(waived?.order.facts.checks[0]).toMatchObject({
      version: 2,
      charges: [
        {
          id: on.service,
          name: 'Large party',
          amount: { amount: 0 },
          taxes: [],
          waived: { reason: 'Had to wait', by: 'till 1', businessDate: '2026-03-07', amount: { amount: 2_40 } },
        },
      ],
    });
    expect(waived?.told).toHaveLength(1);
  });

  test('stays waived, whatever is ordered later, and is waived once', () => {
    const context = { onSale: charge, menus, when: WHEN, now: new Date() };
    const more = addLines(waived?.order ?? order, { lines: [line(on.beerPint)] }, context).order;
    expect(totalsOf(more)).toEqual([30_00, 0, 4_80, 34_80]);
    expect(more.facts.checks[0]?.charges).toHaveLength(1);
    expect(waiveCharge(more, on.service, WHY, menus)).toBeUndefined();
    expect(() => waiveCharge(more, on.beer, WHY, menus)).toThrow('no such service charge');
  });

  test('after it was paid becomes a refund due, and no split pays it', () => {
    const [check] = order.facts.checks;
    const paid = pay(order, check?.id ?? '', { paymentId: PIZZA, version: 1, captured: 30_24 })?.order ?? order;
    expect(waiveCharge(paid, on.service, WHY, menus)?.order.facts).toMatchObject({
      paymentStatus: 'paid',
      totals: { total: { amount: 27_60 } },
      checks: [{ paid: { amount: 30_24 } }],
    });
    const apart = split(order, { by: 'evenly', ways: 2 }).order;
    const { facts } = waiveCharge(apart, on.service, WHY, menus)?.order ?? apart;
    expect(facts.checks.map(({ totals }) => totals.total.amount)).toEqual([13_80, 13_80]);
  });
});
