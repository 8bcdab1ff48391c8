import { allocate } from '@comanda/money';
import type { PricedCart, PricedLine, PricedTax, Totals } from './priced-cart.js';

/**
 * The amounts of a share as columns, so that dividing treats all alike. `owed` are those that sum to its total (net,
 * service charge, each tax); `noted` go along with them (gross, discount, the base of each tax).
 */
export type Columns = { readonly owed: readonly number[]; readonly noted: readonly number[] };

/** What was charged, as far as it can be divided: a priced cart, or what somebody kept of one. */
export type Charged = {
  readonly lines: readonly (Pick<PricedLine, 'id' | 'quantity' | 'discount' | 'net' | 'taxes' | 'total'> & Listed)[];
  readonly serviceCharges: readonly Pick<PricedCart['serviceCharges'][number], 'taxes'>[];
  readonly taxes: readonly PricedTax[];
  readonly totals: Pick<Totals, 'discount' | 'net' | 'serviceCharge'> & Listed;
};

/** Prices as listed, where they are known: shares then have their part of them. */
type Listed = { readonly gross?: number };

/** What a division over checks depends on. */
export type Divisible = Omit<Charged, 'lines' | 'totals'> & {
  readonly lines: readonly (Charged['lines'][number] & Pick<PricedLine, 'seat'>)[];
  readonly totals: Totals;
};

/** The columns of the whole cart. */
export function columnsOf({ totals, taxes }: Charged): Columns {
  return toColumns(totals, taxes, taxes);
}

/** The columns of each line with its part of the service charges, in proportion to what the lines come to. */
export function columnsByLine({ lines, serviceCharges, totals, taxes: order }: Charged): Columns[] {
  const chargeTaxes = serviceCharges.flatMap(({ taxes }) => taxes);
  const charges = toColumns({ ...NOTHING, serviceCharge: totals.serviceCharge }, chargeTaxes, order);
  const shares = divide(charges, weightsOrEqual(lines.map(({ total }) => total)));
  return lines.map(({ gross = 0, net, discount, taxes }, at) => {
    const alone = toColumns({ gross, net, discount, serviceCharge: 0 }, taxes, order);
    return sumColumns([alone, ...shares.slice(at, at + 1)], alone);
  });
}

/** The sum of columns of one cart; all zero, shaped like `shape`, when there are none. */
export function sumColumns(all: readonly Columns[], shape: Columns): Columns {
  const sumUp = (key: keyof Columns) =>
    shape[key].map((_, at) => all.reduce((sum, columns) => sum + (columns[key][at] ?? 0), 0));
  return { owed: sumUp('owed'), noted: sumUp('noted') };
}

/** The weights, or equal ones when they are all zero. */
export function weightsOrEqual(weights: readonly number[]): readonly number[] {
  return weights.some((weight) => weight > 0) ? weights : weights.map(() => 1);
}

/**
 * Divides columns in proportion to weights. Every column sums exactly. What is owed is rounded down first, and the spare
 * cents of each column go to those whose total is then furthest behind its exact part, the earliest among equals: so
 * totals come out as even as columns do, and 100.00 with any taxes is 33.34, 33.33, 33.33 in three.
 */
export function divide({ owed, noted }: Columns, weights: readonly number[]): Columns[] {
  const parts = weights.map(BigInt);
  const behind = parts.map(() => 0n);
  const owedBy = owed.map((column) => divideColumn(BigInt(column), parts, behind));
  const notedBy = noted.map((column) => allocate(column, weights));
  return weights.map((_, at) => ({
    owed: owedBy.map((cells) => cells[at] ?? 0),
    noted: notedBy.map((cells) => cells[at] ?? 0),
  }));
}

/**
 * What the units `from` up to and without `to` get when columns are divided over `units` equal units. Cents that do not
 * divide are dealt like cards, the next column going on at the unit where the last one stopped, which comes to the same
 * as `divide` with equal weights without making every unit.
 */
export function dealUnits({ owed, noted }: Columns, units: number, from: number, to: number): Columns {
  const within = (start: number, end: number): number => Math.max(0, Math.min(end, to) - Math.max(start, from));
  const deal = (column: number, first: number): number => {
    const spare = column % units;
    const last = first + spare;
    const extra = within(first, Math.min(last, units)) + within(0, last - units);
    return ((column - spare) / units) * (to - from) + extra;
  };
  let next = 0;
  return {
    owed: owed.map((column) => {
      const dealt = deal(column, next);
      next = (next + (column % units)) % units;
      return dealt;
    }),
    noted: noted.map((column) => deal(column, 0)),
  };
}

/** Divides one column; `behind` carries from column to column how far, times all weights, each part is short of its exact total. */
function divideColumn(column: bigint, parts: readonly bigint[], behind: bigint[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0n);
  const cells = parts.map((part) => (column * part) / whole);
  for (const [at, part] of parts.entries()) behind[at] = (behind[at] ?? 0n) + column * part - (cells[at] ?? 0n) * whole;
  const spare = Number(cells.reduce((left, cell) => left - cell, column));
  const takers = parts.map((_, at) => at).filter((at) => parts[at] !== 0n);
  takers.sort((a, b) => {
    const first = behind[a] ?? 0n;
    const second = behind[b] ?? 0n;
    return first > second ? -1 : first < second ? 1 : a - b;
  });
  for (const at of takers.slice(0, spare)) {
    cells[at] = (cells[at] ?? 0n) + 1n;
    behind[at] = (behind[at] ?? 0n) - whole;
  }
  return cells.map(Number);
}

const NOTHING = { discount: 0, net: 0, serviceCharge: 0 };

/** `order` says which tax stands in which column. */
export function toColumns(
  { gross = 0, discount, net, serviceCharge }: Charged['totals'],
  taxes: readonly PricedTax[],
  order: readonly PricedTax[],
): Columns {
  const byColumn = order.map(({ id }) => taxes.filter((tax) => tax.id === id));
  const sumUp = (key: 'base' | 'amount') => byColumn.map((same) => same.reduce((sum, tax) => sum + tax[key], 0));
  return { owed: [net, serviceCharge, ...sumUp('amount')], noted: [gross, discount, ...sumUp('base')] };
}
