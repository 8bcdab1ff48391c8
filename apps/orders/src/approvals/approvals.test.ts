import { LocationPolicies, StaffRole } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Discount, granted, orderDiscounts } from '../checks/discounts.js';
import {
  type Authority,
  type Hands,
  requireMayReturn,
  requireMayWaive,
  requireVoidAllowed,
  requireWithinLimits,
} from './approvals.js';

const USUAL = LocationPolicies.parse({});
const person = (role: string) => ({ id: role, role });
const handsOf = (staff?: string, approver?: string): Hands => ({
  staff: staff === undefined ? undefined : person(staff),
  approver: approver === undefined ? undefined : person(approver),
});
const percent = (rate: number): Discount => ({ kind: 'percent', id: 'd', name: 'Regulars', rate });
const fixed = (amount: number): Discount => ({ kind: 'fixed', id: 'd', name: 'Voucher', amount });
const comp: Discount = { kind: 'comp', id: 'd', name: 'Comp', reason: 'Burnt' };

/** `allowed`, or what it needs. */
function outcome(act: () => void): unknown {
  try {
    act();
    return 'allowed';
  } catch (error) {
    if (error instanceof Refusal && error.code === 'approval_required') return error.facts['needed'];
    throw error;
  }
}
const taking = (discounts: Discount[], hands: Hands, gross = 20_00, policies = USUAL) =>
  outcome(() => requireWithinLimits([{ gross, discounts }], { hands, policies }));

describe('a discount beyond the limit of a role needs an approver', () => {
  test.each([
    ['a waiter gives 10 %', [percent(100_000)], 'allowed'],
    ['a waiter gives more', [percent(100_001)], [{ what: 'discount', rate: 100_001, amount: 2_00 }]],
    ['a waiter takes 2.00 off 20.00', [fixed(2_00)], 'allowed'],
    ['a waiter takes 2.01 off 20.00', [fixed(2_01)], [{ what: 'discount', rate: 100_500, amount: 2_01 }]],
    [
      'a waiter gives 10 % twice',
      [percent(100_000), percent(100_000)],
      [{ what: 'discount', rate: 200_000, amount: 4_00 }],
    ],
    ['a waiter gives it for nothing', [comp], [{ what: 'comp' }]],
  ])('%s', (_, discounts, expected) => {
    expect(taking(discounts, handsOf('waiter'))).toEqual(expected);
    expect(taking(discounts, handsOf('waiter', 'manager'))).toBe('allowed');
    expect(taking(discounts, handsOf('manager'))).toBe('allowed');
    expect(taking(discounts, handsOf())).toBe('allowed');
  });

  test('and one who may not give it either is no approver', () => {
    expect(taking([percent(500_000)], handsOf('waiter', 'cashier'))).not.toBe('allowed');
    expect(taking([percent(1)], handsOf('kitchen', 'waiter'))).toBe('allowed');
  });

  test('an amount may be limited beside the share', () => {
    const policies = LocationPolicies.parse({
      limits: { waiter: { discountRate: 1_000_000, discountAmount: 5_00, comps: false, approves: false } },
    });
    expect(taking([percent(500_000)], handsOf('waiter'), 10_00, policies)).toBe('allowed');
    expect(taking([percent(500_000)], handsOf('waiter'), 10_02, policies)).toMatchObject([{ amount: 5_01 }]);
  });

  test('whoever may do something alone may approve it, for any role, price and discount', () => {
    const role = fc.constantFrom(...StaffRole.options);
    const discount = fc.oneof(
      fc.integer({ min: 0, max: 1_000_000 }).map(percent),
      fc.integer({ min: 0, max: 1_000_000_000 }).map(fixed),
      fc.constant(comp),
    );
    fc.assert(
      fc.property(role, role, fc.array(discount), fc.nat(1_000_000_000), (staff, approver, discounts, gross) => {
        const alone = taking(discounts, handsOf(staff), gross) === 'allowed';
        const byOther = taking(discounts, handsOf(approver), gross) === 'allowed';
        expect(taking(discounts, handsOf(staff, approver), gross) === 'allowed').toBe(alone || byOther);
      }),
    );
  });
});

describe('what the kitchen has is voided', () => {
  const voiding = (hands: Hands, voidAfterSend: 'anyone' | 'approved', sent = true): unknown =>
    outcome(() =>
      requireVoidAllowed(sent, { hands, policies: LocationPolicies.parse({ voidAfterSend }) } satisfies Authority),
    );

  test('by anyone, where the location asks for nothing more', () => {
    for (const hands of [handsOf(), handsOf('waiter')]) expect(voiding(hands, 'anyone')).toBe('allowed');
  });

  test('with approval where it does, whoever asks; what was never sent, without', () => {
    for (const hands of [handsOf(), handsOf('waiter'), handsOf('waiter', 'cashier')]) {
      expect(voiding(hands, 'approved')).toEqual([{ what: 'void' }]);
      expect(voiding(hands, 'approved', false)).toBe('allowed');
    }
    for (const hands of [handsOf('manager'), handsOf('waiter', 'owner'), handsOf(undefined, 'manager')])
      expect(voiding(hands, 'approved')).toBe('allowed');
  });
});

describe('discounts that are sent again', () => {
  const [regulars] = granted([{ kind: 'percent', name: 'Regulars', rate: 100_000 }], {
    staffId: 'ada',
    approverId: 'bo',
  });
  const again = (discount: Partial<Discount>) =>
    orderDiscounts([{ ...regulars, ...discount } as Discount], { staffId: 'cy' }, regulars ? [regulars] : []);

  test('as they were stay as they were granted', () => {
    expect(again({ staffId: undefined, approverId: undefined })).toEqual([regulars]);
  });

  test('with another rule are granted anew', () => {
    expect(again({ rate: 200_000 } as Partial<Discount>)).toMatchObject([
      { id: regulars?.id, rate: 200_000, staffId: 'cy' },
    ]);
  });
});

test.each([
  [undefined, undefined, 'allowed'],
  ['manager', undefined, 'allowed'],
  ['waiter', 'manager', 'allowed'],
  ['waiter', undefined, [{ what: 'waiver' }]],
  ['waiter', 'cashier', [{ what: 'waiver' }]],
])('a service charge is waived by %s with the approval of %s: %o', (staff, approver, expected) => {
  expect(outcome(() => requireMayWaive({ hands: handsOf(staff, approver), policies: USUAL }))).toEqual(expected);
});

test.each([
  [undefined, undefined, 27_60, 'allowed'],
  ['waiter', undefined, 2_76, 'allowed'],
  ['waiter', undefined, 2_77, [{ what: 'return', rate: 100_363, amount: 2_77 }]],
  ['waiter', 'cashier', 27_60, [{ what: 'return', rate: 1_000_000, amount: 27_60 }]],
  ['waiter', 'manager', 27_60, 'allowed'],
  ['manager', undefined, 27_60, 'allowed'],
])('%s, with the approval of %s, takes %i back of 27.60: %o', (staff, approver, back, expected) => {
  const authority = { hands: handsOf(staff, approver), policies: USUAL };
  expect(outcome(() => requireMayReturn({ total: 27_60, back }, authority))).toEqual(expected);
});
