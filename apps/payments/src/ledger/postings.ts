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
    // What a wallet paid lies at the provider, as a card's money does.
    { account: method === 'wallet' ? 'card' : method, amount: amount + rounding + tip },
    { account: 'merchant', amount: tax + fee + providerFee - sold },
    ...(loads === null ? [] : [{ account: loads, amount: sold - amount }]),
    { account: 'tax', amount: -tax },
    { account: 'tip', amount: -tip },
    { account: 'psp_fee', amount: -providerFee },
    { account: 'platform_fee', amount: -fee },
    { account: 'rounding', amount: -rounding },
  ];
  return something(legs);
}

/**
 * The legs of money that went back: those of its capture with the other sign.
 * @param providerFee what the provider keeps for the refund; negative when it gives some of its fee back
 */
export const refundLegs = (returned: Collected, providerFee: number): Posting[] =>
  captureLegs(returned, -providerFee).map(({ account, amount }) => ({ account, amount: -amount }));

/** What a dispute moves. */
export type DisputedMoney = { readonly amount: number; readonly platformFee: number; readonly providerFee: number };

/** The legs of a dispute that is opened: the money waits, the platform gives its share back, the provider keeps its fee. */
export const disputeOpenedLegs = ({ amount, platformFee, providerFee }: DisputedMoney): Posting[] =>
  something([
    { account: 'dispute', amount },
    { account: 'card', amount: 0 - amount },
    { account: 'merchant', amount: providerFee - platformFee },
    { account: 'platform_fee', amount: platformFee },
    { account: 'psp_fee', amount: 0 - providerFee },
  ]);

/** The legs of a dispute that is won: all comes back but the provider's fee. */
export const disputeClosedLegs = ({ amount, platformFee }: DisputedMoney): Posting[] =>
  something([
    { account: 'dispute', amount: 0 - amount },
    { account: 'card', amount },
    { account: 'merchant', amount: platformFee },
    { account: 'platform_fee', amount: 0 - platformFee },
  ]);

/**
 * The legs of a dispute that is lost: tax and tip are given back with what was paid, and the merchant bears the rest.
 * @param returned what of it counts as refunded
 */
export const disputeLostLegs = (
  { amount }: DisputedMoney,
  { tip, tax }: Pick<Collected, 'amount' | 'tip' | 'tax'>,
): Posting[] =>
  something([
    { account: 'dispute', amount: 0 - amount },
    { account: 'merchant', amount: amount - tax - tip },
    { account: 'tax', amount: tax },
    { account: 'tip', amount: tip },
  ]);

const something = (legs: Posting[]): Posting[] => legs.filter(({ amount }) => amount !== 0);
