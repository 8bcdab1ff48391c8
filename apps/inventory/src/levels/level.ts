import type { MovementKind } from '@comanda/contracts';

/** What a level is made from: a movement of one stock item at one location. */
export interface Moved {
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly occurredAt: Date;
  readonly causeId: string;
}

/**
 * How much there is: the last count, and all that moved after it, by when it happened and not by when it came to be
 * known. What moved at the very moment of a count was counted; of two counts at one moment that of the greater id holds.
 */
export function levelOf(movements: readonly Moved[]): number {
  const last = movements.filter(({ kind }) => kind === 'count').reduce(later, undefined);
  return movements
    .filter(({ kind, occurredAt }) => kind !== 'count' && (!last || occurredAt > last.occurredAt))
    .reduce((sum, { quantity }) => sum + quantity, last?.quantity ?? 0);
}

function later(last: Moved | undefined, count: Moved): Moved {
  if (!last || count.occurredAt > last.occurredAt) return count;
  if (count.occurredAt < last.occurredAt) return last;
  return count.causeId > last.causeId ? count : last;
}

/** A level after something moved, and what was last told of it. */
export interface WatchedLevel {
  readonly quantity: number;
  /** At or below it the level is low; null for never. */
  readonly lowAt: number | null;
  /** From it on the level is no longer low; null: as soon as it is above `lowAt`. */
  readonly recoveredAt: number | null;
  readonly low: boolean;
  readonly depleted: boolean;
}

export type Crossing = 'low' | 'depleted' | 'replenished';

/**
 * Which thresholds a level has crossed since it was last looked at. Low is told once, until the level has recovered:
 * sales and receipts around the threshold do not tell it again.
 */
export function crossings(level: WatchedLevel): { low: boolean; depleted: boolean; crossed: Crossing[] } {
  const low = isLow(level);
  const depleted = level.quantity <= 0;
  const crossed: Crossing[] = [];
  if (low && !level.low) crossed.push('low');
  if (depleted && !level.depleted) crossed.push('depleted');
  if (!depleted && level.depleted) crossed.push('replenished');
  return { low, depleted, crossed };
}

function isLow({ quantity, lowAt, recoveredAt, low }: WatchedLevel): boolean {
  if (lowAt === null) return false;
  return low && recoveredAt !== null ? quantity < recoveredAt : quantity <= lowAt;
}
