import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Benefit, type Conditions, conflictOf, discountsOf, type Grant, type GrantedLine } from './grants.js';
import { price } from './price.js';
import { cartOf, lineOf, modifierOf, moneyOff, percentOff } from './testing/builders.js';

const NONE: Conditions = {
  minimumSpend: null,
  itemIds: [],
  categoryIds: [],
  serviceTypes: [],
  locationIds: [],
  windows: [],
};
const usd = (amount: number) => ({ amount, currency: 'USD' });
const grant = (
  id: string,
  gives: Benefit,
  more: Partial<Omit<Grant, 'conditions'>> & Partial<Conditions> = {},
): Grant => {
  const { priority = 0, group = null, ...conditions } = more;
  return { id, priority, group, gives, conditions: { ...NONE, ...conditions } };
};
const noon = { weekday: 'monday', time: '12:00' } as const;
const on = (line: GrantedLine['line'], categoryId: string | null = null, clock: GrantedLine['clock'] = noon) => ({
  line,
  itemId: line.id,
  categoryId,
  clock,
});

/** What an order costs with grants, and what each took. */
function priced(lines: readonly GrantedLine[], grants: readonly Grant[], byHand = [] as ReturnType<typeof moneyOff>[]) {
  const order = { currency: 'USD', locationId: 'here', serviceType: 'dine_in', lines };
  const { ofLines, ofOrder, obstacles } = discountsOf(grants, order);
  const cart = cartOf(
    lines.map(({ line }) => ({ ...line, discounts: [...line.discounts, ...(ofLines.get(line.id) ?? [])] })),
    { discounts: [...byHand, ...ofOrder] },
  );
  const { totals, lines: pricedLines, discounts } = price(cart);
  const taken = [...pricedLines.flatMap((line) => line.discounts), ...discounts];
  const took = Object.fromEntries(
    grants.map(({ id }) => [id, taken.reduce((sum, each) => (each.id === id ? sum + each.amount : sum), 0)]),
  );
  return { total: totals.total, took, obstacles: Object.fromEntries(obstacles) };
}

const pizza = on(lineOf('pizza', 12_00), 'pizzas');
const pizzas = on(lineOf('pizza', 12_00, { quantity: 3 }), 'pizzas');
const truffle = on(lineOf('truffle', 18_00, { quantity: 2 }), 'pizzas');
const cola = on(lineOf('cola', 3_00, { modifiers: [modifierOf('lemon', 50)] }), 'drinks');

describe('what a grant takes off', () => {
  test.each<[string, Benefit, Partial<Conditions>, readonly GrantedLine[], number]>([
    ['a tenth of everything', { kind: 'percent', rate: 100_000 }, {}, [pizza, cola], 1_55],
    ['a tenth of the drinks', { kind: 'percent', rate: 100_000 }, { categoryIds: ['drinks'] }, [pizza, cola], 35],
    ['5.00 off everything', { kind: 'fixed', amount: usd(5_00) }, {}, [pizza, cola], 5_00],
    [
      '5.00 off the drinks, of which there is less',
      { kind: 'fixed', amount: usd(5_00) },
      { itemIds: ['cola'] },
      [pizza, cola],
      3_50,
    ],
    [
      'a free drink, its lemon paid for',
      { kind: 'free_item', quantity: 1 },
      { categoryIds: ['drinks'] },
      [pizza, cola],
      3_00,
    ],
    [
      'the cheapest pizza of two kinds',
      { kind: 'free_item', quantity: 1 },
      { categoryIds: ['pizzas'] },
      [pizzas, truffle],
      12_00,
    ],
    ['two of three pizzas, where two are free', { kind: 'free_item', quantity: 2 }, {}, [pizzas], 24_00],
    ['two for one, of two', { kind: 'bundle', buy: 1, free: 1 }, {}, [truffle], 18_00],
    ['two for one, of three: one pair', { kind: 'bundle', buy: 1, free: 1 }, {}, [pizzas], 12_00],
    ['two for one, of five: 18+18, 12+12, 12', { kind: 'bundle', buy: 1, free: 1 }, {}, [pizzas, truffle], 30_00],
    ['three for two, of five: 18+18+12, 12, 12', { kind: 'bundle', buy: 2, free: 1 }, {}, [pizzas, truffle], 12_00],
  ])('%s', (_, gives, conditions, lines, takes) => {
    const without = priced(lines, []).total;
    expect(priced(lines, [grant('it', gives, conditions)])).toEqual({
      total: without - takes,
      took: { it: takes },
      obstacles: {},
    });
  });

  const tenth: Benefit = { kind: 'percent', rate: 100_000 };
  test.each<[string, Benefit, Partial<Conditions>, string]>([
    ['a minimum that is not reached', tenth, { minimumSpend: usd(15_51) }, 'minimum_spend'],
    ['a minimum in another currency', tenth, { minimumSpend: { amount: 1, currency: 'EUR' } }, 'currency'],
    ['an amount in another currency', { kind: 'fixed', amount: { amount: 1, currency: 'EUR' } }, {}, 'currency'],
    ['another location', tenth, { locationIds: ['there'] }, 'location'],
    ['another service type', tenth, { serviceTypes: ['delivery'] }, 'service_type'],
    ['items that are not ordered', tenth, { itemIds: ['calzone'] }, 'nothing_eligible'],
    ['another time of day', tenth, { windows: [{ days: ['monday'], from: '17:00', to: '19:00' }] }, 'nothing_eligible'],
    ['too few for a bundle', { kind: 'bundle', buy: 2, free: 1 }, {}, 'nothing_eligible'],
  ])('nothing, and it says why: %s', (_, gives, conditions, why) => {
    expect(priced([pizza, cola], [grant('it', gives, conditions)])).toEqual({
      total: 15_50,
      took: { it: 0 },
      obstacles: { it: why },
    });
  });

  test('a minimum that is just reached counts, at menu prices and with modifiers', () => {
    expect(priced([pizza, cola], [grant('it', tenth, { minimumSpend: usd(15_50) })]).took).toEqual({ it: 1_55 });
  });

  test('happy hour is by the time each line was ordered', () => {
    const late = on(lineOf('late', 4_00), 'drinks', { weekday: 'monday', time: '19:00' });
    const happy = { windows: [{ days: ['monday'], from: '11:00', to: '19:00' }] } as const;
    expect(priced([cola, late], [grant('it', { kind: 'percent', rate: 500_000 }, happy)]).took).toEqual({ it: 1_75 });
  });
});

describe('stacking', () => {
  const alone = null;
  // Two grants beside one another: the group of each, and whether they may be combined.
  test.each<[string | null, string | null, boolean]>([
    [alone, alone, false],
    [alone, 'welcome', false],
    ['welcome', alone, false],
    ['welcome', 'lunch', false],
    ['lunch', 'lunch', true],
    ['welcome', 'welcome', true],
  ])('%s with %s: %s', (one, other, combines) => {
    const conflict = conflictOf([
      grant('a', { kind: 'percent', rate: 1 }, { group: one }),
      grant('b', { kind: 'percent', rate: 1 }, { group: other }),
    ]);
    expect(conflict === undefined).toBe(combines);
  });

  test('one alone always stands, and so does none; of three the first that does not fit is named', () => {
    const of = (id: string, group: string | null) => ({ id, group });
    expect(conflictOf([])).toBeUndefined();
    expect(conflictOf([of('a', null)])).toBeUndefined();
    expect(conflictOf([of('a', 'x'), of('b', 'x'), of('c', 'y')])).toEqual([of('a', 'x'), of('c', 'y')]);
  });

  // Of one pizza at 12.00 and a cola at 3.00 with lemon at 0.50: what each takes, in the order in which they are taken.
  const free = grant('free', { kind: 'free_item', quantity: 1 }, { categoryIds: ['drinks'] });
  const tenth = grant('tenth', { kind: 'percent', rate: 100_000 });
  const fiver = grant('fiver', { kind: 'fixed', amount: usd(5_00) });
  const half = grant('half', { kind: 'percent', rate: 500_000 }, { priority: 1 });
  test.each<[string, readonly Grant[], Record<string, number>, number]>([
    [
      'what is for certain things comes before what is off everything',
      [tenth, free],
      { free: 3_00, tenth: 1_25 },
      11_25,
    ],
    ['percents come before amounts, however they are given', [fiver, tenth], { tenth: 1_55, fiver: 5_00 }, 8_95],
    ['the lower priority comes first among percents', [half, tenth], { tenth: 1_55, half: 6_98 }, 6_97],
    ['three together', [fiver, free, tenth], { free: 3_00, tenth: 1_25, fiver: 5_00 }, 6_25],
  ])('%s', (_, grants, took, total) => {
    expect(priced([pizza, cola], grants)).toMatchObject({ took, total });
    expect(priced([pizza, cola], grants.toReversed())).toMatchObject({ took, total });
  });
});

test('never a negative total, whatever coupons, rewards and discounts by hand come together', () => {
  const benefits = fc.oneof(
    fc.record({ kind: fc.constant('percent' as const), rate: fc.integer({ min: 0, max: 1_000_000 }) }),
    fc.record({ kind: fc.constant('fixed' as const), amount: fc.integer({ min: 0, max: 100_00 }).map(usd) }),
    fc.record({ kind: fc.constant('free_item' as const), quantity: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      kind: fc.constant('bundle' as const),
      buy: fc.integer({ min: 1, max: 3 }),
      free: fc.integer({ min: 1, max: 3 }),
    }),
  );
  const someGrants = fc.array(
    fc.tuple(benefits, fc.integer({ min: 0, max: 3 }), fc.subarray(['pizzas', 'drinks'])).map(
      ([gives, priority, categoryIds]) =>
        (id: string) =>
          grant(id, gives, { priority, categoryIds }),
    ),
    { maxLength: 5 },
  );
  const someLines = fc.array(
    fc.record({
      price: fc.integer({ min: 0, max: 30_00 }),
      quantity: fc.integer({ min: 1, max: 6 }),
      drink: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(someLines, someGrants, fc.integer({ min: 0, max: 50_00 }), (lines, grants, byHand) => {
      const granted = lines.map(({ price: unitPrice, quantity, drink }, at) =>
        on(
          lineOf(`line${at}`, unitPrice, { quantity, discounts: [percentOff('own', 50_000)] }),
          drink ? 'drinks' : 'pizzas',
        ),
      );
      const made = grants.map((make, at) => make(`grant${at}`));
      const { total, took } = priced(granted, made, [moneyOff('hand', byHand)]);
      const listed = lines.reduce((sum, { price: unitPrice, quantity }) => sum + unitPrice * quantity, 0);
      expect(total).toBeGreaterThanOrEqual(0);
      for (const amount of Object.values(took)) expect(amount).toBeGreaterThanOrEqual(0);
      expect(total + Object.values(took).reduce((sum, amount) => sum + amount, 0)).toBeLessThanOrEqual(listed);
    }),
  );
});
