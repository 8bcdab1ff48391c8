import { z } from 'zod';
import { BusinessDate, Id, Price, Version } from './primitives.js';

/** What a check comes to, signed, so that payments can trust it the instant it is made. */
export const Bill = z
  .strictObject({
    organizationId: Id,
    locationId: Id,
    orderId: Id,
    checkId: Id,
    version: Version.meta({ description: 'Of the check; grows when its total changes.' }),
    businessDate: BusinessDate.optional().meta({
      description: 'Of the order; left out only by bills that were signed before they carried it.',
    }),
    total: Price.meta({ description: 'Before cash rounding.' }),
    tax: Price.meta({ description: 'How much of the total is tax.' }),
    signature: z.string().max(100),
  })
  .meta({ id: 'Bill' });
export type Bill = z.infer<typeof Bill>;
