import type { Menu } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { indexMenu } from '../menus/menu-index.js';
import { amend } from '../orders/change-order.js';
import type { KeptOrder } from '../orders/order.js';
import { split } from '../splits/split.js';
import { placed } from '../testing/kept-order.js';
import { menu, ON_THE_MENU as on, seal } from '../testing/menu.js';

const { hash: _, ...usual } = menu();
/** The menu of these tests with its service charge as it is said to be: 10 % from eight guests on. */
function sale(charge: Partial<Menu['serviceCharges'][number]>) {
  const sealed = seal({ ...usual, serviceCharges: usual.serviceCharges.map((each) => ({ ...each, ...charge })) });
  return { menu: indexMenu(sealed), unavailable: new Map<string, number>() };
}
const half = { kind: 'percent', name: 'Half', rate: 500_000 } as const;
/** A large margherita and two pints for eight: 24.00, taxes of 10 % and 20 %. */
const forEight = (charge: Partial<Menu['serviceCharges'][number]>, more: object = {}) =>
  placed({ covers: 8, ...more }, { sale: sale(charge) });
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
  ] as const)('is included exactly once in a split %s', (_name, asked) => {
    const order = forEight({});
    const { facts } = split(order, asked as Parameters<typeof split>[1]).order;
    const sum = (of: 'serviceCharge' | 'tax' | 'total') =>
      facts.checks.reduce((all, { totals }) => all + totals[of].amount, 0);
    expect([sum('serviceCharge'), sum('tax'), sum('total')]).toEqual([2_40, 3_60, 30_00]);
    expect(facts.totals).toEqual(order.facts.totals);
  });
});
