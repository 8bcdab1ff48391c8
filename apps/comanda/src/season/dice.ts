import { dice } from '../replay/derived-id.js';

/** Chance that follows from a text: the same on every run. */
export class Dice {
  readonly #roll: () => number;

  constructor(seed: string) {
    this.#roll = dice(seed);
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.#roll() * (max - min + 1));
  }

  /** True so many times of a hundred. */
  percent(times: number): boolean {
    return this.between(1, 100) <= times;
  }

  /** One of several. */
  of<T>(things: readonly [T, ...T[]]): T {
    return things[this.between(0, things.length - 1)] ?? things[0];
  }
}
