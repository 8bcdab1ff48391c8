import type { Cart, Discount, Line, Modifier, ServiceCharge, Tax, TaxPolicy } from '../cart.js';

/** Rounds half-up to the cent on each line, and takes the tax out of a price first. */
export const usualPolicy: TaxPolicy = {
  roundingMode: 'half-up',
  roundingLevel: 'line',
  step: 1,
  inclusiveTarget: 'tax',
};

/** A cart of these lines, in US dollars, eaten at a table of two, with nothing else to it. */
export function cartOf(lines: readonly Line[], more: Partial<Cart> = {}): Cart {
  return {
    currency: 'USD',
    policy: usualPolicy,
    serviceType: 'dine_in',
    covers: 2,
    lines,
    discounts: [],
    serviceCharges: [],
    ...more,
  };
}

export function lineOf(id: string, unitPrice: number, more: Partial<Line> = {}): Line {
  return { id, quantity: 1, unitPrice, modifiers: [], taxes: [], discounts: [], seat: null, ...more };
}

export function modifierOf(id: string, unitPrice: number, more: Partial<Modifier> = {}): Modifier {
  return { id, quantity: 1, unitPrice, taxes: null, modifiers: [], ...more };
}

/** A tax added to the bare price: `added('sales', 88_750)` is 8.875 %. */
export function added(id: string, rate: number, more: Partial<Tax> = {}): Tax {
  return { id, rate, inclusive: false, compoundsOnPrevious: false, joinsBase: false, ...more };
}

/** A tax that prices include. */
export function included(id: string, rate: number, more: Partial<Tax> = {}): Tax {
  return added(id, rate, { inclusive: true, ...more });
}

export function percentOff(id: string, rate: number): Discount {
  return { id, kind: 'percent', rate };
}

export function moneyOff(id: string, amount: number): Discount {
  return { id, kind: 'fixed', amount };
}

/** A percent on the subtotal after discounts, whatever the party's size, untaxed. */
export function percentCharge(
  id: string,
  rate: number,
  more: Partial<Pick<ServiceCharge, 'phase' | 'taxes' | 'minimumCovers'>> & {
    base?: 'pre_discount' | 'post_discount';
  } = {},
): ServiceCharge {
  return { id, kind: 'percent', rate, phase: 'subtotal', base: 'post_discount', taxes: [], minimumCovers: 0, ...more };
}

export function fixedCharge(
  id: string,
  amount: number,
  more: Partial<Pick<ServiceCharge, 'phase' | 'taxes' | 'minimumCovers'>> & { readonly per?: 'order' | 'cover' } = {},
): ServiceCharge {
  return { id, kind: 'fixed', amount, phase: 'subtotal', taxes: [], minimumCovers: 0, ...more };
}
