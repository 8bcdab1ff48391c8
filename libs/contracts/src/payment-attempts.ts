import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { Id, Instant, Line, Money } from './primitives.js';

export const AttemptKind = z
  .enum(['charge', 'authorize', 'increment', 'capture', 'void', 'refund'])
  .meta({ id: 'AttemptKind' });

/**
 * Why nobody knows yet how it ended. `no_answer`: the provider was silent, or said what makes no sense. `not_finished`: who
 * asked has died on the way. `guest_pays`: the guest has a code, and has still to pay.
 */
export const AttemptWhy = z.enum(['no_answer', 'not_finished', 'guest_pays']).meta({ id: 'AttemptWhy' });
export type AttemptWhy = z.infer<typeof AttemptWhy>;

export const PaymentAttempt = z
  .object({
    id: Id.meta({ description: 'Also our reference at the provider.' }),
    paymentId: Id,
    refundId: Id.nullable(),
    checkId: Id,
    locationId: Id,
    kind: AttemptKind,
    status: z.enum(['pending', 'unknown', 'approved', 'declined', 'lost']).meta({ id: 'AttemptStatus' }),
    provider: z.string().meta({ description: 'The account at the provider that was asked.' }),
    providerReference: z.string().nullable().meta({ description: 'The provider’s own reference of the payment.' }),
    amount: Money.meta({ description: 'What was asked for, tip included.' }),
    why: AttemptWhy.nullable().meta({ description: 'Null once it is known how it ended.' }),
    since: Instant,
    looks: z.int().meta({ description: 'How often the provider was asked how it ended.' }),
    nextLookAt: Instant.nullable(),
    declineCode: z.string().nullable(),
    settledBy: z.string().nullable().meta({ description: 'Who said how it ended, where a person did.' }),
    settledReason: z.string().nullable(),
    settledEvidence: z.string().nullable(),
  })
  .meta({ id: 'PaymentAttempt' });
export type PaymentAttempt = z.infer<typeof PaymentAttempt>;

const AttemptParams = z.strictObject({ attemptId: Id });

export const ListPaymentAttempts = defineEndpoint({
  id: 'listPaymentAttempts',
  method: 'GET',
  path: '/v1/payments/attempts',
  summary: 'What was asked of a provider and has not ended, as far as anybody knows, oldest first.',
  description:
    'Each is looked up until it has ended; nothing else is charged meanwhile. An operator can look at once, or say how it ended.',
  scope: 'payments:read',
  query: PageQuery.extend({ locationId: Id.optional(), paymentId: Id.optional(), why: AttemptWhy.optional() }),
  answer: Page('PaymentAttemptPage', PaymentAttempt),
});

export const LookUpPaymentAttempt = defineEndpoint({
  id: 'lookUpPaymentAttempt',
  method: 'POST',
  path: '/v1/payments/attempts/{attemptId}/look-up',
  summary: 'Asks the provider now how it ended.',
  scope: 'payments:write',
  status: 200,
  params: AttemptParams,
  answer: PaymentAttempt,
  refusals: ['provider_unavailable'],
});

export const SettlePaymentAttempt = defineEndpoint({
  id: 'settlePaymentAttempt',
  method: 'POST',
  path: '/v1/payments/attempts/{attemptId}/settle',
  summary: 'Says by hand how it ended, for what the provider itself cannot say any more.',
  description:
    'What is said here is booked, and kept with who said it, why, and on what evidence. If the provider says later that it collected after all, that money is booked, too, and given back where it is too much.',
  scope: 'payments:settle',
  idempotent: true,
  status: 200,
  params: AttemptParams,
  body: z
    .strictObject({
      outcome: z.enum(['approved', 'declined']),
      reason: Line(200),
      evidence: Line(500).meta({ description: 'Where it can be read: the provider’s report, a message, a receipt.' }),
      providerReference: z
        .string()
        .regex(/^[\x21-\x7e]{1,100}$/)
        .optional()
        .meta({ description: 'The provider’s reference; needed for a charge or an authorisation that was approved.' }),
      fee: Money.optional().meta({ description: 'What the provider kept of it; nothing unless given.' }),
    })
    .meta({
      id: 'AttemptSettlement',
      examples: [{ outcome: 'declined', reason: 'Not in the report', evidence: 'Report of 6 March, page 2' }],
    }),
  example: { outcome: 'declined', reason: 'Not in the report', evidence: 'Report of 6 March, page 2' },
  answer: PaymentAttempt,
  refusals: ['attempt_ended', 'provider_reference_missing', 'currency_mismatch'],
});

/** A payment provider, by our name for it. */
export const ProviderName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

export const ReceiveProviderWebhook = defineEndpoint({
  id: 'receiveProviderWebhook',
  method: 'POST',
  path: '/v1/payments/providers/{provider}/webhooks',
  summary: 'Where a payment provider tells what has happened.',
  description:
    'For providers alone: the body is signed by theirs, at most five minutes ago. The same event again changes nothing; what a call has come to is looked up, so that order and age do not matter.',
  scope: null,
  signed: true,
  status: 200,
  params: z.strictObject({
    provider: ProviderName.meta({ description: 'The account at the provider, by our name for it.' }),
  }),
  body: z.looseObject({}).meta({ id: 'ProviderWebhook' }),
  answer: z.object({ received: z.literal(true) }).meta({ id: 'ProviderWebhookReceived' }),
  refusals: ['signature_invalid', 'not_found'],
});
