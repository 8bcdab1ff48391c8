import { z } from 'zod';
import { TimeWindow } from './catalog/schedules.js';
import { Code, Id, Instant, Line as Text, Price, Rate, ServiceType } from './primitives.js';

/** What kind of promise a discount keeps. */
export const DiscountSource = z
  .object({ kind: z.enum(['coupon', 'reward']), id: Id })
  .meta({ id: 'DiscountSource', description: 'The coupon or reward that a discount is of.' });
export type DiscountSource = z.infer<typeof DiscountSource>;

/** What a coupon or reward takes off an order; where its conditions name items or categories, off those alone. */
export const Benefit = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('percent'), rate: Rate }),
    z.strictObject({ kind: z.literal('fixed'), amount: Price }),
    z.strictObject({ kind: z.literal('free_item'), quantity: z.int().min(1).max(100) }),
    z.strictObject({ kind: z.literal('bundle'), buy: z.int().min(1).max(100), free: z.int().min(1).max(100) }),
  ])
  .meta({
    id: 'Benefit',
    description:
      '`free_item`: so many of the cheapest cost nothing. `bundle`: of each `buy` + `free`, the cheapest `free` cost nothing; ' +
      '1 and 1 is two for the price of one. What was chosen with a free item is paid for.',
    examples: [{ kind: 'percent', rate: 100_000 }],
  });
export type Benefit = z.infer<typeof Benefit>;

const conditions = {
  minimumSpend: Price.nullable().meta({ description: 'At menu prices, before discounts.' }),
  itemIds: z.array(Id).max(200).meta({ description: 'What it is for; with `categoryIds` empty: everything.' }),
  categoryIds: z.array(Id).max(200),
  serviceTypes: z.array(ServiceType).max(20),
  locationIds: z.array(Id).max(500),
  windows: z
    .array(TimeWindow)
    .max(50)
    .meta({ description: 'Lines ordered within them, by the clock of the location.' }),
};

/** When a coupon or reward takes anything off an order, and off what. An empty list is no condition. */
export const OfferConditions = z.strictObject(conditions).meta({ id: 'OfferConditions' });
export const OfferConditionsInput = z
  .strictObject({
    minimumSpend: conditions.minimumSpend.default(null),
    itemIds: conditions.itemIds.default([]),
    categoryIds: conditions.categoryIds.default([]),
    serviceTypes: conditions.serviceTypes.default([]),
    locationIds: conditions.locationIds.default([]),
    windows: conditions.windows.default([]),
  })
  .meta({ id: 'OfferConditionsInput' });

export const StackingGroup = Code.nullable().meta({
  description: 'Coupons and rewards of one group may be combined on an order; null stands alone.',
  examples: ['lunch'],
});
export const Priority = z.int().min(0).max(1_000).meta({ description: 'The lowest is taken off first.' });

/**
 * The right to a discount on one order, given by loyalty and signed, so that orders can take it off without asking. Send it
 * as it is, as a discount of the order.
 */
export const Grant = z
  .strictObject({
    id: Id.meta({ description: 'Also the id of the discount it becomes.' }),
    organizationId: Id,
    source: z.strictObject(DiscountSource.shape),
    name: Text(100),
    customerId: Id.nullable().meta({ description: 'The order must be theirs; null: anybody’s.' }),
    orderId: Id.nullable().meta({ description: 'The order it is for; null: any one order.' }),
    deviceId: Id.nullable().meta({ description: 'The till that holds it for orders it takes offline.' }),
    gives: Benefit,
    conditions: OfferConditions,
    group: StackingGroup,
    priority: Priority,
    expiresAt: Instant.meta({ description: 'It must be on the order by then.' }),
    signature: z.string().max(100),
  })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof Grant>;
