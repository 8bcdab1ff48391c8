import * as fc from 'fast-check';
import type { Cart, Discount, Line, Modifier, ServiceCharge, Tax } from '../cart.js';

/** Carts of every kind the engine prices: any mix of taxes, discounts, charges and modifiers, in currencies of 0, 2 and 3 digits. */
export function anyCart(): fc.Arbitrary<Cart> {
  return taxPool.chain((pool) =>
    fc.record({
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
      policy: fc.record({
        roundingMode,
        roundingLevel: fc.constantFrom('line', 'document'),
        step: fc.constantFrom(1, 1, 1, 5, 10),
        inclusiveTarget: fc.constantFrom('tax', 'tax', 'net'),
      }),
      serviceType: fc.constantFrom('dine_in', 'take_away', 'delivery'),
      covers: fc.nat(10),
      lines: fc.array(lineWith(pool), { maxLength: 4, size: 'max' }).map(numbered),
      discounts: discounts('order-discount', 2),
      serviceCharges: fc.array(chargeWith(pool), { maxLength: 2 }).map(numbered),
    }),
  );
}

const roundingMode = fc.constantFrom('half-up', 'half-even', 'up', 'down');

const rate = fc.oneof(
  fc.constantFrom(0, 40_000, 50_000, 55_000, 70_000, 88_750, 100_000, 190_000, 200_000, 250_000, 1_000_000),
  fc.nat(300_000),
);

const taxPool: fc.Arbitrary<readonly Tax[]> = fc
  .array(
    fc.record(
      {
        id: fc.constant('tax'),
        rate,
        inclusive: fc.boolean(),
        compoundsOnPrevious: fc.boolean(),
        joinsBase: fc.boolean(),
        serviceTypes: fc.subarray(['dine_in', 'take_away', 'delivery']),
        roundingMode,
      },
      { requiredKeys: ['id', 'rate', 'inclusive', 'compoundsOnPrevious', 'joinsBase'] },
    ),
    { minLength: 1, maxLength: 4, size: 'max' },
  )
  .map((taxes) => numbered(taxes));

/** Coins, menu prices, banquets, and now and then an amount whose products outgrow a number. */
const amount = fc.oneof(
  { weight: 2, arbitrary: fc.nat(12) },
  { weight: 5, arbitrary: fc.nat(5_000) },
  { weight: 2, arbitrary: fc.nat(80).map((each) => each * 25) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000_000_000, max: 20_000_000_000 }) },
);

function lineWith(pool: readonly Tax[]): fc.Arbitrary<Line> {
  const base = {
    id: fc.constant('line'),
    quantity: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1_500 })),
    unitPrice: amount,
    modifiers: modifiersWith(pool, 3),
    taxes: fc.subarray([...pool]),
    discounts: discounts('discount', 2),
    seat: fc.option(fc.integer({ min: 1, max: 3 })),
  };
  return fc.oneof(
    { weight: 4, arbitrary: fc.record(base) },
    { weight: 1, arbitrary: fc.record({ ...base, per: fc.constantFrom(1, 100, 1_000) }) },
  );
}

function modifiersWith(pool: readonly Tax[], depth: number): fc.Arbitrary<Modifier[]> {
  if (depth === 0) return fc.constant([]);
  const modifier = fc.record({
    id: fc.constant('modifier'),
    quantity: fc.integer({ min: 1, max: 2 }),
    unitPrice: fc.oneof(
      { weight: 6, arbitrary: fc.nat(300) },
      { weight: 1, arbitrary: fc.integer({ min: -20, max: -1 }) },
    ),
    taxes: fc.option(fc.subarray([...pool]), { freq: 2 }),
    modifiers: modifiersWith(pool, depth - 1),
  });
  return fc
    .oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(modifier, { minLength: 1, maxLength: 2 }) },
    )
    .map(numbered);
}

function discounts(prefix: string, maxLength: number): fc.Arbitrary<Discount[]> {
  const id = fc.constant(prefix);
  const discount = fc.oneof(
    fc.record({
      id,
      kind: fc.constant('percent' as const),
      rate: fc.oneof(fc.constantFrom(100_000, 250_000, 333_333, 1_000_000), fc.nat(1_200_000)),
    }),
    fc.record({ id, kind: fc.constant('fixed' as const), amount: fc.nat(2_000) }),
  );
  const some = fc.array(discount, { minLength: 1, maxLength });
  return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some }).map(numbered);
}

function chargeWith(pool: readonly Tax[]): fc.Arbitrary<ServiceCharge> {
  const common = {
    id: fc.constant('charge'),
    phase: fc.constantFrom('subtotal', 'total'),
    taxes: fc.subarray([...pool]),
    minimumCovers: fc.nat(8),
  };
  return fc.oneof(
    fc.record({
      ...common,
      kind: fc.constant('percent' as const),
      rate,
      base: fc.constantFrom('pre_discount', 'post_discount'),
    }),
    fc.record({
      ...common,
      kind: fc.constant('fixed' as const),
      amount: fc.nat(1_000),
      per: fc.constantFrom('order' as const, 'cover' as const),
    }),
  );
}

/** Gives each thing an id of its own. */
function numbered<T extends { readonly id: string }>(things: readonly T[]): T[] {
  return things.map((thing, at) => ({ ...thing, id: `${thing.id}-${at + 1}` }));
}
