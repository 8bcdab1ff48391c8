import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Bill, Order, OrderLine, Totals } from './order.js';
import { Id, Money } from './primitives.js';

const OrderParams = z.strictObject({ orderId: Id });

/** Orders that pay together: each stays what it is, and this is what they come to. */
export const Party = z
  .object({
    orders: z.array(Order),
    check: z
      .object({
        lines: z.array(OrderLine),
        totals: Totals,
        paid: Money,
        due: Money,
        bills: z.array(Bill).meta({ description: 'What is left to pay: a payment of each settles the whole.' }),
      })
      .meta({ id: 'CombinedCheck', description: 'Of all orders together, summed up when it is asked for.' }),
  })
  .meta({ id: 'Party' });
export type Party = z.infer<typeof Party>;

export const ReadParty = defineEndpoint({
  id: 'readParty',
  method: 'GET',
  path: '/v1/orders/{orderId}/party',
  summary:
    'The orders that pay together with this one, and their combined check. An order by itself is a party of one.',
  scope: 'orders:read',
  params: OrderParams,
  answer: Party,
});

export const MergeOrders = defineEndpoint({
  id: 'mergeOrders',
  method: 'POST',
  path: '/v1/orders/{orderId}/merge',
  summary: 'Merges other orders, and whoever pays with them, into the party of this one.',
  description:
    'Every order keeps its lines, its checks and bills, its table and what the kitchen knows of it; the party has one combined check. What is added, fired or paid while they are merged belongs to the order it was added to, fired of or paid on, and stays so when they are separated.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: OrderParams,
  body: z
    .strictObject({ orderIds: z.array(Id).min(1).max(50) })
    .meta({ id: 'OrdersToMerge', examples: [{ orderIds: ['0199a1b2-7c3d-7e4f-8a5b-000000000001'] }] }),
  answer: Party,
  refusals: ['order_state', 'merge_invalid'],
  example: { orderIds: ['0199a1b2-7c3d-7e4f-8a5b-000000000001'] },
});

export const UnmergeOrders = defineEndpoint({
  id: 'unmergeOrders',
  method: 'POST',
  path: '/v1/orders/{orderId}/unmerge',
  summary: 'Separates the whole party of this order: every order pays for itself again.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: OrderParams,
  answer: z.object({ orders: z.array(Order) }).meta({ id: 'SeparatedOrders' }),
});
