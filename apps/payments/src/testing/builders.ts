import type { AttemptRow } from '../attempts/attempt.entity.js';
import type { BillRow } from '../bills/bill.entity.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import type { Approved, Outcome } from '../provider/payment-provider.js';
import type { Step } from '../payments/payment.js';

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const NOON = new Date('2026-03-06T18:00:00Z');

/** A bill of 30.00 USD without tax, on which nothing has been paid, unless said otherwise. */
export const bill = (facts: Partial<BillRow> = {}): BillRow => ({
  organizationId: ID,
  checkId: ID,
  orderId: ID,
  locationId: ID,
  version: 1,
  businessDate: '2026-03-06',
  currency: 'USD',
  total: 30_00,
  tax: 0,
  settled: 0,
  refunded: 0,
  forgiven: 0,
  pending: 0,
  authorized: 0,
  taxed: 0,
  loads: null,
  accountId: null,
  ...facts,
});

/** A captured card payment of 30.00 USD, unless said otherwise. */
export const payment = (facts: Partial<PaymentRow> = {}): PaymentRow => ({
  organizationId: ID,
  id: ID,
  locationId: ID,
  orderId: ID,
  checkId: ID,
  method: 'card',
  status: 'captured',
  currency: 'USD',
  amount: 30_00,
  rounding: 0,
  tip: 0,
  tendered: null,
  change: null,
  tax: 0,
  fee: 0,
  authorized: 30_00,
  tipAllowance: 0,
  hold: null,
  refunded: 0,
  refundedTip: 0,
  refunding: 0,
  refundingTip: 0,
  cardBrand: 'visa',
  cardLast4: '4242',
  provider: 'sandbox',
  loads: null,
  accountId: null,
  disputeStatus: null,
  disputed: 0,
  codeContent: null,
  codeExpiresAt: null,
  providerReference: 'sbx_1',
  declineCode: null,
  offline: false,
  businessDate: '2026-03-06',
  takenBy: ID,
  occurredAt: NOON,
  recordedAt: NOON,
  version: 1,
  ...facts,
});

/** An attempt at a step of a payment, for all of it. */
export const attempt = (kind: Step, of: PaymentRow, facts: Partial<AttemptRow> = {}): AttemptRow & { kind: Step } => ({
  organizationId: ID,
  id: ID,
  paymentId: of.id,
  checkId: of.checkId,
  locationId: of.locationId,
  refundId: null,
  status: 'pending',
  amount: of.amount,
  tip: of.tip,
  businessDate: of.businessDate,
  occurredAt: of.occurredAt,
  route: 'takePayment',
  key: 'k',
  looks: 0,
  nextLookAt: NOON,
  declineCode: null,
  settledBy: null,
  settledReason: null,
  settledEvidence: null,
  createdAt: NOON,
  ...facts,
  kind,
});

export const approved = (facts: Partial<Approved> = {}): Approved => ({
  kind: 'approved',
  authorization: 'sbx_1',
  fee: 0,
  tipAllowance: 0,
  card: { brand: 'visa', last4: '4242' },
  ...facts,
});

export const declined = (code = 'card_declined'): Outcome => ({ kind: 'declined', code });
export const unknown: Outcome = { kind: 'unknown' };

/** Coins of 0.05. */
export const nickels = { step: 5, mode: 'half-up' } as const;
/** No platform fee. */
export const free = { rate: 0, fixed: 0 };
