import { type MovementKind, StockMoved, type Unit } from '@comanda/contracts';
import { type Happening, newEvent, type NewEvent } from '@comanda/events';
import type { NewMovement } from './movements.store.js';

/**
 * The events that tell of the movements of one cause, numbered from the version on: one for each kind, and more than one
 * where an order is so large that no broker would take it whole.
 */
export function stockMoved(
  { causeId, orderId, locationId }: { causeId: string; orderId: string | null; locationId: string },
  movements: readonly (NewMovement & { readonly unit: Unit })[],
  { version, cause }: Pick<Happening, 'version' | 'cause'>,
): NewEvent[] {
  const parts = [...Map.groupBy(movements, ({ kind }) => kind)].flatMap(([kind, ofKind]) => inParts(kind, ofKind));
  return parts.map(({ kind, part }, i) => {
    const data = {
      causeId,
      kind,
      locationId,
      movements: part.map(({ average: _, ...movement }) => ({ ...movement, orderId })),
    };
    return newEvent(StockMoved, data, { version: version + i, occurredAt: latest(part), cause });
  });
}

function inParts<M>(kind: MovementKind, movements: readonly M[]): { kind: MovementKind; part: readonly M[] }[] {
  const count = Math.ceil(movements.length / PART);
  return Array.from({ length: count }, (_, i) => ({ kind, part: movements.slice(i * PART, (i + 1) * PART) }));
}

// Half a kilobyte each at most, and a record may have a thousand of those.
const PART = 1_000;

const latest = (movements: readonly NewMovement[]): string =>
  movements.reduce((last, { occurredAt }) => (Date.parse(occurredAt) > Date.parse(last) ? occurredAt : last), EPOCH);

const EPOCH = new Date(0).toISOString();
