import { ROUNDING_MODES } from '@comanda/money';
import type { Cart, Discount, Line, Modifier, ServiceCharge, Tax, TaxPolicy } from './cart.js';
import { PricingError } from './pricing-error.js';
import type { PricingErrorCode } from './pricing-error.js';

/** Refuses a cart that has no price, with a PricingError that names the part at fault. */
export function checkCart(cart: Cart): void {
  if (cart.currency === '') throw new PricingError('currency_missing', 'A cart has a currency.');
  checkPolicy(cart.policy);
  atLeast(0, cart.covers, 'covers_invalid', 'The number of covers');
  const taxes = new Map<string, Tax>();
  unique(cart.lines, 'The cart');
  for (const line of cart.lines) checkLine(line, taxes);
  checkDiscounts(cart.discounts, 'The order');
  unique(cart.serviceCharges, 'The order');
  for (const charge of cart.serviceCharges) checkCharge(charge, taxes);
}

function checkPolicy({ roundingMode, step }: TaxPolicy): void {
  if (!ROUNDING_MODES.includes(roundingMode)) {
    throw new PricingError('policy_invalid', `There is no rounding "${roundingMode}".`);
  }
  atLeast(1, step, 'policy_invalid', 'The rounding step');
}

function checkLine(line: Line, taxes: Map<string, Tax>): void {
  const name = `Line ${line.id}`;
  atLeast(1, line.quantity, 'quantity_invalid', `The quantity of ${name}`);
  atLeast(1, line.per ?? 1, 'quantity_invalid', `The unit of price of ${name}`);
  atLeast(0, line.unitPrice, 'price_invalid', `The price of ${name}`);
  checkTaxes(line.taxes, name, taxes);
  checkDiscounts(line.discounts, name);
  for (const modifier of line.modifiers) checkModifier(modifier, taxes);
}

function checkModifier(modifier: Modifier, taxes: Map<string, Tax>): void {
  const name = `Modifier ${modifier.id}`;
  atLeast(1, modifier.quantity, 'quantity_invalid', `The quantity of ${name}`);
  atLeast(Number.MIN_SAFE_INTEGER, modifier.unitPrice, 'price_invalid', `The price of ${name}`);
  if (modifier.taxes) checkTaxes(modifier.taxes, name, taxes);
  for (const nested of modifier.modifiers) checkModifier(nested, taxes);
}

function checkDiscounts(discounts: readonly Discount[], owner: string): void {
  unique(discounts, owner);
  for (const discount of discounts) checkPercentOrFixed(discount, `Discount ${discount.id}`);
}

function checkCharge(charge: ServiceCharge, taxes: Map<string, Tax>): void {
  const name = `Service charge ${charge.id}`;
  checkPercentOrFixed(charge, name);
  atLeast(0, charge.minimumCovers, 'covers_invalid', `The minimum of covers of ${name}`);
  checkTaxes(charge.taxes, name, taxes);
}

function checkPercentOrFixed(rule: Discount | ServiceCharge, name: string): void {
  if (rule.kind === 'percent') atLeast(0, rule.rate, 'rate_invalid', `The rate of ${name}`);
  else atLeast(0, rule.amount, 'amount_invalid', `The amount of ${name}`);
}

/** Each tax is listed once where it applies, and one id is one tax in the whole cart: `seen` collects them. */
function checkTaxes(taxes: readonly Tax[], owner: string, seen: Map<string, Tax>): void {
  unique(taxes, owner);
  for (const tax of taxes) {
    const known = seen.get(tax.id);
    if (known === tax) continue;
    if (known && !sameTax(known, tax)) {
      throw new PricingError('tax_conflict', `Tax ${tax.id} is stated in two ways in one cart.`);
    }
    if (known) continue;
    atLeast(0, tax.rate, 'rate_invalid', `The rate of tax ${tax.id}`);
    if (tax.roundingMode && !ROUNDING_MODES.includes(tax.roundingMode)) {
      throw new PricingError('policy_invalid', `There is no rounding "${tax.roundingMode}".`);
    }
    seen.set(tax.id, tax);
  }
}

function sameTax(a: Tax, b: Tax): boolean {
  return (
    a.rate === b.rate &&
    a.inclusive === b.inclusive &&
    a.compoundsOnPrevious === b.compoundsOnPrevious &&
    a.joinsBase === b.joinsBase &&
    a.roundingMode === b.roundingMode
  );
}

function unique(things: readonly { readonly id: string }[], owner: string): void {
  if (things.length < 2) return;
  const ids = new Set<string>();
  for (const { id } of things) {
    if (ids.has(id)) throw new PricingError('duplicate_id', `${owner} lists ${id} twice.`);
    ids.add(id);
  }
}

function atLeast(minimum: number, value: number, code: PricingErrorCode, what: string): void {
  if (Number.isSafeInteger(value) && value >= minimum) return;
  throw new PricingError(code, `${what} is a whole number of at least ${minimum}, not ${value}.`);
}
