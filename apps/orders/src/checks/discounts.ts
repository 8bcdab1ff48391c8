import type { DiscountInput } from '@comanda/contracts';
import { newId } from '@comanda/platform';

/** A discount as it was granted: what it is called and the rule it takes by. */
export type Discount = DiscountInput & { readonly id: string };

/** Gives discounts the ids they were sent without. */
export const granted = (asked: readonly DiscountInput[]): Discount[] =>
  asked.map((discount) => ({ ...discount, id: discount.id ?? newId() }));
