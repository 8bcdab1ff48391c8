import { type Menu, type ModifierChoice, type NewLine, type NewOrder, ServiceType } from '@comanda/contracts';
import fc from 'fast-check';
import { seal } from './menu.js';

const id = (kind: number, n: number): string =>
  `0199a1b2-7c3d-7e4f-8a5b-${kind.toString(16).padStart(4, '0')}${n.toString(16).padStart(8, '0')}`;
const [TAX, ITEM, VARIATION, GROUP, MODIFIER, CHARGE] = [1, 2, 3, 4, 5, 6];
const COMBO = 99;

const taxes = fc.array(
  fc.record({
    rate: fc.integer({ min: 0, max: 300_000 }),
    inclusive: fc.boolean(),
    compounds: fc.boolean(),
    joinsBase: fc.boolean(),
    serviceTypes: fc.option(fc.subarray(ServiceType.options, { minLength: 1 })),
  }),
  { maxLength: 3 },
);

const jurisdiction = fc.record({
  code: fc.constant('XX'),
  roundingMode: fc.constantFrom('half-up' as const, 'half-even' as const, 'up' as const, 'down' as const),
  roundingLevel: fc.constantFrom('line' as const, 'document' as const),
  step: fc.constantFrom(1, 5),
  inclusiveTarget: fc.constantFrom('tax' as const, 'net' as const),
});

const charges = fc.array(
  fc.record({
    rate: fc.integer({ min: 0, max: 250_000 }),
    phase: fc.constantFrom('subtotal' as const, 'total' as const),
    minimumCovers: fc.option(fc.integer({ min: 1, max: 10 })),
    taxed: fc.boolean(),
    fixed: fc.option(
      fc.record({ amount: fc.nat({ max: 500 }), per: fc.constantFrom('order' as const, 'cover' as const) }),
      { nil: undefined },
    ),
  }),
  { maxLength: 2 },
);

const PRE_MODIFIERS = [
  { code: 'no', name: { en: 'No' }, rate: 0, counts: false },
  { code: 'half', name: { en: 'Half' }, rate: 500_000, counts: true },
  { code: 'extra', name: { en: 'Extra' }, rate: 2_000_000, counts: true },
];
const SIZES = ['small', 'large'];

const sequence = fc.array(
  fc.record({
    price: fc.integer({ min: 0, max: 500 }),
    sizePrices: fc.array(fc.constant({ size: 'large', price: 333 }), { maxLength: 1 }),
  }),
  { maxLength: 3 },
);

const combos = fc.array(
  fc.record({
    price: fc.integer({ min: 0, max: 40_000 }),
    slots: fc.array(
      fc.record({
        min: fc.integer({ min: 0, max: 2 }),
        more: fc.integer({ min: 0, max: 2 }),
        surcharge: fc.nat({ max: 500 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  { maxLength: 2 },
);

/** Menus of a few items and combos of them; the choices of an item may ask for further choices, and cost by position, size and way of asking. */
export const menus: fc.Arbitrary<Menu> = fc
  .record({
    taxes,
    jurisdiction,
    charges,
    prices: fc.array(fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    }),
    extras: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 4 }),
    sequence,
    combos,
  })
  .map(
    ({ taxes: taxed, jurisdiction: rules, charges: charged, prices, extras, sequence: byPosition, combos: made }) => {
      // Included taxes come before those on top: pricing applies them in this order.
      const menuTaxes = taxed
        .toSorted((a, b) => Number(b.inclusive) - Number(a.inclusive))
        .map((tax, n) => ({ ...tax, id: id(TAX, n), name: `Tax ${n}` }));
      const taxIds = menuTaxes.map((tax) => tax.id);
      const group = (n: number, below: string[]) => ({
        id: id(GROUP, n),
        name: { en: `Group ${n}` },
        min: 0,
        max: null,
        ...(n === 0 && byPosition.length > 0 && { sequencePrices: byPosition }),
        preModifiers: PRE_MODIFIERS,
        modifiers: extras.map((price, m) => ({
          id: id(MODIFIER, n * 100 + m),
          name: { en: `Extra ${m}` },
          price,
          sizePrices: m === 0 ? [{ size: 'large', price: price * 2 }] : [],
          taxIds: m % 2 === 1 ? taxIds.slice(0, 1) : null,
          modifierGroupIds: below,
        })),
      });
      return seal({
        locationId: id(9, 9),
        currency: 'USD',
        timeZone: 'America/Chicago',
        languages: ['en'],
        jurisdiction: rules,
        cashRounding: null,
        categories: [],
        items: [
          ...prices.map((variations, n) => ({
            id: id(ITEM, n),
            categoryId: null,
            name: { en: `Item ${n}` },
            description: null,
            pictures: [],
            taxIds: n % 3 === 2 ? taxIds.slice(1) : taxIds,
            modifierGroupIds: [id(GROUP, 0)],
            variations: variations.map((price, v) => ({
              id: id(VARIATION, n * 100 + v),
              name: { en: `Size ${v}` },
              sku: null,
              size: SIZES[v % 2],
              price,
            })),
          })),
          ...made.map(({ price, slots }, n) => ({
            id: id(ITEM, COMBO + n),
            categoryId: null,
            name: { en: `Menu ${n}` },
            description: null,
            pictures: [],
            taxIds: [],
            modifierGroupIds: [],
            variations: [
              {
                id: id(VARIATION, COMBO * 100 + n),
                name: { en: 'Menu' },
                sku: null,
                price,
                slots: slots.map(({ min, more, surcharge }, s) => ({
                  code: `slot_${s}`,
                  name: { en: `Slot ${s}` },
                  // One thing at least, whatever else is left out.
                  min: s === 0 ? Math.max(1, min) : min,
                  max: Math.max(1, min) + more,
                  choices: prices.map((_, item) => ({
                    variationId: id(VARIATION, item * 100),
                    ...(item === s && { surcharge }),
                  })),
                })),
              },
            ],
          })),
        ],
        modifierGroups: [group(0, [id(GROUP, 1)]), group(1, [])],
        taxes: menuTaxes,
        serviceCharges: charged.map(({ taxed: isTaxed, ...charge }, n) => ({
          ...charge,
          id: id(CHARGE, n),
          name: `Charge ${n}`,
          taxIds: isTaxed ? taxIds : [],
          serviceTypes: null,
        })),
      });
    },
  );

type Slot = NonNullable<Menu['items'][number]['variations'][number]['slots']>[number];

const discount = fc.oneof(
  fc.record({
    kind: fc.constant('percent' as const),
    name: fc.constant('Happy hour'),
    rate: fc.integer({ min: 0, max: 1_000_000 }),
  }),
  fc.record({
    kind: fc.constant('fixed' as const),
    name: fc.constant('Voucher'),
    amount: fc.integer({ min: 0, max: 20_000 }),
  }),
);

/** Carts of what a menu offers. */
export function carts(menu: Menu): fc.Arbitrary<Pick<NewOrder, 'serviceType' | 'covers' | 'lines' | 'discounts'>> {
  const choices = (group: number): fc.Arbitrary<ModifierChoice[]> => {
    const modifiers = menu.modifierGroups[group]?.modifiers ?? [];
    return fc.array(
      fc.record({
        modifierId: fc.constantFrom(...modifiers.map((modifier) => modifier.id)),
        quantity: fc.integer({ min: 1, max: 3 }),
        preModifier: fc.constantFrom(undefined, 'half', 'extra'),
        modifiers: group === 0 ? choices(1) : fc.constant([]),
      }),
      { maxLength: 2 },
    );
  };
  const shared = {
    quantity: fc.integer({ min: 1, max: 12 }),
    discounts: fc.array(discount, { maxLength: 2 }),
    seat: fc.option(fc.integer({ min: 1, max: 4 })),
    note: fc.constant(null),
  };
  const line = (variationId: string): fc.Arbitrary<NewLine> =>
    fc.record({
      ...shared,
      variationId: fc.constant(variationId),
      modifiers: choices(0),
      components: fc.constant<NewLine['components']>([]),
    });
  const combo = (variationId: string, slots: readonly Slot[]): fc.Arbitrary<NewLine> =>
    fc.record({
      ...shared,
      variationId: fc.constant(variationId),
      modifiers: fc.constant<ModifierChoice[]>([]),
      components: fc.tuple(...slots.map(componentsFor)).map((chosen) => chosen.flat()),
    });
  const componentsFor = ({ code, min, max, choices: offered }: Slot): fc.Arbitrary<NewLine['components']> =>
    fc.array(
      fc.record({
        slot: fc.constant(code),
        variationId: fc.constantFrom(...offered.map(({ variationId }) => variationId)),
        modifiers: choices(0),
        note: fc.constant(null),
      }),
      { minLength: min, maxLength: max },
    );
  const lines = fc.oneof(
    ...menu.items.flatMap(({ variations }) =>
      variations.map(({ id: variationId, slots }) => (slots ? combo(variationId, slots) : line(variationId))),
    ),
  );
  return fc.record({
    serviceType: fc.constantFrom('dine_in' as const, 'take_away' as const, 'delivery' as const),
    covers: fc.option(fc.integer({ min: 1, max: 12 })),
    lines: fc.array(lines, { minLength: 1, maxLength: 5 }),
    discounts: fc.array(discount, { maxLength: 2 }),
  });
}
