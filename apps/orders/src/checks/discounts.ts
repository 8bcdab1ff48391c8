import type { DiscountInput, Grant, OrderDiscountInput } from '@comanda/contracts';
import { newId } from '@comanda/platform';

/** A discount as it was granted by hand: what it is called and the rule it takes by. */
export type Discount = DiscountInput & { readonly id: string };

/** What a coupon or a reward gives; it takes by its own rules, and nothing once it was withdrawn. */
export interface GrantedDiscount {
  readonly kind: 'grant';
  readonly id: string;
  readonly name: string;
  readonly grant: Grant;
  readonly withdrawn?: true;
}

/** A discount of a whole order. */
export type OrderDiscount = Discount | GrantedDiscount;

/** Gives discounts the ids they were sent without; that of a coupon or reward goes by its grant's. */
export const orderDiscounts = (asked: readonly OrderDiscountInput[]): OrderDiscount[] =>
  asked.map((discount) =>
    discount.kind === 'grant'
      ? { ...discount, id: discount.grant.id, name: discount.grant.name }
      : { ...discount, id: discount.id ?? newId() },
  );

/** Gives the discounts of a line the ids they were sent without. */
export const granted = (asked: readonly DiscountInput[]): Discount[] =>
  asked.map((discount) => ({ ...discount, id: discount.id ?? newId() }));

/**
 * The discounts of an order after others were asked for: a coupon or reward that is left out stays and takes nothing, so
 * that whoever follows the order learns that it was taken off.
 */
export function replaced(before: readonly OrderDiscount[], after: readonly OrderDiscount[]): OrderDiscount[] {
  const kept = new Set(after.map(({ id }) => id));
  const withdrawn = before.flatMap((discount): GrantedDiscount[] =>
    discount.kind === 'grant' && !kept.has(discount.id) ? [{ ...discount, withdrawn: true }] : [],
  );
  return [...after, ...withdrawn];
}

/** The coupons and rewards that take something off. */
export const grantsOf = (discounts: readonly OrderDiscount[]): GrantedDiscount[] =>
  discounts.filter((discount) => discount.kind === 'grant').filter(({ withdrawn }) => !withdrawn);
