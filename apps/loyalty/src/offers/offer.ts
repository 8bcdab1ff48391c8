import type { Coupon, Reward } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import type { OfferRow } from './offer.entity.js';

type OfOffer = 'id' | 'active' | 'uses' | 'version' | 'createdAt' | 'updatedAt';
export type RewardTerms = Omit<Reward, OfOffer>;
export type CouponTerms = Omit<Coupon, OfOffer>;
export type Terms = RewardTerms | CouponTerms;

/** An offer that nobody has had yet. */
export function newOffer(
  organizationId: string,
  offer: Pick<OfferRow, 'id' | 'kind' | 'terms' | 'active'>,
  now = new Date(),
): OfferRow {
  return { organizationId, ...offer, uses: 0, version: 1, createdAt: now, updatedAt: now };
}

/** The next version of an offer; to be had or not as before, unless that is said. */
export function changedOffer(
  row: OfferRow,
  { terms, active = row.active }: { terms: Terms; active?: boolean | undefined },
  now = new Date(),
): OfferRow {
  return { ...row, terms, active, version: row.version + 1, updatedAt: now };
}

/** What is known when somebody asks for a coupon. */
export interface Claim {
  readonly now: Date;
  /** Who asks; null when nobody knows. */
  readonly customerId: string | null;
  /** When the customer ordered last; null: never. */
  readonly lastOrderAt: Date | null;
  /** How many grants of the coupon are out: in all, to the customer, and for the very order. */
  readonly uses: { readonly all: number; readonly ofCustomer: number; readonly ofOrder: number };
}

/**
 * Refuses a coupon that cannot be had now, by this customer, or any more.
 * @throws Refusal `offer_not_available`, `offer_not_for_customer`, `offer_exhausted`
 */
export function requireClaimable(
  { active, terms }: { readonly active: boolean; readonly terms: CouponTerms },
  { now, customerId, lastOrderAt, uses }: Claim,
): void {
  const { validFrom, validUntil, firstOrderOnly, absentForDays, customerLimit, totalLimit } = terms;
  const notNow = (why: string): never => {
    throw new Refusal('offer_not_available', why);
  };
  const notForThem = (why: string): never => {
    throw new Refusal('offer_not_for_customer', why);
  };
  const exhausted = (why: string): never => {
    throw new Refusal('offer_exhausted', why);
  };
  if (!active) notNow('The coupon has been withdrawn.');
  if (validFrom !== null && now < new Date(validFrom)) notNow(`The coupon is valid from ${validFrom}.`);
  if (validUntil !== null && now >= new Date(validUntil)) notNow(`The coupon was valid until ${validUntil}.`);
  const personal = firstOrderOnly || absentForDays !== null || customerLimit !== null;
  if (personal && customerId === null) notForThem('The coupon is for known customers: name one.');
  if (firstOrderOnly && (lastOrderAt || uses.ofCustomer > 0)) notForThem('The coupon is for a first order.');
  if (absentForDays !== null && !isAbsent(lastOrderAt, absentForDays, now))
    notForThem(`The coupon is for customers who have not ordered for ${absentForDays} days.`);
  if (uses.ofOrder > 0) exhausted('The order has this coupon already.');
  if (customerLimit !== null && uses.ofCustomer >= customerLimit)
    exhausted('The customer has used the coupon as often as they may.');
  if (totalLimit !== null && uses.all >= totalLimit) exhausted('The coupon has been used as often as it may be.');
}

const isAbsent = (lastOrderAt: Date | null, days: number, now: Date): boolean =>
  lastOrderAt !== null && now.getTime() - lastOrderAt.getTime() >= days * DAY;

const DAY = 86_400_000;

/** Codes as they are kept and compared: in capitals, each once. */
export const codesOf = (codes: readonly string[]): string[] => [...new Set(codes.map((code) => code.toUpperCase()))];
