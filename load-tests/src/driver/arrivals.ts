/**
 * When guests come: independently of each other, and of how long the others wait. Milliseconds from the beginning, ascending.
 * @param random a number in [0, 1), each time
 */
export function* poisson(perSecond: number, seconds: number, random: () => number = Math.random): Generator<number> {
  for (let at = gap(perSecond, random); at < seconds * 1000; at += gap(perSecond, random)) yield at;
}

const gap = (perSecond: number, random: () => number): number => (-Math.log(1 - random()) / perSecond) * 1000;
