import { z } from 'zod';
import { Reason } from './discounts.js';
import { displayQuery } from './displayed.js';
import { defineEndpoint } from './endpoint.js';
import { Check, Order } from './order.js';
import { Id } from './primitives.js';

export const ReadCheck = defineEndpoint({
  id: 'readCheck',
  method: 'GET',
  path: '/v1/orders/{orderId}/checks/{checkId}',
  summary: 'One check of an order.',
  scope: 'orders:read',
  params: z.strictObject({ orderId: Id, checkId: Id }),
  query: z.strictObject(displayQuery),
  answer: Check,
  refusals: ['reference_unknown', 'amount_too_large'],
});

export const WaiveCharge = defineEndpoint({
  id: 'waiveCharge',
  method: 'POST',
  path: '/v1/orders/{orderId}/charges/{chargeId}/waive',
  summary: 'Waives a service charge of an order, with a reason. It stays visible, and comes to nothing.',
  description:
    'Waived it stays, whatever is ordered later. Whoever is named needs the right to approve, or somebody who has it. Waiving it again changes nothing.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: z.strictObject({ orderId: Id, chargeId: Id }),
  body: Reason,
  answer: Order,
  refusals: ['order_state', 'order_returned', 'time_not_allowed', 'reference_unknown', 'approval_required'],
  example: { reason: 'Had to wait' },
});
