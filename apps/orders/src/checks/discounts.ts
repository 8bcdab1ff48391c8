import type { DiscountInput, Grant, OrderDiscountInput } from '@comanda/contracts';
import { canonicalJson, given, newId } from '@comanda/platform';
import type { Discount as PricedAs } from '@comanda/pricing';

/** A discount that was granted by hand: what it is called, the rule it takes by, and by whom where somebody was named. */
export type Discount = DiscountInput & { readonly id: string } & GrantedBy;

export interface GrantedBy {
  readonly staffId?: string | undefined;
  readonly approverId?: string | undefined;
}

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

/**
 * Gives discounts the ids they were sent without, and the names of those who grant them; that of a coupon or reward goes by
 * its grant's. What was there before as it is stays as it was granted.
 */
export function orderDiscounts(
  asked: readonly OrderDiscountInput[],
  by: GrantedBy = {},
  before: readonly OrderDiscount[] = [],
): OrderDiscount[] {
  const known = new Map(before.map((discount) => [discount.id, discount]));
  return asked.flatMap((discount): OrderDiscount[] => {
    if (discount.kind === 'grant') return [{ ...discount, id: discount.grant.id, name: discount.grant.name }];
    const same = known.get(discount.id ?? '');
    return same && same.kind !== 'grant' && ruleOf(same) === ruleOf(discount) ? [same] : granted([discount], by);
  });
}

const ruleOf = ({ id: _, staffId: _staff, approverId: _approver, ...rule }: DiscountInput & GrantedBy): string =>
  canonicalJson(rule);

/** Gives the discounts of a line the ids they were sent without, and the names of those who grant them. */
export const granted = (asked: readonly DiscountInput[], { staffId, approverId }: GrantedBy = {}): Discount[] =>
  asked.map((discount) => ({ ...discount, id: discount.id ?? newId(), ...given({ staffId, approverId }) }));

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

/** What somebody took off. */
export const byHand = (discounts: readonly OrderDiscount[]): Discount[] =>
  discounts.filter((discount) => discount.kind !== 'grant');

/** Granted by somebody on their own: it counts against what they may give. */
export const isUnapproved = ({ staffId, approverId }: GrantedBy): boolean =>
  staffId !== undefined && approverId === undefined;

/** What is taken, as pricing knows it: a comp takes all there is. */
export function pricedAs(discount: Discount): PricedAs {
  const { id } = discount;
  switch (discount.kind) {
    case 'percent':
      return { id, kind: 'percent', rate: discount.rate };
    case 'fixed':
      return { id, kind: 'fixed', amount: discount.amount };
    case 'comp':
      return { id, kind: 'percent', rate: 1_000_000 };
  }
}
