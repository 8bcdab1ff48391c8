import type { Subject, Wanted } from './availability.js';

/** One variation that a stock item is needed for. */
export interface Affected {
  readonly itemId: string;
  readonly variationId: string;
}

/**
 * What of these can be sold again, and what no longer, as far as stock goes: something can be sold when nothing that has
 * run out is needed for it. Several stock items may keep one variation from being sold, and their news may arrive in
 * any order, so it is not the news that decides but all that is known to have run out.
 */
export function wantedByStock(
  locationId: string,
  concerned: readonly Affected[],
  depleted: readonly Affected[],
): Wanted[] {
  const gone = new Set(depleted.map(({ variationId }) => variationId));
  const once = new Map(concerned.map((affected) => [affected.variationId, affected]));
  return [...once.values()].map(({ itemId, variationId }) => ({
    ...stockSubject(locationId, itemId, variationId),
    available: !gone.has(variationId),
    until: null,
  }));
}

const stockSubject = (locationId: string, itemId: string, variationId: string): Subject => ({
  locationId,
  itemId,
  variationId,
  reason: 'stock',
});
