import { Refusal, type KeyedCall, newId } from '@comanda/platform';
import type { PaymentRow } from '../payments/payment.entity.js';
import type { When } from '../payments/payment.js';
import type { Outcome } from '../provider/payment-provider.js';
import type { RefundRow } from '../refunds/refund.entity.js';
import type { AttemptKind, AttemptRow, AttemptStatus } from './attempt.entity.js';

/** How an attempt ended; `lost` when the provider never saw it. */
export type Ending = Outcome | { readonly kind: 'lost' };

/** The request that an attempt belongs to. */
type AskedBy = { readonly endpoint: Pick<KeyedCall['endpoint'], 'id'> } & {
  readonly idempotency: Pick<NonNullable<KeyedCall['idempotency']>, 'key'> | undefined;
};

/** The person who said how an attempt ended. */
export type SaidBy = Pick<AttemptRow, 'settledBy' | 'settledReason' | 'settledEvidence'>;

/** What is about to be asked of the provider, before it is asked. */
export function newAttempt(
  { endpoint, idempotency }: AskedBy,
  kind: AttemptKind,
  payment: PaymentRow,
  asked: { readonly amount: number; readonly tip: number } & When,
  refund: RefundRow | null = null,
): AttemptRow {
  const { organizationId, checkId, locationId } = payment;
  const { amount, tip, businessDate, occurredAt } = asked;
  const createdAt = new Date();
  return {
    organizationId,
    id: newId(),
    paymentId: payment.id,
    checkId,
    locationId,
    refundId: refund?.id ?? null,
    kind,
    status: 'pending',
    amount,
    tip,
    businessDate,
    occurredAt,
    route: endpoint.id,
    key: idempotency?.key ?? '',
    looks: 0,
    nextLookAt: new Date(createdAt.getTime() + LEFT_ALONE_MS),
    declineCode: null,
    settledBy: null,
    settledReason: null,
    settledEvidence: null,
    createdAt,
  };
}

/** Whether an ending is news: an attempt ends once, unless it counted as lost or declined and the provider had it after all. */
export function isNews({ status }: AttemptRow, ending: Ending): boolean {
  if (isLate(status)) return ending.kind === 'approved';
  return isOpen(status) && status !== ending.kind;
}

/** Whether what comes now comes late: nobody expects money of it any more. */
export const isLate = (status: AttemptStatus): boolean => status === 'lost' || status === 'declined';

/** Whether the provider has still to say how it ended. */
export const isOpen = (status: AttemptStatus): boolean => status === 'pending' || status === 'unknown';

/** The attempt after its ending. Of one that is unknown the provider is asked again in a second. */
export function ended(attempt: AttemptRow, ending: Ending): AttemptRow {
  const declineCode = declineCodeOf(ending);
  switch (ending.kind) {
    case 'unknown':
      return { ...attempt, status: 'unknown', nextLookAt: new Date(Date.now() + FIRST_LOOK_MS) };
    case 'waiting':
      return { ...attempt, status: 'pending', nextLookAt: new Date(Date.now() + NEXT_LOOK_AT_A_CODE_MS) };
    default:
      return { ...attempt, status: ending.kind, declineCode };
  }
}

/** What a lost attempt is for the money: declined, under a code of our own. */
export const outcomeOf = (ending: Ending): Outcome =>
  ending.kind === 'lost' ? { kind: 'declined', code: NEVER_ARRIVED } : ending;

/** How a request is refused whose attempt was declined. */
export const declinedRefusal = ({ declineCode, paymentId, refundId }: AttemptRow): Refusal =>
  new Refusal('payment_declined', SENTENCES[declineCode ?? ''] ?? 'The card was declined.', {
    declineCode,
    paymentId,
    ...(refundId !== null && { refundId }),
  });

function declineCodeOf(ending: Ending): string | null {
  switch (ending.kind) {
    case 'declined':
      return ending.code;
    case 'lost':
      return NEVER_ARRIVED;
    case 'approved':
    case 'waiting':
    case 'unknown':
      return null;
  }
}

/** While the request may still be waiting for the provider itself. */
const LEFT_ALONE_MS = 30_000;
const FIRST_LOOK_MS = 1_000;
/** A guest who waits at the counter is not to wait for us, also where no webhook comes. */
const NEXT_LOOK_AT_A_CODE_MS = 2_000;
const NEVER_ARRIVED = 'never_arrived';
const SENTENCES: Readonly<Record<string, string>> = {
  [NEVER_ARRIVED]: 'The payment never reached the provider: nothing was charged.',
  insufficient_funds: 'The card was declined: not enough money.',
  invalid_source: 'There is no card behind this token.',
  provider_unavailable: 'The payment provider does not answer: nothing was charged.',
  code_expired: 'The guest has not paid in time.',
  code_cancelled: 'The code was cancelled.',
  test_card: 'This is a test card, and this organization takes real money.',
  live_card: 'This is a real card, and this organization only tries things out.',
  code_not_offered: 'This payment provider has no codes for wallets.',
  currency_not_offered: 'This payment provider does not take this currency here.',
  account_missing: 'The organization has no account at this payment provider.',
  account_unusable: 'The organization’s account at the payment provider takes no cards now.',
  authentication_required: 'The bank wants to hear from the guest first: take another card.',
  exceeds_authorization: 'The provider does not allow this much beyond what was authorised.',
};
