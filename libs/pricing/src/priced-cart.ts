/**
 * A cart with every amount worked out, in whole minor units of `currency`. Parts sum to their totals everywhere, nothing
 * is below zero, and `total = net + serviceCharge + tax`, on the cart as on each line (which carries no charge).
 */
export type PricedCart = {
  readonly currency: string;
  readonly lines: readonly PricedLine[];
  /** The order's discounts in the order they were applied, with what each really took off. */
  readonly discounts: readonly PricedDiscount[];
  /** The charges that apply, subtotal phase first. */
  readonly serviceCharges: readonly PricedServiceCharge[];
  /** Every tax of lines and charges, by id. */
  readonly taxes: readonly PricedTax[];
  readonly totals: Totals;
};

export type Totals = {
  /** Prices with modifiers times quantities, as listed: before discounts, with the taxes that prices include. */
  readonly gross: number;
  /** What all discounts took off, on lines and on the order. */
  readonly discount: number;
  /** The lines after discounts, without any tax. */
  readonly net: number;
  /** The service charges, without any tax. */
  readonly serviceCharge: number;
  /** All taxes, included or added, of lines and charges. */
  readonly tax: number;
  /** What the guest owes, before cash rounding and tips. */
  readonly total: number;
};

export type PricedLine = {
  readonly id: string;
  readonly quantity: number;
  readonly seat: number | null;
  readonly gross: number;
  /** The line's own discounts in the order they were applied, with what each really took off. */
  readonly discounts: readonly PricedDiscount[];
  /** The line's share of each discount of the order, in the same order as there. */
  readonly orderDiscounts: readonly PricedDiscount[];
  /** All of the above. */
  readonly discount: number;
  readonly net: number;
  readonly taxes: readonly PricedTax[];
  readonly tax: number;
  readonly total: number;
  readonly modifiers: readonly PricedModifier[];
  /** What is taxed alike within the line: first the item with the modifiers taxed with it, then each modifier with taxes of its own. */
  readonly components: readonly PricedComponent[];
};

export type PricedModifier = {
  readonly id: string;
  /** Its own price times all quantities above it, without the modifiers below it. */
  readonly gross: number;
  readonly modifiers: readonly PricedModifier[];
};

export type PricedComponent = {
  /** The id of the line, or of the modifier that has taxes of its own. */
  readonly id: string;
  readonly gross: number;
  readonly discount: number;
  readonly net: number;
  readonly taxes: readonly PricedTax[];
  readonly tax: number;
  readonly total: number;
};

export type PricedDiscount = { readonly id: string; readonly amount: number };

export type PricedTax = {
  readonly id: string;
  /** What it was taken on: the net amount, with the taxes that joined its base when it compounds. */
  readonly base: number;
  readonly amount: number;
};

export type PricedServiceCharge = {
  readonly id: string;
  /** The charge as stated: its percent or fixed amount, with the taxes that it includes. */
  readonly amount: number;
  readonly net: number;
  readonly taxes: readonly PricedTax[];
  readonly tax: number;
  readonly total: number;
};
