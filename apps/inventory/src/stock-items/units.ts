import type { Unit } from '@comanda/contracts';

/** So much of something, in a unit. */
export interface Measure {
  readonly amount: number;
  readonly unit: Unit;
}

/**
 * The same amount in another unit: 2 kg are 2000 g, 1500 g are no whole number of kg.
 * @returns undefined when it is no whole number of that unit, or measures something else
 */
export function inUnit({ amount, unit }: Measure, target: Unit): number | undefined {
  const [from, to] = [UNITS[unit], UNITS[target]];
  if (from.measures !== to.measures) return undefined;
  const whole = (amount * from.size) / to.size;
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** What a unit measures, and how many of the smallest unit it is. */
const UNITS: Readonly<Record<Unit, { measures: 'mass' | 'volume' | 'pieces'; size: number }>> = {
  mg: { measures: 'mass', size: 1 },
  g: { measures: 'mass', size: 1_000 },
  kg: { measures: 'mass', size: 1_000_000 },
  ml: { measures: 'volume', size: 1 },
  l: { measures: 'volume', size: 1_000 },
  piece: { measures: 'pieces', size: 1 },
};
