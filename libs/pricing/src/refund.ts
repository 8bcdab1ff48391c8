import { columnsByLine, columnsOf, dealUnits, sumColumns } from './columns.js';
import type { Charged, Columns } from './columns.js';
import { PricingError } from './pricing-error.js';
import { shareOf } from './share.js';
import type { Share } from './share.js';

/** How many of a line go back now, and how many went back before. */
export type RefundedLine = { readonly lineId: string; readonly quantity: number; readonly already: number };

/** What goes back to the guest: in whole, and for each line asked for in the same order. */
export type Refund = Share & { readonly lines: readonly (Share & { readonly lineId: string })[] };

/**
 * What a guest gets back for lines, or for some units of them: prices after all discounts, with their taxes and their
 * part of the service charges. Every unit of a line has its own share, units differing by one cent at most, so that
 * refunds of all units, however many at a time, sum to what was charged.
 *
 * Throws a PricingError when a line is unknown or named twice, or when more would go back than was sold.
 */
export function refundOf(priced: Charged, refunded: readonly RefundedLine[]): Refund {
  if (new Set(refunded.map(({ lineId }) => lineId)).size < refunded.length) {
    throw new PricingError('duplicate_id', 'A refund names each line once.');
  }
  const byLine = columnsByLine(priced);
  const columns = refunded.map((line) => unitsOf(line, priced, byLine));
  return {
    ...shareOf(sumColumns(columns, columnsOf(priced)), priced),
    lines: refunded.map(({ lineId }, at) => ({ lineId, ...shareOf(columns[at] ?? { owed: [], noted: [] }, priced) })),
  };
}

function unitsOf({ lineId, quantity, already }: RefundedLine, { lines }: Charged, byLine: readonly Columns[]): Columns {
  const at = lines.findIndex(({ id }) => id === lineId);
  const line = lines[at];
  const columns = byLine[at];
  if (!line || !columns) throw new PricingError('line_unknown', `There is no line ${lineId}.`);
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    throw new PricingError('quantity_invalid', `A refund of line ${lineId} is of at least 1, not of ${quantity}.`);
  }
  if (!Number.isSafeInteger(already) || already < 0) {
    throw new PricingError('quantity_invalid', `Line ${lineId} cannot have been refunded ${already} times.`);
  }
  if (already + quantity > line.quantity) {
    const left = Math.max(0, line.quantity - already);
    throw new PricingError('refund_exceeds_line', `Of line ${lineId} only ${left} can still be refunded.`);
  }
  return dealUnits(columns, line.quantity, already, already + quantity);
}
