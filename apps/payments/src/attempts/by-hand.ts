import type { InputOf, SettlePaymentAttempt } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import { minorUnits } from '../amounts.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import type { AttemptRow } from './attempt.entity.js';
import { type Ending, isOpen, type SaidBy } from './attempt.js';

/** How an attempt ended, as a person says who has seen the evidence. */
interface Said {
  readonly ending: Ending;
  readonly by: SaidBy;
  /** What to say to one who comes second. */
  readonly ended: Refusal;
}

/**
 * What a person says of an attempt that the provider does not tell of.
 * @throws Refusal `attempt_ended`; `provider_reference_missing` where nobody could ever find the money again;
 *   `currency_mismatch`
 */
export function byHand(
  attempt: AttemptRow,
  payment: PaymentRow,
  { outcome, reason, evidence, providerReference, fee }: InputOf<typeof SettlePaymentAttempt>['body'],
  settledBy: string,
): Said {
  const ended = new Refusal('attempt_ended', 'It is known already how this ended.', { status: attempt.status });
  if (!isOpen(attempt.status)) throw ended;
  const by: SaidBy = { settledBy, settledReason: reason, settledEvidence: evidence };
  if (outcome === 'declined') return { ending: { kind: 'declined', code: 'settled_by_hand' }, by, ended };
  const authorization = providerReference ?? payment.providerReference;
  if (authorization === null)
    throw new Refusal(
      'provider_reference_missing',
      'Give the provider’s reference, so that the money can be refunded.',
    );
  const kept = minorUnits(fee, payment.currency) ?? 0;
  const approved = {
    kind: 'approved',
    authorization,
    fee: kept,
    tipAllowance: payment.tipAllowance,
    card: null,
  } as const;
  return { ending: approved, by, ended };
}
