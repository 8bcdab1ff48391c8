import type { ServiceType, Tax } from './cart.js';

/** An amount as listed, after discounts, and the taxes that apply to it: inclusive ones first, then as listed. */
export type Taxable = { readonly amount: number; readonly taxes: readonly Tax[] };

/** The taxes that apply to this kind of service, in the order they apply. */
export function applicableTaxes(taxes: readonly Tax[], serviceType: ServiceType): readonly Tax[] {
  const applicable = taxes.filter(({ serviceTypes }) => serviceTypes?.includes(serviceType) ?? true);
  const inclusive = inclusiveOf(applicable);
  if (inclusive.length === 0 || inclusive.length === applicable.length) return applicable;
  return [...inclusive, ...applicable.filter((tax) => !tax.inclusive)];
}

export function inclusiveOf(taxes: readonly Tax[]): readonly Tax[] {
  return taxes.filter((tax) => tax.inclusive);
}
