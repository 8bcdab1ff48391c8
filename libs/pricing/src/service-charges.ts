import { share, wholeUnits } from '@comanda/money';
import type { Cart, ServiceCharge } from './cart.js';
import type { PricedServiceCharge } from './priced-cart.js';
import { applicableTaxes } from './taxable.js';
import type { Taxable } from './taxable.js';
import type { Taxed } from './taxes.js';

/** A charge before its taxes. */
export type OpenCharge = Taxable & { readonly id: string };

/**
 * The charges of one phase that apply to the cart. `owed` is what a percent is taken on, and `discount` what is put back
 * onto it for a charge on the base before discounts. Percents are rounded half-up; a charge for each guest is none where
 * nobody counted them.
 */
export function openCharges(cart: Cart, phase: ServiceCharge['phase'], owed: number, discount: number): OpenCharge[] {
  if (cart.lines.length === 0) return [];
  return cart.serviceCharges
    .filter((charge) => charge.phase === phase && cart.covers >= fewestCovers(charge))
    .map((charge) => ({
      id: charge.id,
      amount: chargeAmount(charge, { owed, discount, covers: cart.covers }),
      taxes: applicableTaxes(charge.taxes, cart.serviceType),
    }));
}

export function closeCharge({ id, amount }: OpenCharge, { net, taxes, tax, total }: Taxed): PricedServiceCharge {
  return { id, amount, net, taxes, tax, total };
}

const isPerCover = (charge: ServiceCharge): boolean => charge.kind === 'fixed' && charge.per === 'cover';

const fewestCovers = (charge: ServiceCharge): number =>
  isPerCover(charge) ? Math.max(1, charge.minimumCovers) : charge.minimumCovers;

function chargeAmount(
  charge: ServiceCharge,
  { owed, discount, covers }: { owed: number; discount: number; covers: number },
): number {
  if (charge.kind === 'fixed') return wholeUnits(isPerCover(charge) ? charge.amount * covers : charge.amount);
  return share(charge.base === 'pre_discount' ? owed + discount : owed, charge.rate, 'half-up');
}
