import { scale, WHOLE } from '@comanda/money';
import type { Tax, TaxPolicy } from './cart.js';
import { documentTaxes } from './document-taxes.js';
import { inclusiveTaxes, roundingOf } from './inclusive-taxes.js';
import type { PricedTax } from './priced-cart.js';
import { inclusiveOf } from './taxable.js';
import type { Taxable } from './taxable.js';

/** `total = net + tax`, and tax is the sum of the taxes. */
export type Taxed = {
  readonly net: number;
  readonly taxes: readonly PricedTax[];
  readonly tax: number;
  readonly total: number;
};

/** Taxes all amounts of one document by the policy of its jurisdiction, and answers in the same order. */
export function taxAll(taxables: readonly Taxable[], policy: TaxPolicy): Taxed[] {
  if (policy.roundingLevel === 'line') return taxables.map((taxable) => taxAlone(taxable, policy));
  const amounts = documentTaxes(taxables, policy);
  return taxables.map((taxable, index) => {
    const known = amounts[index] ?? [];
    return settleTaxes(taxable, known.slice(0, inclusiveOf(taxable.taxes).length), (_tax, _base, at) => known[at] ?? 0);
  });
}

/** Rounds each tax where it stands: the inclusive ones out of the price, then the exclusive ones on what is left. */
function taxAlone(taxable: Taxable, policy: TaxPolicy): Taxed {
  return settleTaxes(taxable, inclusiveTaxes(taxable, policy), (tax, base) =>
    scale(base, tax.rate, WHOLE, roundingOf(tax, policy), policy.step),
  );
}

/** Puts the taxes of one amount together, `inclusive` being the amounts of the first ones, each with the base it was taken on. */
function settleTaxes(
  { amount, taxes }: Taxable,
  inclusive: readonly number[],
  exclusive: (tax: Tax, base: number, index: number) => number,
): Taxed {
  const net = inclusive.reduce((left, each) => left - each, amount);
  let joined = 0;
  let total = net;
  const priced = taxes.map((tax, index) => {
    const base = tax.compoundsOnPrevious ? net + joined : net;
    const taken = inclusive[index] ?? exclusive(tax, base, index);
    if (tax.joinsBase) joined += taken;
    total += taken;
    return { id: tax.id, base, amount: taken };
  });
  return { net, taxes: priced, tax: total - net, total };
}
