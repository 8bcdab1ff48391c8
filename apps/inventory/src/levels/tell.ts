import { StockDepleted, StockLow, StockReplenished } from '@comanda/contracts';
import { newEvent, type NewEvent } from '@comanda/events';
import { type Crossing, crossings } from './level.js';
import type { SettledLevel, ToldLevel, Variation } from './levels.store.js';

/** A level and which thresholds it has crossed. */
export interface CrossedLevel {
  readonly level: SettledLevel;
  readonly low: boolean;
  readonly depleted: boolean;
  readonly crossed: readonly Crossing[];
}

/** The levels of which there is something to note. */
export const crossedLevels = (levels: readonly SettledLevel[]): CrossedLevel[] =>
  levels
    .map((level) => ({ level, ...crossings(level) }))
    .filter(({ level, low, depleted }) => low !== level.low || depleted !== level.depleted);

/** What is to be noted of levels, and what published. */
export interface Told {
  readonly levels: ToldLevel[];
  readonly events: NewEvent[];
}

/**
 * What is told of levels; of one location when any ran out or came back. A stock item that ran out keeps from being sold
 * whatever is made with it; one that came back releases what it had kept, but not what another one, still out, keeps too.
 * @param out the levels of the location that were out until now
 * @param madeWith the variations whose recipe uses a stock item
 */
export function tell(
  crossed: readonly CrossedLevel[],
  out: readonly { readonly id: string; readonly blocks: readonly Variation[] }[] = [],
  madeWith: (stockItemId: string) => readonly Variation[] = () => [],
): Told {
  const blocks = new Map([...out, ...crossed.map(({ level }) => level)].map((level) => [level.id, level.blocks]));
  for (const { level, crossed: what } of crossed) {
    if (what.includes('replenished')) blocks.delete(level.id);
    if (what.includes('depleted')) blocks.set(level.id, madeWith(level.stockItemId));
  }
  const blocked = new Set([...blocks.values()].flat().map(({ variationId }) => variationId));
  const affected = (level: SettledLevel) => ({
    depleted: [...(blocks.get(level.id) ?? [])],
    replenished: level.blocks.filter(({ variationId }) => !blocked.has(variationId)),
  });
  return {
    levels: crossed.map(({ level, low, depleted, crossed: what }) => ({
      id: level.id,
      low,
      depleted,
      blocks: blocks.get(level.id) ?? [],
      version: level.version + what.length,
    })),
    events: crossed.flatMap(({ level, crossed: what }) =>
      what.map((crossing, i) => eventOf(crossing, level, affected(level), level.version + 1 + i)),
    ),
  };
}

function eventOf(
  crossing: Crossing,
  { id, locationId, stockItemId, name, quantity, unit }: SettledLevel,
  affected: Record<'depleted' | 'replenished', Variation[]>,
  version: number,
): NewEvent {
  const facts = { id, locationId, stockItemId, name, quantity, unit };
  switch (crossing) {
    case 'low':
      return newEvent(StockLow, facts, { version });
    case 'depleted':
      return newEvent(StockDepleted, { ...facts, affected: affected.depleted }, { version });
    case 'replenished':
      return newEvent(StockReplenished, { ...facts, affected: affected.replenished }, { version });
  }
}
