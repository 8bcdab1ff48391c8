/** For so many seconds guests come at a rate that goes evenly from one number a second to another. */
export interface Pace {
  readonly seconds: number;
  readonly from: number;
  readonly to: number;
}

/** How far apart two guests are, where one guest is expected: 1 on average. */
export type Spread = () => number;

/** One after the other, as a machine would. */
export const evenly: Spread = () => 1;

/**
 * Independently of each other, as guests do: a Poisson process.
 * @param random a number in [0, 1), each time
 */
export const byChance =
  (random: () => number = Math.random): Spread =>
  () =>
    -Math.log(1 - random());

/** When guests come, whatever the others wait: milliseconds from the beginning, ascending. */
export function* arrivals({ seconds, from, to }: Pace, spread: Spread): Generator<number> {
  const all = guestsAt({ seconds, from, to });
  const faster = (to - from) / seconds;
  // So many are expected after t seconds: from·t + faster·t²/2. Solved for t in the form that also holds where nothing gets faster.
  for (let guest = spread(); guest <= all; guest += spread())
    yield (2_000 * guest) / (from + Math.sqrt(Math.max(0, from * from + 2 * faster * guest)));
}

/** How many are expected at this pace. */
export const guestsAt = ({ seconds, from, to }: Pace): number => ((from + to) / 2) * seconds;

/** Guests at a rate that stays as it is. */
export const poisson = (perSecond: number, seconds: number, random?: () => number): Generator<number> =>
  arrivals({ seconds, from: perSecond, to: perSecond }, byChance(random));
