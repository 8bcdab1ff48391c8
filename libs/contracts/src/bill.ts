import { z } from 'zod';
import { Id, Price, Version } from './primitives.js';

/** What a check comes to, signed, so that payments can trust it the instant it is made. */
export const Bill = z
  .strictObject({
    organizationId: Id,
    locationId: Id,
    orderId: Id,
    checkId: Id,
    version: Version.meta({ description: 'Of the check; grows when its total changes.' }),
    total: Price.meta({ description: 'Before cash rounding.' }),
    tax: Price.meta({ description: 'How much of the total is tax.' }),
    signature: z.string().max(100),
  })
  .meta({ id: 'Bill' });
export type Bill = z.infer<typeof Bill>;
