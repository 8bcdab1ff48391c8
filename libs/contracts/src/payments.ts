import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { DisputeFacts, DisputeState } from './disputes.js';
import { GuestAccountKind } from './guest-accounts.js';
import { NewPayment } from './new-payment.js';
import { ReturnClaim } from './orders.js';
import { Page, PageQuery } from './paging.js';
import { BusinessDate, Id, Instant, Line, Money, Price, Version } from './primitives.js';

export * from './bills.js';
export * from './disputes.js';
export * from './guest-accounts.js';
export * from './ledger.js';
export * from './new-payment.js';
export * from './payment-attempts.js';
export * from './payment-providers.js';
export * from './payment-tasks.js';
export * from './settlements.js';

export const PaymentMethod = z
  .enum(['cash', 'card', 'wallet', 'gift_card', 'house_account'])
  .meta({ id: 'PaymentMethod' });
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** `unknown`: the provider did not answer; it is asked again until it does, and nothing else is charged meanwhile. */
export const PaymentState = z
  .enum(['pending', 'authorized', 'captured', 'declined', 'voided', 'unknown'])
  .meta({ id: 'PaymentState' });
export type PaymentState = z.infer<typeof PaymentState>;

const paymentFields = {
  id: Id,
  locationId: Id,
  orderId: Id,
  checkId: Id,
  method: PaymentMethod,
  status: PaymentState,
  amount: Money.meta({ description: 'How much of the bill it settles, before cash rounding and without the tip.' }),
  rounding: Money.meta({
    description: 'Cash rounding: what the guest paid more (or, negative, less) because coins are as they are.',
  }),
  tip: Money,
  collected: Money.meta({ description: 'amount + rounding + tip, once captured; zero before.' }),
  tendered: Money.nullable().meta({ description: 'Cash handed over.' }),
  change: Money.nullable().meta({ description: 'Cash handed back.' }),
  refunded: Money.meta({ description: 'How much of `collected` has gone back, tip included.' }),
  fee: Money.meta({ description: 'The platform fee kept of it, less what refunds returned.' }),
  held: Money.nullable().default(null).meta({
    description: 'What the card holds, tip included, while it is authorised: of a tab, whatever the bill comes to yet.',
  }),
  card: z.object({ brand: z.string(), last4: z.string() }).nullable(),
  account: z.object({ id: Id, kind: GuestAccountKind, loaded: z.boolean() }).nullable().default(null).meta({
    description:
      'The gift card or house account that it was paid with; or, with `loaded`, the one that it puts money on: then it is of a bill of that account, and of no order.',
  }),
  disputed: z
    .object({ status: DisputeState, amount: Money })
    .nullable()
    .default(null)
    .meta({ description: 'Its last dispute: what the guest’s bank took back, and who has it now.' }),
  code: z.object({ content: z.string(), expiresAt: Instant }).nullable().default(null).meta({
    description: 'What the guest scans to pay, until then: show it as a QR code. Null once it is known how it ended.',
  }),
  providerReference: z.string().nullable(),
  declineCode: z.string().nullable(),
  offline: z.boolean().meta({ description: 'Taken by a till without a connection: the risk is the merchant’s.' }),
  businessDate: BusinessDate.meta({ description: 'Of the capture, once captured; of the payment before.' }),
  takenBy: z.string(),
  occurredAt: Instant,
  recordedAt: Instant,
  version: Version,
};

export const Payment = z.object(paymentFields).meta({ id: 'Payment' });
export type Payment = z.infer<typeof Payment>;

const refundFields = {
  id: Id,
  amount: Money.meta({ description: 'Of the bill.' }),
  rounding: Money.meta({
    description: 'Cash rounding that goes back with it; whole with the refund that returns the last of the bill.',
  }),
  tip: Money,
  returned: Money.meta({ description: 'What the guest gets back: amount + rounding + tip.' }),
  fee: Money.meta({ description: 'The share of the platform fee that came back with it.' }),
  returnId: Id.optional().meta({ description: 'The return that it answers.' }),
  reason: z.string(),
  businessDate: BusinessDate,
  occurredAt: Instant,
};

export const RefundState = z.enum(['pending', 'succeeded', 'failed', 'unknown']).meta({ id: 'RefundState' });
export type RefundState = z.infer<typeof RefundState>;

export const Refund = z
  .object({
    ...refundFields,
    paymentId: Id,
    status: RefundState,
    declineCode: z.string().nullable(),
    recordedAt: Instant,
  })
  .meta({ id: 'Refund' });
export type Refund = z.infer<typeof Refund>;

export const TakePayment = defineEndpoint({
  id: 'takePayment',
  method: 'POST',
  path: '/v1/payments',
  summary: 'Takes a payment towards a bill.',
  description:
    'Send the `bill` of the check as orders answered it. Never collects more than is due, however many guests pay at once. A declined card is answered with 422 and can be tried again under a new key; an unknown outcome is answered with 201 and `unknown`, and resolves itself. A card that a till took without a connection (`offline`) is the merchant’s risk: when it is declined, that is recorded and answered with 201 and `declined`, and somebody gets a task. A wallet is answered with 201 and `pending` until the guest has confirmed: the webhook `comanda.payment.captured.v1` or `failed` tells, and `void` cancels the code.',
  scope: 'payments:write',
  hot: true,
  idempotent: true,
  keepsKeys: 'for ever',
  body: NewPayment,
  answer: Payment,
  refusals: [
    'id_taken',
    'bill_signature_invalid',
    'bill_superseded',
    'amount_exceeds_due',
    'nothing_due',
    'payment_declined',
    'payment_unresolved',
    'provider_unavailable',
    'cash_too_little',
    'currency_mismatch',
    'time_not_allowed',
    'reference_unknown',
    'amount_too_large',
    'account_unknown',
    'account_state',
    'balance_too_low',
    'tender_not_allowed',
  ],
});

const PaymentParams = z.strictObject({ paymentId: Id });

export const ListPayments = defineEndpoint({
  id: 'listPayments',
  method: 'GET',
  path: '/v1/payments',
  summary: 'Payments, newest first.',
  scope: 'payments:read',
  query: PageQuery.extend({
    orderId: Id.optional(),
    checkId: Id.optional(),
    locationId: Id.optional(),
    businessDate: BusinessDate.optional(),
    status: PaymentState.optional(),
  }),
  answer: Page('PaymentPage', Payment),
});

export const ListLateDeclines = defineEndpoint({
  id: 'listLateDeclines',
  method: 'GET',
  path: '/v1/payments/late-declines',
  summary: 'Cards that were taken without a connection and declined later, newest first.',
  scope: 'payments:read',
  query: PageQuery.extend({ locationId: Id.optional(), businessDate: BusinessDate.optional() }),
  answer: Page('LateDeclinePage', Payment),
});

export const ReadPayment = defineEndpoint({
  id: 'readPayment',
  method: 'GET',
  path: '/v1/payments/{paymentId}',
  summary: 'One payment.',
  scope: 'payments:read',
  params: PaymentParams,
  answer: Payment,
});

export const CapturePayment = defineEndpoint({
  id: 'capturePayment',
  method: 'POST',
  path: '/v1/payments/{paymentId}/capture',
  summary: 'Collects what was authorised, with a tip if one was added.',
  description:
    'Of a card that holds for a tab: what is due of its bill, as far as the card bears it; the rest stays due, and what was held beyond it is let go.',
  scope: 'payments:write',
  hot: true,
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: PaymentParams,
  body: z
    .strictObject({ amount: Price.optional(), tip: Price.optional(), occurredAt: Instant.optional() })
    .meta({ id: 'Capture' }),
  answer: Payment,
  refusals: [
    'payment_state',
    'payment_unresolved',
    'nothing_due',
    'amount_exceeds_due',
    'amount_too_large',
    'currency_mismatch',
    'provider_unavailable',
    'payment_declined',
    'time_not_allowed',
  ],
});

export const AdjustTip = defineEndpoint({
  id: 'adjustTip',
  method: 'POST',
  path: '/v1/payments/{paymentId}/tip',
  summary:
    'Writes the tip of an authorised payment, in place of any before: what capture collects, unless it says otherwise.',
  description:
    'Before the capture only, and at most as much more than was authorised as the provider allows. A captured payment takes no more: another payment of `amount` zero brings a later tip, a refund takes one back.',
  scope: 'payments:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: PaymentParams,
  body: z.strictObject({ tip: Price }).meta({ id: 'TipAdjustment' }),
  answer: Payment,
  refusals: ['payment_state', 'payment_unresolved', 'currency_mismatch', 'tip_exceeds_allowance'],
  example: { tip: { amount: 400, currency: 'USD' } },
});

export const VoidPayment = defineEndpoint({
  id: 'voidPayment',
  method: 'POST',
  path: '/v1/payments/{paymentId}/void',
  summary: 'Lets an authorisation go.',
  scope: 'payments:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  params: PaymentParams,
  answer: Payment,
  refusals: ['payment_state', 'payment_unresolved', 'provider_unavailable', 'payment_declined'],
});

export const RefundPayment = defineEndpoint({
  id: 'refundPayment',
  method: 'POST',
  path: '/v1/payments/{paymentId}/refunds',
  summary: 'Gives money back: part or all of the bill, part or all of the tip.',
  scope: 'payments:refund',
  hot: true,
  idempotent: true,
  keepsKeys: 'for ever',
  params: PaymentParams,
  body: z
    .strictObject({
      id: Id.optional(),
      amount: Price.optional().meta({ description: 'Of the bill; all that is left, unless amount or tip is given.' }),
      claim: ReturnClaim.optional().meta({
        description:
          'Of a return: gives back what is left of it, with its tax, as far as the payment can bear it; the rest is for another payment of the order.',
      }),
      tip: Price.optional(),
      reason: Line(200),
      occurredAt: Instant.optional(),
    })
    .meta({ id: 'NewRefund', examples: [{ reason: 'Cold food', amount: { amount: 1600, currency: 'USD' } }] }),
  answer: Refund,
  refusals: [
    'id_taken',
    'payment_state',
    'payment_unresolved',
    'amount_exceeds_refundable',
    'claim_signature_invalid',
    'claim_foreign',
    'claim_used',
    'currency_mismatch',
    'provider_unavailable',
    'payment_declined',
    'time_not_allowed',
    'balance_too_low',
  ],
});

export const ListRefunds = defineEndpoint({
  id: 'listRefunds',
  method: 'GET',
  path: '/v1/payments/{paymentId}/refunds',
  summary: 'The refunds of a payment, oldest first.',
  scope: 'payments:read',
  params: PaymentParams,
  query: PageQuery,
  answer: Page('RefundPage', Refund),
});

// ── Events ──

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const usd = (amount: number) => ({ amount, currency: 'USD' });
const paymentExample = {
  id: ID,
  locationId: ID,
  orderId: ID,
  checkId: ID,
  method: 'card' as const,
  status: 'captured' as const,
  amount: usd(3200),
  rounding: usd(0),
  tip: usd(300),
  collected: usd(3500),
  tendered: null,
  change: null,
  refunded: usd(0),
  fee: usd(45),
  held: null,
  card: { brand: 'visa', last4: '4242' },
  code: null,
  account: null,
  disputed: null,
  providerReference: 'sbx_1',
  declineCode: null,
  offline: false,
  businessDate: '2026-03-06',
  takenBy: ID,
  occurredAt: '2026-03-06T20:10:00.000Z',
  recordedAt: '2026-03-06T20:10:00.200Z',
  version: 2,
};

/** The payment as it stands after the event. */
export const PaymentFacts = z.object(paymentFields);
export type PaymentFacts = z.infer<typeof PaymentFacts>;

const paymentEvent = <const Type extends `comanda.payment.${string}.v1`>(type: Type, summary: string) =>
  defineEvent(type, { service: 'payments', summary, subject: 'id', data: PaymentFacts, example: paymentExample });

export const PaymentAuthorized = paymentEvent('comanda.payment.authorized.v1', 'The provider holds the amount.');
export const PaymentCaptured = paymentEvent(
  'comanda.payment.captured.v1',
  'The money is collected: card captured, or cash in the drawer.',
);
export const PaymentFailed = paymentEvent('comanda.payment.failed.v1', 'The payment was declined.');
export const PaymentVoided = paymentEvent('comanda.payment.voided.v1', 'The authorisation was let go.');
export const PaymentUnknown = paymentEvent(
  'comanda.payment.unknown.v1',
  'The provider did not say how it ended; it is being asked.',
);

export const PaymentRefunded = defineEvent('comanda.payment.refunded.v1', {
  service: 'payments',
  summary: 'Money went back to the guest.',
  subject: 'id',
  data: PaymentFacts.extend({ refund: z.object(refundFields) }),
  example: {
    ...paymentExample,
    refunded: usd(1600),
    refund: {
      id: ID,
      amount: usd(1600),
      rounding: usd(0),
      tip: usd(0),
      returned: usd(1600),
      fee: usd(20),
      reason: 'Cold food',
      businessDate: '2026-03-06',
      occurredAt: '2026-03-06T20:40:00.000Z',
    },
  },
});

export const PaymentDisputed = defineEvent('comanda.payment.disputed.v1', {
  service: 'payments',
  summary: 'A guest’s bank took the money back, or it was decided who may keep it.',
  subject: 'id',
  data: PaymentFacts.extend({ dispute: DisputeFacts }),
  example: {
    ...paymentExample,
    disputed: { status: 'open', amount: usd(3500) },
    dispute: {
      id: ID,
      status: 'open',
      reason: 'fraudulent',
      amount: usd(3500),
      providerFee: usd(1500),
      platformFee: usd(45),
      openedAt: '2026-03-20T08:00:00.000Z',
      closedAt: null,
    },
  },
});
