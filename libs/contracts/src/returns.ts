import { z } from 'zod';
import { AppliedTax } from './applied.js';
import { AppliedDiscount, byWhom, people } from './discounts.js';
import { BusinessDate, Id, Instant, Line as Text, Money, Price } from './primitives.js';

const Quantity = z.int().min(1).max(10_000);

/** What went back of one line, and its exact share of everything that was charged for it. */
export const ReturnedLine = z
  .object({
    lineId: Id,
    quantity: Quantity,
    gross: Money,
    discounts: z.array(AppliedDiscount),
    net: Money,
    serviceCharge: Money.meta({ description: 'Its part of the service charges, without tax.' }),
    taxes: z.array(AppliedTax).meta({ description: 'Those of the line and of its part of the service charges.' }),
    total: Money,
  })
  .meta({ id: 'ReturnedLine' });
export type ReturnedLine = z.infer<typeof ReturnedLine>;

/** Things that went back after they were paid. The order keeps what it came to; this is what of it is the guest's again. */
export const LinesReturned = z
  .object({
    id: Id,
    lines: z.array(ReturnedLine),
    tax: Money,
    total: Money.meta({ description: 'What the guest gets back.' }),
    reason: z.string(),
    by: z.string(),
    occurredAt: Instant,
    businessDate: BusinessDate,
    ...byWhom,
  })
  .meta({ id: 'LinesReturned' });
export type LinesReturned = z.infer<typeof LinesReturned>;

/** What a return entitles the guest to, signed, so that payments can trust it. */
export const ReturnClaim = z
  .strictObject({
    organizationId: Id,
    locationId: Id,
    orderId: Id,
    returnId: Id,
    total: Price,
    tax: Price.meta({ description: 'How much of the total is tax.' }),
    signature: z.string().max(100),
  })
  .meta({ id: 'ReturnClaim' });
export type ReturnClaim = z.infer<typeof ReturnClaim>;

export const Return = LinesReturned.extend({ claim: ReturnClaim }).meta({ id: 'Return' });
export type Return = z.infer<typeof Return>;

export const NewReturn = z
  .strictObject({
    id: Id.optional(),
    lines: z
      .array(z.strictObject({ lineId: Id, quantity: Quantity.default(1) }).meta({ id: 'NewReturnedLine' }))
      .max(500)
      .default([]),
    combos: z
      .array(z.strictObject({ comboId: Id, quantity: Quantity.default(1) }).meta({ id: 'NewReturnedCombo' }))
      .max(500)
      .default([])
      .meta({ description: 'So many of a combo: of each of its lines.' }),
    reason: Text(200),
    occurredAt: Instant.optional(),
    ...people,
  })
  .meta({ id: 'NewReturn' });
export type NewReturn = z.output<typeof NewReturn>;
