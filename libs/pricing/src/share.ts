import type { Columns } from './columns.js';
import type { PricedTax } from './priced-cart.js';

/** Part of a priced cart, in whole minor units: `total = net + serviceCharge + tax`, and nothing in it is below zero. */
export type Share = {
  /** Prices as listed, before discounts, with the taxes that they include. */
  readonly gross: number;
  readonly discount: number;
  /** Items after discounts, without any tax. */
  readonly net: number;
  /** Service charges, without any tax. */
  readonly serviceCharge: number;
  readonly tax: number;
  readonly total: number;
  /** Every tax of the cart in its order, also those of which this share has none. */
  readonly taxes: readonly PricedTax[];
};

export function shareOf({ owed, noted }: Columns, { taxes }: { readonly taxes: readonly PricedTax[] }): Share {
  const [net = 0, serviceCharge = 0, ...amounts] = owed;
  const [gross = 0, discount = 0, ...bases] = noted;
  const tax = amounts.reduce((sum, amount) => sum + amount, 0);
  return {
    gross,
    discount,
    net,
    serviceCharge,
    tax,
    total: net + serviceCharge + tax,
    taxes: taxes.map(({ id }, at) => ({ id, base: bases[at] ?? 0, amount: amounts[at] ?? 0 })),
  };
}
