/**
 * What has been paid on a check, by payment. Kept payment by payment, so that an event that comes twice, late or out of
 * order adds nothing and takes nothing away. Amounts are minor units of the bill: without tips, change and cash rounding.
 */
export interface Settlement {
  readonly payments: Readonly<Record<string, Contribution>>;
  /** How much of what was refunded answered a total that had fallen below what was paid. Only ever grows. */
  readonly answered: number;
}

interface Contribution {
  /** The payment's, as last told. */
  readonly version: number;
  readonly captured: number;
  /** By the refund's id. */
  readonly refunds: Readonly<Record<string, number>>;
}

export const NOTHING_PAID: Settlement = { payments: {}, answered: 0 };

/** What an event of a payment says about it. */
export interface PaymentNews {
  readonly paymentId: string;
  readonly version: number;
  /** How much of the bill it has collected, before refunds. */
  readonly captured: number;
  readonly refund?: { readonly id: string; readonly amount: number };
}

/** Takes note of a payment. The newest version of it counts; refunds count by their own ids. What is known already changes nothing. */
export function note(settlement: Settlement, { paymentId, version, captured, refund }: PaymentNews): Settlement {
  const known = settlement.payments[paymentId] ?? { version: 0, captured: 0, refunds: {} };
  if (version <= known.version && (!refund || refund.id in known.refunds)) return settlement;
  const newest = version > known.version ? { version, captured } : known;
  const refunds = refund ? { ...known.refunds, [refund.id]: refund.amount } : known.refunds;
  return { ...settlement, payments: { ...settlement.payments, [paymentId]: { ...newest, refunds } } };
}

/** What is in the till for the check: collected less given back. */
export const paidOf = (settlement: Settlement): number => collected(settlement) - givenBack(settlement);

/**
 * Brings the settlement up to a total. Where the total fell below what was collected, what has been given back answers
 * that fall; it stays answered if the total grows again.
 */
export function settleFor(settlement: Settlement, total: number): Settlement {
  const overpaid = Math.max(0, collected(settlement) - total);
  const answered = Math.max(settlement.answered, Math.min(givenBack(settlement), overpaid));
  return { ...settlement, answered };
}

/** What is left to pay. A refund alone makes nothing due again: the restaurant gave it, the guest does not owe it. */
export const dueOf = (settlement: Settlement, total: number): number =>
  Math.max(0, total - (collected(settlement) - settlement.answered));

/** What has been collected for the check, whatever went back since. */
export const collected = ({ payments }: Settlement): number =>
  sum(Object.values(payments).map(({ captured }) => captured));

const givenBack = ({ payments }: Settlement): number =>
  sum(Object.values(payments).flatMap(({ refunds }) => Object.values(refunds)));

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
