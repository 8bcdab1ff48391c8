import { z } from 'zod';
import { Currency, Instant, PositiveAmount, Rate } from './primitives.js';

// How a location is run. Whoever names no staff acts for the chain, and is bound by `voidAfterSend` alone.

const limitFields = {
  discountRate: Rate.meta({
    description: 'The most that may be taken off one line, or one check, or be taken back of an order, by its share.',
  }),
  discountAmount: PositiveAmount.nullable().meta({ description: 'The same in minor units; null for no such limit.' }),
  comps: z.boolean().meta({ description: 'May give something for nothing, with a reason.' }),
  approves: z.boolean().meta({ description: 'May void what the kitchen has, and waive a service charge.' }),
};
/** What somebody may do on their own; beyond it, somebody who may has to approve. */
export const RoleLimit = z.object(limitFields).meta({ id: 'RoleLimit' });
export type RoleLimit = z.infer<typeof RoleLimit>;
const RoleLimitChange = z.strictObject(limitFields).meta({ id: 'RoleLimitChange' });

const stations = z.enum(['optional', 'required']).meta({
  description:
    'Required: a line whose item has no station is refused when it is fired. Optional: it goes to `kitchen`.',
});
const voidAfterSend = z.enum(['anyone', 'approved']).meta({
  description: 'Approved: what the kitchen has is voided by somebody who may approve, or with their approval.',
});
const minutes = z.int().min(0).max(1440);
const schedulingFields = {
  prepMinutes: minutes.meta({ description: 'How long before its promised time a scheduled order is fired.' }),
  slotMinutes: z.literal([5, 10, 15, 20, 30, 60]).meta({ description: 'How long a slot is.' }),
  ordersPerSlot: z
    .int()
    .min(0)
    .max(10_000)
    .nullable()
    .meta({ description: 'How many are promised in a slot; null: no limit.' }),
};
const tabFields = {
  growthRate: Rate.meta({
    description: 'How far a tab may grow beyond what its card holds, by its share of that, before more is held.',
  }),
};

/** How many of another currency one of the location's own is, in major units: exact, as decimal digits. */
export const ExchangeRate = z
  .string()
  .regex(/^(0\.0{0,11}[1-9]\d{0,11}|[1-9]\d{0,8}(\.\d{1,12})?)$/)
  .meta({ id: 'ExchangeRate', examples: ['0.9234'] });

const displayCurrencies = z
  .record(Currency, z.strictObject({ rate: ExchangeRate, asOf: Instant }).meta({ id: 'DisplayCurrency' }))
  .refine((rates) => Object.keys(rates).length <= 50, 'At most 50 currencies.')
  .meta({
    description:
      'In which other currencies amounts are shown, and at which rate. Nothing is priced, paid, tipped or booked in them.',
    maxProperties: 50,
    examples: [{ EUR: { rate: '0.9234', asOf: '2026-03-06T06:00:00Z' } }],
  });

const SERVES: RoleLimit = { discountRate: 100_000, discountAmount: null, comps: false, approves: false };
const COOKS: RoleLimit = { ...SERVES, discountRate: 0 };
const MANAGES: RoleLimit = { discountRate: 1_000_000, discountAmount: null, comps: true, approves: true };

export const LocationPolicies = z
  .object({
    stations: stations.default('optional'),
    voidAfterSend: voidAfterSend.default('anyone'),
    limits: z
      .object({
        cashier: RoleLimit.default(SERVES),
        waiter: RoleLimit.default(SERVES),
        kitchen: RoleLimit.default(COOKS),
        manager: RoleLimit.default(MANAGES),
        owner: RoleLimit.default(MANAGES),
      })
      .prefault({}),
    scheduling: z
      .object({
        prepMinutes: schedulingFields.prepMinutes.default(15),
        slotMinutes: schedulingFields.slotMinutes.default(15),
        ordersPerSlot: schedulingFields.ordersPerSlot.default(null),
      })
      .prefault({}),
    displayCurrencies: displayCurrencies.default({}),
    tabs: z.object({ growthRate: tabFields.growthRate.default(0) }).prefault({}),
  })
  .meta({ id: 'LocationPolicies' });
export type LocationPolicies = z.output<typeof LocationPolicies>;

/** What is said of them; what is left out stays. */
export const LocationPoliciesChange = z
  .strictObject({
    stations,
    voidAfterSend,
    limits: z
      .strictObject({
        cashier: RoleLimitChange,
        waiter: RoleLimitChange,
        kitchen: RoleLimitChange,
        manager: RoleLimitChange,
        owner: RoleLimitChange,
      })
      .partial(),
    scheduling: z.strictObject(schedulingFields).partial(),
    displayCurrencies,
    tabs: z.strictObject(tabFields).partial(),
  })
  .partial()
  .meta({ id: 'LocationPoliciesChange', examples: [{ voidAfterSend: 'approved' }] });
export type LocationPoliciesChange = z.output<typeof LocationPoliciesChange>;
