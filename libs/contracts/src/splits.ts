import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { orderExample } from './examples.js';
import { Order } from './order.js';
import { Id, PositiveAmount, Version } from './primitives.js';

const version = Version.optional();
const OrderParams = z.strictObject({ orderId: Id });
const Seat = z.int().min(1).max(999);

/** How an order is divided over checks. */
export const OrderSplit = z
  .discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('evenly'),
      ways: z.int().min(1).max(50).meta({ description: 'How many checks divide what is left to pay.' }),
      version,
    }),
    z.strictObject({
      by: z.literal('items'),
      checks: z
        .array(
          z.strictObject({
            lines: z.array(z.strictObject({ lineId: Id, parts: z.int().min(1).max(10_000).default(1) })).max(500),
          }),
        )
        .min(1)
        .max(50)
        .meta({
          description:
            'What each check takes. `parts` are pieces of a line’s quantity, 2 and 1 of three beers; where more are taken than there are pieces, parts of the whole, 1 and 1 of one pizza. What nobody takes is the first check’s.',
        }),
      version,
    }),
    z.strictObject({
      by: z.literal('seats'),
      checks: z
        .array(z.strictObject({ seats: z.array(Seat).min(1).max(50) }))
        .min(1)
        .max(50)
        .optional()
        .meta({ description: 'Who pays together; each seat for itself, unless given.' }),
      shared: z
        .enum(['pro_rata', 'evenly'])
        .default('pro_rata')
        .meta({ description: 'How what belongs to no seat is divided: in proportion to what each has, or evenly.' }),
      version,
    }),
    z.strictObject({
      by: z.literal('amounts'),
      amounts: z
        .array(PositiveAmount)
        .min(1)
        .max(49)
        .meta({ description: 'Minor units, a check for each; one more check takes the rest.' }),
      version,
    }),
  ])
  .meta({ id: 'OrderSplit', examples: [{ by: 'evenly', ways: 3 }] });
export type OrderSplit = z.output<typeof OrderSplit>;

export const SplitOrder = defineEndpoint({
  id: 'splitOrder',
  method: 'POST',
  path: '/v1/orders/{orderId}/split',
  summary: 'Divides what is left to pay of an order over checks: evenly, by item, by seat or in amounts.',
  description:
    'The lines stay where they are and are priced together; each check pays its share of them, as its `shares` say, and the shares sum to the order to the cent. A check on which something has been paid keeps what was paid; what is left is divided over the others. What is ordered or voided later is divided again, over the checks on which nothing has been paid yet. Once more divides anew.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  concurrency: 'required',
  params: OrderParams,
  body: OrderSplit,
  answer: Order,
  refusals: ['version_stale', 'version_missing', 'order_state', 'split_invalid', 'nothing_due', 'order_too_large'],
  example: { by: 'items', checks: [{ lines: [{ lineId: orderExample.lines[0].id }] }, { lines: [] }] },
});

export const UnsplitOrder = defineEndpoint({
  id: 'unsplitOrder',
  method: 'POST',
  path: '/v1/orders/{orderId}/unsplit',
  summary: 'Undoes a split: the first check pays everything again. The others stay, with nothing to pay.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  concurrency: 'required',
  params: OrderParams,
  body: z
    .strictObject({ version })
    .optional()
    .meta({ id: 'OrderUnsplit', examples: [{ version: 3 }] }),
  answer: Order,
  refusals: ['version_stale', 'version_missing', 'order_state', 'check_paid'],
});
