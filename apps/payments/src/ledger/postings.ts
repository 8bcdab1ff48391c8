import type { Account, GuestAccountKind, PaymentMethod } from '@comanda/contracts';

/** One leg: debits are positive. */
export type Posting = { readonly account: Account; readonly amount: number };

/** Money that was collected, by whose it is: `amount` is of the bill, and tax and fee are parts of it. */
export type Collected = {
  readonly method: PaymentMethod;
  /** Where the amount is no sale, but is put on a gift card or a house account: what the guest has with the house. */
  readonly loads?: GuestAccountKind | null;
  readonly amount: number;
  readonly tax: number;
  readonly fee: number;
  readonly rounding: number;
  readonly tip: number;
};

/**
 * The legs of money that came in: by what it was paid, and whose it is. The merchant has what tax, platform and provider
 * leave; of a load the guest has all, and the merchant bears what the provider keeps. They sum to zero; legs of nothing are left out.
 * @param providerFee what the provider keeps
 */
export function captureLegs(
  { method, loads = null, amount, tax, fee, rounding, tip }: Collected,
  providerFee: number,
): Posting[] {
  const sold = loads === null ? amount : 0;
  const legs: Posting[] = [
    { account: method, amount: amount + rounding + tip },
    { account: 'merchant', amount: tax + fee + providerFee - sold },
    ...(loads === null ? [] : [{ account: loads, amount: sold - amount }]),
    { account: 'tax', amount: -tax },
    { account: 'tip', amount: -tip },
    { account: 'psp_fee', amount: -providerFee },
    { account: 'platform_fee', amount: -fee },
    { account: 'rounding', amount: -rounding },
  ];
  return legs.filter((leg) => leg.amount !== 0);
}

/**
 * The legs of money that went back: those of its capture with the other sign.
 * @param providerFee what the provider keeps for the refund; negative when it gives some of its fee back
 */
export const refundLegs = (returned: Collected, providerFee: number): Posting[] =>
  captureLegs(returned, -providerFee).map(({ account, amount }) => ({ account, amount: -amount }));
