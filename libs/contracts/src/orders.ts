import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { orderExample } from './examples.js';
import { Page, PageQuery } from './paging.js';
import {
  BusinessDate,
  Channel,
  Currency,
  Id,
  Instant,
  Line as Text,
  Money,
  Note,
  PositiveAmount,
  Price,
  Rate,
  ServiceType,
  Texts,
  Version,
} from './primitives.js';

/** Where the kitchen stands with an order; whether it is paid is another question. */
export const OrderStatus = z.enum(['placed', 'fired', 'ready', 'completed', 'cancelled']).meta({ id: 'OrderStatus' });
export type OrderStatus = z.infer<typeof OrderStatus>;
export const LineStatus = z.enum(['placed', 'fired', 'ready', 'completed', 'voided']).meta({ id: 'LineStatus' });
export type LineStatus = z.infer<typeof LineStatus>;
export const PaymentStatus = z.enum(['unpaid', 'partly_paid', 'paid']).meta({ id: 'PaymentStatus' });
export type PaymentStatus = z.infer<typeof PaymentStatus>;

const Quantity = z.int().min(1).max(10_000);

// ── What is asked for ──

/** A choice from a modifier group, which may have choices of its own. */
export interface ModifierChoice {
  modifierId: string;
  quantity: number;
  modifiers: ModifierChoice[];
}
interface ModifierChoiceInput {
  modifierId: string;
  quantity?: number | undefined;
  modifiers?: ModifierChoiceInput[] | undefined;
}
// Recursive parsing needs a stack: what nests without end is refused before it is descended into.
const MODIFIER_DEPTH = 8;
const modifierChoices = (max: number) =>
  z
    .preprocess((given, context) => {
      if (isDeeper(given, MODIFIER_DEPTH))
        context.addIssue({ code: 'custom', message: `Modifiers nest at most ${MODIFIER_DEPTH} deep.` });
      return given;
    }, z.array(ModifierChoice).max(max))
    .default([]);

function isDeeper(choices: unknown, levels: number): boolean {
  if (!Array.isArray(choices)) return false;
  if (levels === 0) return choices.length > 0;
  return choices.some((choice: { modifiers?: unknown } | null) => isDeeper(choice?.modifiers, levels - 1));
}

export const ModifierChoice: z.ZodType<ModifierChoice, ModifierChoiceInput> = z
  .strictObject({
    modifierId: Id,
    quantity: z.int().min(1).max(100).default(1),
    get modifiers(): z.ZodDefault<z.ZodArray<z.ZodType<ModifierChoice, ModifierChoiceInput>>> {
      return z.array(ModifierChoice).max(20).default([]);
    },
  })
  .meta({ id: 'ModifierChoice' });

/** A reduction: a share of the price, or a fixed amount. */
export const DiscountInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('percent'), id: Id.optional(), name: Text(100), rate: Rate }),
    z.strictObject({ kind: z.literal('fixed'), id: Id.optional(), name: Text(100), amount: PositiveAmount }),
  ])
  .meta({ id: 'DiscountInput', examples: [{ kind: 'percent', name: 'Staff', rate: 200_000 }] });
export type DiscountInput = z.output<typeof DiscountInput>;

export const NewLine = z
  .strictObject({
    id: Id.optional(),
    variationId: Id.meta({ description: 'What is sold: an item in one of its variations.' }),
    quantity: Quantity.default(1),
    modifiers: modifierChoices(50),
    discounts: z.array(DiscountInput).max(10).default([]),
    seat: z.int().min(1).max(999).nullable().default(null),
    note: Note(500).nullable().default(null),
  })
  .meta({ id: 'NewLine' });
export type NewLine = z.output<typeof NewLine>;

const MenuHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'Price by this published menu; without it, by the one published now.' });

const cartFields = {
  locationId: Id,
  serviceType: ServiceType.default('dine_in'),
  covers: z.int().min(1).max(1000).nullable().default(null),
  menuHash: MenuHash.optional(),
  lines: z.array(NewLine).min(1).max(500),
  discounts: z
    .array(DiscountInput)
    .max(10)
    .default([])
    .meta({ description: 'On the whole order, after the discounts of its lines.' }),
};

export const Cart = z.strictObject(cartFields).meta({ id: 'Cart' });

export const NewOrder = z
  .strictObject({
    id: Id.optional().meta({ description: 'Mint it yourself to know it before the answer comes.' }),
    checkId: Id.optional(),
    ...cartFields,
    channel: Channel.default('pos'),
    table: Text(40).nullable().default(null),
    customerId: Id.nullable().default(null),
    externalId: Text(100)
      .nullable()
      .default(null)
      .meta({ description: 'The number another system knows the order by.' }),
    note: Note(500).nullable().default(null),
    occurredAt: Instant.optional().meta({
      description: 'When the guest ordered; now, unless given. Before yesterday it needs the scope `orders:import`.',
    }),
    expectedTotal: Price.optional().meta({
      description: 'What the guest was shown: another total is refused with both.',
    }),
    completed: z.boolean().default(false).meta({
      description: 'The guest already has everything; nothing goes to the kitchen. Needs the scope `orders:import`.',
    }),
  })
  .meta({ id: 'NewOrder' });
export type NewOrder = z.output<typeof NewOrder>;

// ── What there is ──

export const AppliedTax = z
  .object({ taxId: Id, name: z.string(), rate: Rate, inclusive: z.boolean(), amount: Money })
  .meta({ id: 'AppliedTax' });
export type AppliedTax = z.infer<typeof AppliedTax>;
export const AppliedDiscount = z
  .object({ id: Id, name: z.string(), amount: Money.meta({ description: 'What it really took off.' }) })
  .meta({ id: 'AppliedDiscount' });
export type AppliedDiscount = z.infer<typeof AppliedDiscount>;

export interface LineModifier {
  id: string;
  modifierId: string;
  name: Record<string, string>;
  quantity: number;
  unitPrice: { amount: number; currency: string };
  modifiers: LineModifier[];
}
export const LineModifier: z.ZodType<LineModifier> = z
  .object({
    id: Id,
    modifierId: Id,
    name: Texts,
    quantity: Quantity,
    unitPrice: Money,
    get modifiers(): z.ZodArray<z.ZodType<LineModifier>> {
      return z.array(LineModifier);
    },
  })
  .meta({ id: 'LineModifier' });

/** One thing on a check. A voided one stays, with its price and quantity, and comes to nothing: its amounts are zero. */
export const OrderLine = z
  .object({
    id: Id,
    itemId: Id,
    variationId: Id,
    name: Texts,
    variationName: Texts,
    categoryId: Id.nullable(),
    quantity: Quantity,
    unitPrice: Money.meta({ description: 'Of one, without modifiers.' }),
    modifiers: z.array(LineModifier),
    seat: z.int().nullable(),
    note: z.string().nullable(),
    status: LineStatus,
    voided: z
      .object({ reason: z.string(), by: z.string(), at: Instant, businessDate: BusinessDate, sent: z.boolean() })
      .nullable(),
    gross: Money.meta({ description: 'Quantity times price with modifiers.' }),
    discounts: z.array(AppliedDiscount).meta({ description: 'Its own and its share of those of the order.' }),
    net: Money.meta({ description: 'After discounts, without tax.' }),
    taxes: z.array(AppliedTax),
    total: Money.meta({ description: 'What the guest pays for the line: net and taxes.' }),
    orderedAt: Instant,
  })
  .meta({ id: 'OrderLine' });
export type OrderLine = z.infer<typeof OrderLine>;

export const Totals = z
  .object({
    gross: Money,
    discount: Money,
    net: Money.meta({ description: 'Lines after discounts, without tax.' }),
    serviceCharge: Money,
    tax: Money.meta({ description: 'All taxes, included and added.' }),
    total: Money.meta({ description: 'net + serviceCharge + tax, before cash rounding and tips.' }),
  })
  .meta({ id: 'Totals' });
export type Totals = z.infer<typeof Totals>;

export const AppliedCharge = z
  .object({ id: Id, name: z.string(), amount: Money.meta({ description: 'Without tax.' }), taxes: z.array(AppliedTax) })
  .meta({ id: 'AppliedCharge' });
export type AppliedCharge = z.infer<typeof AppliedCharge>;

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

const checkFields = {
  id: Id,
  version: Version,
  lines: z.array(OrderLine),
  discounts: z.array(AppliedDiscount),
  charges: z.array(AppliedCharge),
  totals: Totals,
  paid: Money.meta({ description: 'Paid so far, without tips and change, less refunds.' }),
};
/** A check: what one party pays together. */
export const Check = z.object({ ...checkFields, bill: Bill }).meta({ id: 'Check' });
export type Check = z.infer<typeof Check>;

const orderFields = {
  id: Id,
  locationId: Id,
  number: z.int().min(1).meta({ description: 'For people: counts from 1 for each location and business date.' }),
  businessDate: BusinessDate,
  status: OrderStatus,
  paymentStatus: PaymentStatus,
  channel: Channel,
  serviceType: ServiceType,
  table: z.string().nullable(),
  covers: z.int().nullable(),
  customerId: Id.nullable(),
  externalId: z.string().nullable(),
  note: z.string().nullable(),
  currency: Currency,
  menuHash: z.string(),
  cancelled: z.object({ reason: z.string(), by: z.string(), at: Instant, businessDate: BusinessDate }).nullable(),
  totals: Totals.meta({ description: 'Of all checks together.' }),
  placedBy: z.string().meta({ description: 'The credential that placed it.' }),
  occurredAt: Instant,
  recordedAt: Instant,
  version: Version,
};

export const Order = z.object({ ...orderFields, checks: z.array(Check) }).meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

/** An order priced and not placed. */
export const Quote = z
  .object({
    menuHash: z.string(),
    currency: Currency,
    lines: z.array(OrderLine),
    discounts: z.array(AppliedDiscount),
    charges: z.array(AppliedCharge),
    totals: Totals,
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof Quote>;

const OrderParams = z.strictObject({ orderId: Id });
const LineParams = z.strictObject({ orderId: Id, lineId: Id });
const Reason = z
  .strictObject({ reason: Text(200), occurredAt: Instant.optional() })
  .meta({ id: 'Reason', examples: [{ reason: 'Guest left' }] });

const pricingRefusals = [
  'menu_not_published',
  'menu_unknown',
  'item_unknown',
  'item_unavailable',
  'modifier_min',
  'modifier_max',
  'modifier_unknown',
  'price_below_zero',
  'id_taken',
  'amount_too_large',
  'order_too_large',
] as const;

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
  body: Cart,
  answer: Quote,
  refusals: [...pricingRefusals, 'reference_unknown'],
  example,
});

export const PlaceOrder = defineEndpoint({
  id: 'placeOrder',
  method: 'POST',
  path: '/v1/orders',
  summary: 'Places an order.',
  description: 'Each check in the answer carries a signed `bill`: send it to payments to pay at once.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  body: NewOrder,
  answer: Order,
  refusals: [
    ...pricingRefusals,
    'reference_unknown',
    'countdown_exhausted',
    'expected_total_differs',
    'time_not_allowed',
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
  }),
  answer: Page('OrderPage', Order),
});

export const ReadOrder = defineEndpoint({
  id: 'readOrder',
  method: 'GET',
  path: '/v1/orders/{orderId}',
  summary: 'One order.',
  scope: 'orders:read',
  params: OrderParams,
  answer: Order,
});

export const ReadCheck = defineEndpoint({
  id: 'readCheck',
  method: 'GET',
  path: '/v1/orders/{orderId}/checks/{checkId}',
  summary: 'One check of an order.',
  scope: 'orders:read',
  params: z.strictObject({ orderId: Id, checkId: Id }),
  answer: Check,
});

export const AmendOrder = defineEndpoint({
  id: 'amendOrder',
  method: 'PATCH',
  path: '/v1/orders/{orderId}',
  summary: 'Changes what is not a line: table, covers, service type, customer, note, discounts of the order.',
  scope: 'orders:write',
  params: OrderParams,
  concurrency: 'required',
  body: z
    .strictObject({
      table: Text(40).nullable(),
      covers: z.int().min(1).max(1000).nullable(),
      serviceType: ServiceType,
      customerId: Id.nullable(),
      note: Note(500).nullable(),
      discounts: z.array(DiscountInput).max(10),
      version: Version,
    })
    .partial()
    .meta({ id: 'OrderAmendment' }),
  answer: Order,
  refusals: ['version_stale', 'version_missing', 'order_state', 'id_taken', 'amount_too_large', 'order_too_large'],
});

export const AddLines = defineEndpoint({
  id: 'addLines',
  method: 'POST',
  path: '/v1/orders/{orderId}/lines',
  summary: 'Adds lines. Needs no version: two waiters may add to one table at once.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  params: OrderParams,
  body: z
    .strictObject({
      checkId: Id.optional(),
      menuHash: MenuHash.optional(),
      lines: z.array(NewLine).min(1).max(100),
      occurredAt: Instant.optional(),
    })
    .meta({ id: 'NewLines' }),
  answer: Order,
  refusals: [...pricingRefusals, 'order_state', 'countdown_exhausted', 'time_not_allowed', 'reference_unknown'],
});

export const VoidLine = defineEndpoint({
  id: 'voidLine',
  method: 'POST',
  path: '/v1/orders/{orderId}/lines/{lineId}/void',
  summary: 'Voids a line, with a reason. The line stays visible.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: LineParams,
  body: Reason,
  answer: Order,
  refusals: ['order_state', 'line_state', 'time_not_allowed'],
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

export const FireOrder = transition('fireOrder', 'fire', 'Sends what has not been sent yet to the kitchen.');
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
  refusals: ['order_state', 'time_not_allowed'],
});

export const Countdown = z
  .object({
    locationId: Id,
    variationId: Id,
    remaining: z.int().min(0).max(1_000_000),
    version: Version,
    updatedAt: Instant,
  })
  .meta({ id: 'Countdown' });
export type Countdown = z.infer<typeof Countdown>;

const CountdownParams = z.strictObject({ locationId: Id, variationId: Id });

export const SetCountdown = defineEndpoint({
  id: 'setCountdown',
  method: 'PUT',
  path: '/v1/orders/countdowns/{locationId}/{variationId}',
  summary: 'Says how many are left to sell. Each order takes its own in its own transaction.',
  scope: 'orders:write',
  params: CountdownParams,
  body: z
    .strictObject({ remaining: z.int().min(0).max(1_000_000) })
    .meta({ id: 'CountdownChange', examples: [{ remaining: 3 }] }),
  answer: Countdown,
  refusals: ['reference_unknown'],
});

export const RemoveCountdown = defineEndpoint({
  id: 'removeCountdown',
  method: 'DELETE',
  path: '/v1/orders/countdowns/{locationId}/{variationId}',
  summary: 'Stops counting.',
  scope: 'orders:write',
  status: 204,
  params: CountdownParams,
});

export const ListCountdowns = defineEndpoint({
  id: 'listCountdowns',
  method: 'GET',
  path: '/v1/orders/countdowns',
  summary: 'What is being counted down, in the order of its variation.',
  scope: 'orders:read',
  query: PageQuery.extend({ locationId: Id.optional() }),
  answer: Page('CountdownPage', Countdown),
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

/** The order as it stands after the event; bills stay with the caller they were signed for. */
export const OrderFacts = z.object({
  ...orderFields,
  checks: z.array(z.object(checkFields)),
});
export type OrderFacts = z.infer<typeof OrderFacts>;

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
export const OrderPaid = orderEvent('comanda.order.paid.v1', 'Nothing is left to pay on any check of the order.');
