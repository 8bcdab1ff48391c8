/** Chance that is the same each time: everything that a seed decides comes from here. */
export class Random {
  #state: number;

  /** @param seed any text; another one is another chance */
  constructor(seed: string) {
    // FNV-1a: neighbouring seeds have nothing in common.
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(seed)) hash = Math.imul(hash ^ byte, 0x01000193);
    this.#state = hash >>> 0;
  }

  /** From 0 up to 1, as `Math.random` (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of them, which must not be none. */
  pick<Each>(from: readonly Each[]): Each {
    return from[this.between(0, from.length - 1)] as Each;
  }
}
