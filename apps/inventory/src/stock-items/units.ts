import type { Unit } from '@comanda/contracts';

/** So much of something, in a unit. */
export interface Measure {
  readonly amount: number;
  readonly unit: Unit;
}

/**
 * The same amount in another unit: 2 kg are 2000 g, 1500 g are no whole number of kg.
 * @param pieceWeightMg what one piece weighs, where pieces are to be taken for grams or grams for pieces
 * @returns undefined when it is no whole number of that unit, or measures something else
 */
export function inUnit(
  { amount, unit }: Measure,
  target: Unit,
  pieceWeightMg: number | null = null,
): number | undefined {
  const sizes = sizesOf(unit, target, pieceWeightMg);
  if (!sizes) return undefined;
  const [from, to] = sizes.map(BigInt) as [bigint, bigint];
  const size = BigInt(amount) * from;
  if (size % to !== 0n) return undefined;
  const whole = Number(size / to);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** How large two units are, in something that both are whole numbers of. */
function sizesOf(unit: Unit, target: Unit, pieceWeightMg: number | null): [number, number] | undefined {
  const [from, to] = [UNITS[unit], UNITS[target]];
  if (from.measures === to.measures) return [from.size, to.size];
  if (pieceWeightMg === null) return undefined;
  if (from.measures === 'pieces' && to.measures === 'mass') return [pieceWeightMg, to.size];
  if (from.measures === 'mass' && to.measures === 'pieces') return [from.size, pieceWeightMg];
  return undefined;
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
