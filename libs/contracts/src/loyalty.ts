import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { Page, PageQuery } from './paging.js';
import { BusinessDate, Code, Id, Instant, Line, MailAddress, Money, Version } from './primitives.js';

import { Feedback } from './feedback.js';
import { GrantStatus } from './offers.js';

export * from './feedback.js';
export * from './offers.js';
export * from './program.js';

const phone = z
  .string()
  .regex(/^\+?[0-9][0-9 ()./-]{3,30}$/)
  .nullable()
  .meta({ description: 'As the guest writes it; found again however it is written.', examples: ['+1 312 555 0142'] });
const email = MailAddress.nullable();
const birthday = z.iso.date().nullable();
const language = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .nullable()
  .meta({ description: 'In which to write to them (BCP 47).', examples: ['it'] });
const purposes = z
  .array(Code)
  .max(20)
  .meta({
    description: 'What they agreed to, such as `newsletter`; all of it, each time.',
    examples: [['newsletter']],
  });

const customerFields = { name: Line(200), phone, email, birthday, language, consents: purposes };

/** Something a customer agreed to. */
export const Consent = z.object({ purpose: z.string(), since: Instant }).meta({ id: 'Consent' });

/** A consent that was given or withdrawn: when, and through what. */
export const ConsentEvent = z
  .object({
    purpose: z.string(),
    given: z.boolean().meta({ description: 'False when it was withdrawn.' }),
    at: Instant,
    source: z.string().meta({ description: 'Where it was said, such as `till`; `api` when nobody said.' }),
  })
  .meta({ id: 'ConsentEvent' });
export type ConsentEvent = z.infer<typeof ConsentEvent>;

const consentSource = Code.meta({ description: 'Where they agreed or withdrew.', examples: ['till'] });

/** A guest who is known. What says who they are is encrypted with a key of their own; erasing them is forgetting the key. */
export const Customer = z
  .object({
    id: Id,
    name: z.string().nullable().meta({ description: 'Null when the customer has been erased.' }),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    birthday: z.string().nullable(),
    language: z.string().nullable(),
    consents: z.array(Consent),
    points: z.int(),
    tier: z.string().nullable().meta({ description: 'The code of the tier they have reached.' }),
    erasedAt: Instant.nullable(),
    version: Version.meta({ description: 'Grows with every change of the customer and every entry of points.' }),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Customer' });
export type Customer = z.infer<typeof Customer>;

/** One entry of a customer's points; the balance is their sum. */
export const PointsEntry = z
  .object({
    id: Id,
    customerId: Id,
    kind: z.enum(['earn', 'redeem', 'reverse', 'adjust']),
    points: z.int().meta({ description: 'Positive when earned or given back, negative when redeemed or taken back.' }),
    orderId: Id.nullable(),
    paymentId: Id.nullable(),
    reason: z.string().nullable(),
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'PointsEntry' });
export type PointsEntry = z.infer<typeof PointsEntry>;

/** What a customer ordered. */
export const CustomerOrder = z
  .object({
    orderId: Id,
    locationId: Id,
    number: z.int(),
    businessDate: BusinessDate,
    status: z.string(),
    paymentStatus: z.string(),
    total: Money,
    occurredAt: Instant,
  })
  .meta({ id: 'CustomerOrder' });
export type CustomerOrder = z.infer<typeof CustomerOrder>;

const CustomerParams = z.strictObject({ customerId: Id });

export const CreateCustomer = defineEndpoint({
  id: 'createCustomer',
  method: 'POST',
  path: '/v1/loyalty/customers',
  summary: 'Makes a customer. A phone number or e-mail belongs to one customer of the organization.',
  description: 'A repeat with the same Idempotency-Key is told the id, and not again who it is.',
  scope: 'loyalty:write',
  idempotent: true,
  body: z
    .strictObject({
      id: Id.optional(),
      name: customerFields.name,
      phone: phone.default(null),
      email: email.default(null),
      birthday: birthday.default(null),
      language: language.default(null),
      consents: purposes.default([]),
      consentSource: consentSource.default('api'),
    })
    .meta({ id: 'NewCustomer' }),
  answer: Customer,
  refusals: ['id_taken', 'customer_exists'],
  example: { name: 'Ada', phone: '+1 312 555 0142' },
});

export const ListCustomers = defineEndpoint({
  id: 'listCustomers',
  method: 'GET',
  path: '/v1/loyalty/customers',
  summary: 'Customers, oldest first; by phone or e-mail the one who has it.',
  scope: 'loyalty:read',
  query: PageQuery.extend({ phone: z.string().max(40).optional(), email: z.string().max(254).optional() }),
  answer: Page('CustomerPage', Customer),
});

export const ReadCustomer = defineEndpoint({
  id: 'readCustomer',
  method: 'GET',
  path: '/v1/loyalty/customers/{customerId}',
  summary: 'One customer, with the balance of their points.',
  scope: 'loyalty:read',
  params: CustomerParams,
  answer: Customer,
});

export const ChangeCustomer = defineEndpoint({
  id: 'changeCustomer',
  method: 'PATCH',
  path: '/v1/loyalty/customers/{customerId}',
  summary: 'Changes a customer; what is left out stays.',
  scope: 'loyalty:write',
  params: CustomerParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...customerFields, consentSource, version: Version })
    .partial()
    .meta({ id: 'CustomerChange' }),
  answer: Customer,
  refusals: ['customer_exists', 'customer_erased'],
});

/** Everything that is kept of a customer. */
export const CustomerExport = z
  .object({
    customer: Customer,
    consentHistory: z.array(ConsentEvent).meta({ description: 'Oldest first.' }),
    points: z.array(PointsEntry).meta({ description: 'Oldest first.' }),
    orders: z.array(CustomerOrder).meta({ description: 'Oldest first.' }),
    feedback: z.array(Feedback).meta({ description: 'Oldest first.' }),
    grants: z.array(GrantStatus).meta({ description: 'Coupons and rewards they were given, oldest first.' }),
  })
  .meta({ id: 'CustomerExport' });
export type CustomerExport = z.infer<typeof CustomerExport>;

export const ExportCustomer = defineEndpoint({
  id: 'exportCustomer',
  method: 'GET',
  path: '/v1/loyalty/customers/{customerId}/export',
  summary: 'Everything that is kept of a customer, in one document, for when they ask.',
  scope: 'loyalty:read',
  params: CustomerParams,
  answer: CustomerExport,
});

export const EraseCustomer = defineEndpoint({
  id: 'eraseCustomer',
  method: 'POST',
  path: '/v1/loyalty/customers/{customerId}/erase',
  summary: 'Forgets who a customer is, for good. Their points and orders stay, under an id that says nothing.',
  scope: 'loyalty:write',
  idempotent: true,
  status: 200,
  params: CustomerParams,
  answer: Customer,
  refusals: ['customer_erased'],
});

export const ListPoints = defineEndpoint({
  id: 'listPoints',
  method: 'GET',
  path: '/v1/loyalty/customers/{customerId}/points',
  summary: 'The entries of a customer’s points, newest first.',
  scope: 'loyalty:read',
  params: CustomerParams,
  query: PageQuery,
  answer: Page('PointsPage', PointsEntry),
});

export const MovePoints = defineEndpoint({
  id: 'movePoints',
  method: 'POST',
  path: '/v1/loyalty/customers/{customerId}/points',
  summary: 'Gives points or takes them, with a reason. The balance never falls below zero by it.',
  scope: 'loyalty:write',
  idempotent: true,
  params: CustomerParams,
  body: z
    .strictObject({
      kind: z.enum(['adjust', 'redeem']).default('adjust'),
      points: z
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .refine((points) => points !== 0, 'Not zero.')
        .meta({ description: 'Negative to take. A redemption takes.' }),
      reason: Line(200),
    })
    .meta({ id: 'PointsMove', not: { properties: { points: { const: 0 } }, required: ['points'] } }),
  answer: PointsEntry,
  refusals: ['points_insufficient', 'customer_erased', 'points_sign'],
  example: { points: 50, reason: 'Waited too long' },
});

export const ListCustomerOrders = defineEndpoint({
  id: 'listCustomerOrders',
  method: 'GET',
  path: '/v1/loyalty/customers/{customerId}/orders',
  summary: 'What a customer ordered, newest first.',
  scope: 'loyalty:read',
  params: CustomerParams,
  query: PageQuery,
  answer: Page('CustomerOrderPage', CustomerOrder),
});

export const SummarizePoints = defineEndpoint({
  id: 'summarizePoints',
  method: 'POST',
  path: '/v1/loyalty/points/summary',
  summary: 'What some orders earned, together.',
  scope: 'loyalty:read',
  status: 200,
  body: z.strictObject({ orderIds: z.array(Id).max(1_000) }).meta({ id: 'PointsQuestion' }),
  answer: z
    .object({
      orders: z.int().meta({ description: 'How many of them are paid and have their points.' }),
      earned: z.int(),
      reversed: z.int().meta({ description: 'Zero or less.' }),
    })
    .meta({ id: 'PointsSummary' }),
  example: { orderIds: [] },
});

// ── Events: ids and points, never who the customer is ──

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const pointsData = PointsEntry.omit({ recordedAt: true, kind: true }).extend({
  balance: z.int().meta({ description: 'After this entry.' }),
});
const pointsExample = {
  id: ID,
  customerId: ID,
  points: 32,
  balance: 132,
  orderId: ID,
  paymentId: null,
  reason: null,
  occurredAt: '2026-03-06T20:10:00.000Z',
};

export const PointsEarned = defineEvent('comanda.points.earned.v1', {
  service: 'loyalty',
  summary: 'A customer earned points.',
  subject: 'customerId',
  data: pointsData,
  example: pointsExample,
});
export const PointsRedeemed = defineEvent('comanda.points.redeemed.v1', {
  service: 'loyalty',
  summary: 'A customer spent points.',
  subject: 'customerId',
  data: pointsData,
  example: { ...pointsExample, points: -100, balance: 32 },
});
export const PointsReversed = defineEvent('comanda.points.reversed.v1', {
  service: 'loyalty',
  summary: 'Points went back: earned ones with the money, or spent ones because their reward was not used.',
  subject: 'customerId',
  data: pointsData,
  example: { ...pointsExample, points: -16, balance: 116 },
});
export const CustomerUpdated = defineEvent('comanda.customer.updated.v1', {
  service: 'loyalty',
  summary: 'A customer was made or changed. Which fields changed, not what they hold.',
  subject: 'customerId',
  data: z.object({ customerId: Id, changed: z.array(z.string()) }),
  example: { customerId: ID, changed: ['phone'] },
});
export const CustomerTierChanged = defineEvent('comanda.customer.tier_changed.v1', {
  service: 'loyalty',
  summary: 'A customer reached another tier, or fell from theirs.',
  subject: 'customerId',
  data: z.object({
    customerId: Id,
    from: z.string().nullable(),
    to: z.string().nullable(),
    counted: z.int().meta({ description: 'The points, or minor units paid, that count in the period.' }),
  }),
  example: { customerId: ID, from: null, to: 'gold', counted: 1_032 },
});
export const CustomerErased = defineEvent('comanda.customer.erased.v1', {
  service: 'loyalty',
  summary: 'A customer asked to be forgotten: the key to their data is gone. Whoever holds anything of them drops it.',
  subject: 'customerId',
  data: z.object({ customerId: Id, erasedAt: Instant }),
  example: { customerId: ID, erasedAt: '2026-03-06T20:10:00.000Z' },
});
