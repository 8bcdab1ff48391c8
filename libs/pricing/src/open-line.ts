import { scale } from '@comanda/money';
import type { Line, Modifier, ServiceType, Tax } from './cart.js';
import { takeFromEach, takeOff } from './discounts.js';
import type { PricedDiscount, PricedModifier } from './priced-cart.js';
import { PricingError } from './pricing-error.js';
import { applicableTaxes } from './taxable.js';
import type { Taxable } from './taxable.js';

/** A line before its taxes: prices worked out, discounts taken off its components so far. */
export type OpenLine = {
  readonly line: Line;
  readonly modifiers: readonly PricedModifier[];
  readonly discounts: readonly PricedDiscount[];
  readonly orderDiscounts: readonly PricedDiscount[];
  readonly components: readonly OpenComponent[];
};

/** What is taxed alike within a line. Its `amount` is what discounts have left of its gross. */
export type OpenComponent = Taxable & { readonly id: string; readonly gross: number };

/** Prices a line with its modifiers and takes its own discounts off. */
export function openLine(line: Line, serviceType: ServiceType): OpenLine {
  const { modifiers, components } = priceItems(line, line.serviceType ?? serviceType);
  const gross = components.reduce((sum, component) => sum + component.gross, 0);
  const discounts = takeOff(gross, line.discounts);
  const open = { line, modifiers, discounts, orderDiscounts: [], components };
  return takeFromComponents(
    open,
    discounts.reduce((sum, { amount }) => sum + amount, 0),
  );
}

/** Takes an amount off a line, each component giving its share by largest remainder. */
export function takeFromComponents(open: OpenLine, amount: number): OpenLine {
  if (amount === 0) return open;
  const shares = takeFromEach(
    amount,
    open.components.map((component) => component.amount),
  );
  const components = open.components.map((component, at) => ({
    ...component,
    amount: component.amount - (shares[at] ?? 0),
  }));
  return { ...open, components };
}

/** Extends every price by its quantities and sums them into components; one that comes out below zero is refused. */
function priceItems(line: Line, serviceType: ServiceType): Pick<OpenLine, 'modifiers' | 'components'> {
  const drafts: { id: string; gross: number; taxes: readonly Tax[] }[] = [];
  const price = (unitPrice: number, times: number): number => scale(unitPrice, times, line.per ?? 1, 'half-up');
  const draft = (id: string, gross: number, taxes: readonly Tax[]): number =>
    drafts.push({ id, gross, taxes: applicableTaxes(taxes, serviceType) }) - 1;

  const priceModifiers = (modifiers: readonly Modifier[], times: number, parent: number): PricedModifier[] =>
    modifiers.map(({ id, quantity, unitPrice, taxes, modifiers: nested }) => {
      const gross = price(unitPrice, times * quantity);
      const at = taxes ? draft(id, 0, taxes) : parent;
      const component = drafts[at];
      if (component) component.gross += gross;
      return { id, gross, modifiers: priceModifiers(nested, times * quantity, at) };
    });

  const item = draft(line.id, price(line.unitPrice, line.quantity), line.taxes);
  const modifiers = priceModifiers(line.modifiers, line.quantity, item);
  const components = drafts.map(({ id, gross, taxes }) => {
    if (gross < 0) throw new PricingError('price_invalid', `Line ${line.id}: ${id} costs less than nothing.`);
    return { id, gross, amount: gross, taxes };
  });
  return { modifiers, components };
}
