/** Why a cart cannot be priced, split or refunded. The codes are stable. */
export type PricingErrorCode =
  | 'currency_missing'
  | 'policy_invalid'
  | 'covers_invalid'
  | 'quantity_invalid'
  | 'price_invalid'
  | 'rate_invalid'
  | 'amount_invalid'
  | 'duplicate_id'
  | 'tax_conflict'
  | 'amount_too_large'
  | 'line_unknown'
  | 'split_invalid'
  | 'refund_exceeds_line';

/** Input that has no price. `message` is a sentence for the person at the till. */
export class PricingError extends Error {
  override readonly name = 'PricingError';

  constructor(
    readonly code: PricingErrorCode,
    sentence: string,
  ) {
    super(sentence);
  }
}
