import { wholeUnits } from '@comanda/money';
import type { Cart, Discount } from './cart.js';
import { checkCart } from './check-cart.js';
import { shareDiscounts } from './discounts.js';
import { openLine, takeFromComponents } from './open-line.js';
import type { OpenLine } from './open-line.js';
import type {
  PricedCart,
  PricedComponent,
  PricedDiscount,
  PricedLine,
  PricedServiceCharge,
  PricedTax,
} from './priced-cart.js';
import { PricingError } from './pricing-error.js';
import { closeCharge, openCharges } from './service-charges.js';
import type { OpenCharge } from './service-charges.js';
import { taxAll } from './taxes.js';
import type { Taxed } from './taxes.js';

/**
 * Computes every total of a cart: item prices with modifiers, line discounts, order discounts, subtotal charges, taxes,
 * total charges, in this order. It is the same function wherever something is sold, and equal carts get equal answers,
 * byte for byte as JSON. Cash rounding and tips come after it and belong to tenders.
 *
 * Throws a PricingError for a cart that has no price: a quantity below one, a fraction of a cent, one tax stated in two
 * ways, amounts too large to count exactly.
 */
export function price(cart: Cart): PricedCart {
  checkCart(cart);
  try {
    return priceChecked(cart);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PricingError('amount_too_large', 'The amounts are too large to be counted exactly.');
  }
}

function priceChecked(cart: Cart): PricedCart {
  const opened = cart.lines.map((line) => openLine(line, cart.serviceType));
  const { open, discounts } = takeOrderDiscounts(opened, cart.discounts);
  const components = open.flatMap((line) => line.components);
  const gross = sum(components, (component) => component.gross);
  const listed = sum(components, (component) => component.amount);
  const discount = gross - listed;

  const early = openCharges(cart, 'subtotal', listed, discount);
  const taxed = taxAll([...components, ...early], cart.policy);
  const lines = closeLines(open, taxed);
  const earlyCharges = closeCharges(early, taxed.slice(components.length));

  const late = openCharges(cart, 'total', sum(taxed, totalOf), discount);
  const serviceCharges = [...earlyCharges, ...closeCharges(late, taxAll(late, cart.policy))];

  const net = sum(lines, (line) => line.net);
  const serviceCharge = sum(serviceCharges, (charge) => charge.net);
  const tax = sum(lines, (line) => line.tax) + sum(serviceCharges, (charge) => charge.tax);
  const total = wholeUnits(net + serviceCharge + tax);
  const taxes = mergeTaxes([...lines, ...serviceCharges]);
  const totals = { gross: wholeUnits(gross), discount, net, serviceCharge, tax, total };
  return { currency: cart.currency, lines, discounts, serviceCharges, taxes, totals };
}

/** Takes the order's discounts off its lines, each line giving its share of each by largest remainder. */
function takeOrderDiscounts(
  lines: readonly OpenLine[],
  orderDiscounts: readonly Discount[],
): { open: readonly OpenLine[]; discounts: readonly PricedDiscount[] } {
  if (orderDiscounts.length === 0) return { open: lines, discounts: [] };
  const { taken, shares } = shareDiscounts(
    lines.map(({ components }) => sum(components, ({ amount }) => amount)),
    orderDiscounts,
  );
  const open = lines.map((line, at) => {
    const own = shares[at] ?? [];
    return takeFromComponents(
      { ...line, orderDiscounts: own },
      sum(own, ({ amount }) => amount),
    );
  });
  return { open, discounts: taken };
}

/** Brings the lines together with the taxes of their components, which come in the same order. */
function closeLines(open: readonly OpenLine[], taxed: readonly Taxed[]): PricedLine[] {
  let next = 0;
  return open.map((line) => {
    const components = line.components.map(({ id, gross, amount }): PricedComponent => {
      const { net, taxes, tax, total } = taxed[next++] ?? NOTHING;
      return { id, gross, discount: gross - amount, net, taxes, tax, total };
    });
    return closeLine(line, components);
  });
}

function closeLine(
  { line, modifiers, discounts, orderDiscounts }: OpenLine,
  components: PricedComponent[],
): PricedLine {
  return {
    id: line.id,
    quantity: line.quantity,
    seat: line.seat,
    gross: sum(components, ({ gross }) => gross),
    discounts,
    orderDiscounts,
    discount: sum(components, ({ discount }) => discount),
    net: sum(components, ({ net }) => net),
    taxes: mergeTaxes(components),
    tax: sum(components, ({ tax }) => tax),
    total: sum(components, totalOf),
    modifiers,
    components,
  };
}

function closeCharges(open: readonly OpenCharge[], taxed: readonly Taxed[]): PricedServiceCharge[] {
  return open.map((charge, at) => closeCharge(charge, taxed[at] ?? NOTHING));
}

/** One entry for each tax, in the order they first appear. */
function mergeTaxes(owners: readonly { readonly taxes: readonly PricedTax[] }[]): readonly PricedTax[] {
  const [only] = owners;
  if (only && owners.length === 1) return only.taxes;
  const merged = new Map<string, { id: string; base: number; amount: number }>();
  for (const { taxes } of owners) {
    for (const { id, base, amount } of taxes) {
      const known = merged.get(id);
      if (known) {
        known.base += base;
        known.amount += amount;
      } else merged.set(id, { id, base, amount });
    }
  }
  return [...merged.values()];
}

const NOTHING: Taxed = { net: 0, taxes: [], tax: 0, total: 0 };

function totalOf({ total }: { readonly total: number }): number {
  return total;
}

function sum<T>(things: readonly T[], amountOf: (thing: T) => number): number {
  return things.reduce((total, thing) => total + amountOf(thing), 0);
}
