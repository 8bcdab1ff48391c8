import { z } from 'zod';
import { byWhom } from './discounts.js';
import { BusinessDate, Id, Instant, Money, Rate } from './primitives.js';

export const AppliedTax = z
  .object({ taxId: Id, name: z.string(), rate: Rate, inclusive: z.boolean(), amount: Money })
  .meta({ id: 'AppliedTax' });
export type AppliedTax = z.infer<typeof AppliedTax>;

/** A service charge that a guest was let off. */
export const ChargeWaiver = z
  .object({
    reason: z.string(),
    by: z.string(),
    at: Instant,
    businessDate: BusinessDate,
    amount: Money.meta({ description: 'What it came to when it was waived, without tax.' }),
    ...byWhom,
  })
  .meta({ id: 'ChargeWaiver' });
export type ChargeWaiver = z.infer<typeof ChargeWaiver>;

export const AppliedCharge = z
  .object({
    id: Id,
    name: z.string(),
    amount: Money.meta({ description: 'Without tax.' }),
    taxes: z.array(AppliedTax),
    waived: ChargeWaiver.optional().meta({ description: 'The charge comes to nothing.' }),
  })
  .meta({ id: 'AppliedCharge' });
export type AppliedCharge = z.infer<typeof AppliedCharge>;
