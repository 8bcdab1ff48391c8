import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { orderExample } from './examples.js';
import { DiscountInput, OrderDiscountInput, people, Reason } from './discounts.js';
import { displayQuery } from './displayed.js';
import { Course } from './kitchen.js';
import { Cart, NewLine, NewOrder, Order, OrderFacts, OrderStatus, Quote, TabName } from './order.js';
import { grantRefusals, pricingRefusals } from './order-refusals.js';
import { Page, PageQuery } from './paging.js';
import { NewReturn, Return } from './returns.js';
import { BusinessDate, Id, Instant, Line as Text, MenuHash, Note, ServiceType, Version } from './primitives.js';

export * from './checks.js';
export * from './countdowns.js';
export * from './grants.js';
export * from './discounts.js';
export * from './kitchen.js';
export * from './order.js';
export * from './parties.js';
export * from './splits.js';
export * from './tables.js';
export * from './returns.js';

const OrderParams = z.strictObject({ orderId: Id });
const LineParams = z.strictObject({ orderId: Id, lineId: Id });

const example = {
  locationId: orderExample.locationId,
  lines: [{ variationId: orderExample.lines[0].variationId, quantity: 2 }],
};

export const QuoteOrder = defineEndpoint({
  id: 'quoteOrder',
  method: 'POST',
  path: '/v1/orders/quote',
  summary: 'Prices an order without placing it. The charge for the same order is the same, always.',
  scope: 'orders:write',
  hot: true,
  query: z.strictObject(displayQuery),
  body: Cart,
  answer: Quote,
  refusals: [...pricingRefusals, ...grantRefusals, 'time_not_allowed', 'reference_unknown'],
  example,
});

export const PlaceOrder = defineEndpoint({
  id: 'placeOrder',
  method: 'POST',
  path: '/v1/orders',
  summary: 'Places an order.',
  description: 'Each check in the answer carries a signed `bill`: send it to payments to pay at once.',
  scope: 'orders:write',
  hot: true,
  idempotent: true,
  begins: true,
  keepsKeys: 'for ever',
  body: NewOrder,
  answer: Order,
  refusals: [
    ...pricingRefusals,
    ...grantRefusals,
    'grant_used',
    'reference_unknown',
    'countdown_exhausted',
    'expected_total_differs',
    'order_empty',
    'time_not_allowed',
    'slot_full',
    'approval_required',
  ],
  example,
});

export const ListOrders = defineEndpoint({
  id: 'listOrders',
  method: 'GET',
  path: '/v1/orders',
  summary: 'Orders, newest first.',
  scope: 'orders:read',
  query: PageQuery.extend({
    locationId: Id.optional(),
    businessDate: BusinessDate.optional(),
    status: OrderStatus.optional(),
    customerId: Id.optional(),
    externalId: Text(100).optional(),
    tabs: z
      .literal('open')
      .optional()
      .meta({ description: 'Only tabs that are open: orders with a `tab` that are neither completed nor cancelled.' }),
  }),
  answer: Page('OrderPage', Order),
});

export const ReadOrder = defineEndpoint({
  id: 'readOrder',
  method: 'GET',
  path: '/v1/orders/{orderId}',
  summary: 'One order.',
  scope: 'orders:read',
  hot: true,
  params: OrderParams,
  query: z.strictObject(displayQuery),
  answer: Order,
  refusals: ['reference_unknown', 'amount_too_large'],
});

export const AmendOrder = defineEndpoint({
  id: 'amendOrder',
  method: 'PATCH',
  path: '/v1/orders/{orderId}',
  summary: 'Changes what is not a line: table, tab, covers, service type, customer, note, discounts of the order.',
  scope: 'orders:write',
  hot: true,
  params: OrderParams,
  concurrency: 'required',
  body: z
    .strictObject({
      table: Text(40).nullable(),
      tab: TabName.nullable(),
      covers: z.int().min(1).max(1000).nullable(),
      serviceType: ServiceType,
      customerId: Id.nullable(),
      note: Note(500).nullable(),
      discounts: z.array(OrderDiscountInput).max(10),
      version: Version,
      ...people,
    })
    .partial()
    .meta({ id: 'OrderAmendment' }),
  answer: Order,
  refusals: [
    'version_stale',
    'version_missing',
    'order_state',
    'order_returned',
    'id_taken',
    'amount_too_large',
    'order_too_large',
    ...grantRefusals,
    'grant_used',
    'reference_unknown',
    'approval_required',
  ],
});

export const AddLines = defineEndpoint({
  id: 'addLines',
  method: 'POST',
  path: '/v1/orders/{orderId}/lines',
  summary: 'Adds lines. Needs no version: two waiters may add to one table at once.',
  scope: 'orders:write',
  hot: true,
  idempotent: true,
  keepsKeys: 'for ever',
  params: OrderParams,
  body: z
    .strictObject({
      checkId: Id.optional(),
      menuHash: MenuHash.optional(),
      lines: z.array(NewLine).min(1).max(100),
      occurredAt: Instant.optional(),
      ...people,
    })
    .meta({ id: 'NewLines' }),
  answer: Order,
  refusals: [
    ...pricingRefusals,
    'order_state',
    'check_closed',
    'order_returned',
    'countdown_exhausted',
    'time_not_allowed',
    'reference_unknown',
    'approval_required',
  ],
});

export const VoidLine = defineEndpoint({
  id: 'voidLine',
  method: 'POST',
  path: '/v1/orders/{orderId}/lines/{lineId}/void',
  summary: 'Voids a line, with a reason. The line stays visible.',
  description: 'A component of a combo is voided with all of its combo: to take one out of it, break the combo first.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: LineParams,
  body: Reason,
  answer: Order,
  refusals: [
    'order_state',
    'line_state',
    'order_returned',
    'time_not_allowed',
    'reference_unknown',
    'approval_required',
  ],
});

export const DiscountLine = defineEndpoint({
  id: 'discountLine',
  method: 'POST',
  path: '/v1/orders/{orderId}/lines/{lineId}/discounts',
  summary: 'Takes something off a line, or gives it for nothing. Beside what is taken off it already.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  params: LineParams,
  body: z.strictObject({ discount: DiscountInput, ...people }).meta({ id: 'NewLineDiscount' }),
  answer: Order,
  refusals: [
    'order_state',
    'line_state',
    'order_returned',
    'id_taken',
    'amount_too_large',
    'order_too_large',
    'reference_unknown',
    'approval_required',
  ],
  example: { discount: { kind: 'comp', name: 'Kitchen error', reason: 'Burnt' } },
});

export const BreakCombo = defineEndpoint({
  id: 'breakCombo',
  method: 'POST',
  path: '/v1/orders/{orderId}/combos/{comboId}/break',
  summary: 'Breaks a combo: what is in it becomes lines of their own, at what they cost alone when they were ordered.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: z.strictObject({ orderId: Id, comboId: Id }),
  answer: Order,
  refusals: ['order_state', 'order_returned', 'amount_too_large', 'order_too_large'],
});

export const ReturnLines = defineEndpoint({
  id: 'returnLines',
  method: 'POST',
  path: '/v1/orders/{orderId}/returns',
  summary: 'Takes things back that were paid: lines, some or all of each, or combos.',
  description:
    'Says to the cent what goes back to the guest: after discounts, with taxes and service charges; all units together come to all that was paid. Send the `claim` to `POST /v1/payments/{paymentId}/refunds`. The order keeps its amounts, and its lines can no longer change.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  params: OrderParams,
  body: NewReturn,
  answer: Return,
  refusals: [
    'line_state',
    'order_unpaid',
    'return_exceeds_sold',
    'approval_required',
    'reference_unknown',
    'id_taken',
    'time_not_allowed',
    'order_too_large',
  ],
  example: { lines: [{ lineId: orderExample.lines[0].id, quantity: 1 }], reason: 'Cold' },
});

const transition = (id: string, verb: string, summary: string) =>
  defineEndpoint({
    id,
    method: 'POST',
    path: `/v1/orders/{orderId}/${verb}`,
    summary,
    scope: 'orders:write',
    idempotent: true,
    keepsKeys: 'for ever',
    status: 200,
    params: OrderParams,
    answer: Order,
    refusals: ['order_state'],
  });

const Lines = z
  .strictObject({ courses: z.array(Course).min(1).max(50), lineIds: z.array(Id).min(1).max(500) })
  .partial();

export const PromiseOrder = defineEndpoint({
  id: 'promiseOrder',
  method: 'POST',
  path: '/v1/orders/{orderId}/promise',
  summary: 'Promises a scheduled order for another time of the same business day.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: OrderParams,
  body: z.strictObject({ promisedAt: Instant }).meta({ id: 'OrderPromise' }),
  answer: Order,
  refusals: ['order_state', 'time_not_allowed', 'slot_full', 'order_too_large'],
  example: { promisedAt: '2026-03-07T19:30:00Z' },
});

export const FireOrder = defineEndpoint({
  id: 'fireOrder',
  method: 'POST',
  path: '/v1/orders/{orderId}/fire',
  summary: 'Sends what has not been sent yet to the kitchen.',
  description:
    'Without a body: all that is not held. With courses or lines: these, held or not. What has been sent is not sent again; `tickets` of the event say what was sent by it.',
  scope: 'orders:write',
  hot: true,
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: OrderParams,
  body: Lines.prefault({}).meta({ id: 'Firing', examples: [{ courses: ['starters'] }] }),
  answer: Order,
  refusals: ['order_state', 'station_missing'],
  example: {},
});

export const HoldLines = defineEndpoint({
  id: 'holdLines',
  method: 'POST',
  path: '/v1/orders/{orderId}/hold',
  summary: 'Keeps courses or lines that have not been sent from being sent, until they are named.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: OrderParams,
  body: Lines.meta({ id: 'Holding', examples: [{ courses: ['mains'] }] }),
  answer: Order,
  refusals: ['order_state', 'line_state'],
  example: { courses: ['mains'] },
});

export const ReadyOrder = transition('readyOrder', 'ready', 'The kitchen has finished what was sent.');
export const CompleteOrder = transition('completeOrder', 'complete', 'The guests have everything.');

export const CancelOrder = defineEndpoint({
  id: 'cancelOrder',
  method: 'POST',
  path: '/v1/orders/{orderId}/cancel',
  summary: 'Cancels an order, with a reason. What was paid becomes a refund due.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: OrderParams,
  body: Reason,
  answer: Order,
  refusals: ['order_state', 'order_returned', 'time_not_allowed', 'reference_unknown', 'approval_required'],
});

export const FollowOrders = defineEndpoint({
  id: 'followOrders',
  method: 'GET',
  path: '/v1/orders/feed',
  summary: 'A live feed of a location: server-sent events that say how an order stands, each time it changes.',
  description:
    'Each event is called `order`, has the order as its data and an id. A client that reconnects with `Last-Event-ID` misses nothing; one that was away, or reads slowly, gets the newest state of each order that changed meanwhile.',
  scope: 'orders:read',
  query: z.strictObject({ locationId: Id }),
  produces: 'text/event-stream',
});

// ── Events ──

const orderEvent = <const Type extends `comanda.order.${string}.v1`>(type: Type, summary: string) =>
  defineEvent(type, { service: 'orders', summary, subject: 'id', data: OrderFacts, example: orderExample.facts });

export const OrderPlaced = orderEvent('comanda.order.placed.v1', 'An order was accepted.');
export const OrderChanged = orderEvent(
  'comanda.order.changed.v1',
  'Lines, amounts, payment or particulars of an order changed.',
);
export const OrderFired = orderEvent('comanda.order.fired.v1', 'Lines were sent to the kitchen.');
export const OrderReady = orderEvent('comanda.order.ready.v1', 'The kitchen finished what was sent.');
export const OrderCompleted = orderEvent('comanda.order.completed.v1', 'The guests have everything.');
export const OrderCancelled = orderEvent('comanda.order.cancelled.v1', 'The order was cancelled.');
export const OrderReturned = orderEvent(
  'comanda.order.returned.v1',
  'Things went back after they were paid: the newest of its `returns`.',
);
export const OrderPaid = orderEvent('comanda.order.paid.v1', 'Nothing is left to pay on any check of the order.');
export const OrderMoved = orderEvent(
  'comanda.order.moved.v1',
  'An order moved to another table: the last of its `moves` says from where.',
);
