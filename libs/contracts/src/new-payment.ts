import { z } from 'zod';
import { GiftCardNumber } from './guest-accounts.js';
import { Bill } from './orders.js';
import { Id, Instant, Price } from './primitives.js';

const newPaymentFields = {
  id: Id.optional(),
  bill: Bill,
  amount: Price.optional().meta({
    description: 'How much of the bill; all that is due, unless given. Zero with a tip: only a tip.',
  }),
  tip: Price.optional(),
  offline: z.boolean().default(false),
  occurredAt: Instant.optional(),
};
export const NewPayment = z
  .discriminatedUnion('method', [
    z.strictObject({
      method: z.literal('cash'),
      ...newPaymentFields,
      tendered: Price.optional().meta({ description: 'Cash handed over; what is to be collected, unless given.' }),
    }),
    z.strictObject({
      method: z.literal('card'),
      ...newPaymentFields,
      source: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,100}$/)
        .meta({
          description:
            'The token from the payment provider. In test organizations `tok_visa`, `tok_mastercard`, `tok_declined`, …',
        }),
      capture: z.boolean().default(true).meta({ description: 'False: only authorise; capture later.' }),
      hold: Price.optional().meta({
        description:
          'For a tab, with `capture: false`: the card holds so much, whatever the bill comes to yet, and more by itself as the bill grows beyond it. It pays nothing until it is captured.',
      }),
    }),
    z.strictObject({
      method: z.literal('gift_card'),
      ...newPaymentFields,
      number: GiftCardNumber.meta({
        description: 'Without `amount` it pays what is due, or as much of it as it holds.',
      }),
    }),
    z.strictObject({
      method: z.literal('wallet'),
      ...newPaymentFields,
      barcode: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,100}$/)
        .optional()
        .meta({
          description: 'The guest’s code, as it was scanned. Without it the answer has a code for the guest to scan.',
        }),
      expiresInSeconds: z
        .int()
        .min(10)
        .max(3_600)
        .default(300)
        .meta({ description: 'How long the guest has to pay the code that the answer has.' }),
    }),
    z.strictObject({ method: z.literal('house_account'), ...newPaymentFields, accountId: Id }),
  ])
  .meta({ id: 'NewPayment' });
export type NewPayment = z.output<typeof NewPayment>;
