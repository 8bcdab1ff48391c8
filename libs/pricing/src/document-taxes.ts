import { allocate, scale } from '@comanda/money';
import type { Tax, TaxPolicy } from './cart.js';
import { inclusiveTaxes, roundingOf } from './inclusive-taxes.js';
import { factorsOf } from './tax-factors.js';
import type { TaxFactors } from './tax-factors.js';
import { inclusiveOf } from './taxable.js';
import type { Taxable } from './taxable.js';

/**
 * The amounts of all taxes of one document, per taxable in the order of its taxes. Each tax is exact on every taxable,
 * summed, rounded once and divided back over the taxables by largest remainder, so that parts sum to the total.
 *
 * Where the policy rounds the bare price instead of an inclusive tax, prices that include the same taxes are summed and
 * rounded as one.
 */
export function documentTaxes(taxables: readonly Taxable[], policy: TaxPolicy): number[][] {
  const rows = taxables.map(openRow);
  const netFirst = policy.inclusiveTarget === 'net';
  if (netFirst) for (const group of rowsByInclusiveTaxes(rows)) takeNetFirst(group, policy);
  for (const { tax, cells } of cellsByTax(rows)) {
    if (tax.inclusive && netFirst) continue;
    const { parts, sum, denominator } = exactParts(cells);
    const amount = scale(sum, 1, denominator, roundingOf(tax, policy), policy.step);
    fill(cells, tax.inclusive ? takeWithin(amount, parts, cells) : allocate(amount, parts));
  }
  return rows.map(({ taken }) => taken);
}

/** A taxable while its taxes are worked out: `taken` per tax, and what is `left` of the price for inclusive ones. */
type Row = Taxable & { readonly exact: TaxFactors; readonly taken: number[]; left: number };

/** One tax on one taxable. */
type Cell = { readonly row: Row; readonly position: number };

function openRow({ amount, taxes }: Taxable): Row {
  return { amount, taxes, exact: factorsOf(taxes), taken: taxes.map(() => 0), left: amount };
}

function cellsByTax(rows: readonly Row[]): Iterable<{ tax: Tax; cells: Cell[] }> {
  const byId = new Map<string, { tax: Tax; cells: Cell[] }>();
  for (const row of rows) {
    for (const [position, tax] of row.taxes.entries()) {
      const known = byId.get(tax.id);
      if (known) known.cells.push({ row, position });
      else byId.set(tax.id, { tax, cells: [{ row, position }] });
    }
  }
  return byId.values();
}

/** The exact amount of one tax on each of its taxables, over one denominator: numbers while they are safe, else bigint. */
function exactParts(cells: readonly Cell[]): {
  parts: (number | bigint)[];
  sum: number | bigint;
  denominator: number | bigint;
} {
  const shared = cells[0]?.row.exact.whole ?? 1;
  const quick = cells.map(({ row, position }) => {
    const factor = row.exact.factors[position];
    return typeof factor === 'number' && row.exact.whole === shared ? row.amount * factor : Number.NaN;
  });
  const quickSum = quick.reduce((sum, part) => sum + part, 0);
  if (Number.isSafeInteger(quickSum)) return { parts: quick, sum: quickSum, denominator: shared };

  const wholes = new Set(cells.map(({ row }) => BigInt(row.exact.whole)));
  const denominator = [...wholes].reduce((product, whole) => product * whole, 1n);
  const parts = cells.map(({ row, position }) => {
    const factor = BigInt(row.exact.factors[position] ?? 0);
    return BigInt(row.amount) * factor * (denominator / BigInt(row.exact.whole));
  });
  return { parts, sum: parts.reduce((sum, part) => sum + part, 0n), denominator };
}

/** Divides an inclusive tax over its prices. On tiny prices rounding may ask one for more than it has: others give it then. */
function takeWithin(amount: number, weights: readonly (number | bigint)[], cells: readonly Cell[]): number[] {
  const room = cells.map(({ row }) => row.left);
  const possible = Math.min(
    amount,
    room.reduce((sum, each) => sum + each, 0),
  );
  const shares = allocate(possible, weights).map((each, at) => Math.min(each, room[at] ?? 0));
  const missing = shares.reduce((left, each) => left - each, possible);
  const roomLeft = room.map((each, at) => each - (shares[at] ?? 0));
  const more = missing > 0 ? allocate(missing, roomLeft) : [];
  return shares.map((each, at) => each + (more[at] ?? 0));
}

function fill(cells: readonly Cell[], amounts: readonly number[]): void {
  for (const [at, { row, position }] of cells.entries()) {
    const amount = amounts[at] ?? 0;
    row.taken[position] = amount;
    if (row.taxes[position]?.inclusive) row.left -= amount;
  }
}

function rowsByInclusiveTaxes(rows: readonly Row[]): Iterable<Row[]> {
  return Map.groupBy(rows, ({ taxes }) => JSON.stringify(inclusiveOf(taxes).map(({ id }) => id))).values();
}

/** Rounds the bare price of all rows as one. They include the same taxes, which stand first in each. */
function takeNetFirst(rows: readonly Row[], policy: TaxPolicy): void {
  const amount = rows.reduce((sum, row) => sum + row.amount, 0);
  const taxes = inclusiveTaxes({ amount, taxes: rows[0]?.taxes ?? [] }, policy);
  const weights = rows.map((row) => row.amount);
  for (const [position, tax] of taxes.entries()) {
    const cells = rows.map((row) => ({ row, position }));
    fill(cells, takeWithin(tax, weights, cells));
  }
}
