import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { BusinessDate, Id, Money, Version } from './primitives.js';

/** What payments knows of a bill. */
export const BillState = z
  .object({
    orderId: Id,
    checkId: Id,
    locationId: Id,
    version: Version,
    businessDate: BusinessDate.nullable().meta({ description: 'Of the order; null until payments heard of it.' }),
    total: Money,
    paid: Money.meta({ description: 'Settled so far, before cash rounding, less refunds.' }),
    refunded: Money.meta({ description: 'Given back so far. A refund alone makes nothing due again.' }),
    pending: Money.meta({ description: 'Held by payments under way and by authorisations.' }),
    held: Money.meta({
      description:
        'What cards hold for it, tips included; of a tab that may be more than it comes to, and is no payment yet.',
    }),
    due: Money,
    refundDue: Money.meta({ description: 'Paid beyond a total that fell later.' }),
  })
  .meta({ id: 'BillState' });
export type BillState = z.infer<typeof BillState>;

export const ReadBill = defineEndpoint({
  id: 'readBill',
  method: 'GET',
  path: '/v1/payments/bills/{checkId}',
  summary: 'What is paid and due on a check.',
  scope: 'payments:read',
  params: z.strictObject({ checkId: Id }),
  answer: BillState,
  refusals: ['bill_unknown'],
});
