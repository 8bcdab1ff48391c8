/**
 * How many may be under way at once so that none takes long. Where answers come late to a crowd fewer are let in; where they
 * come in time and all places are taken, more. So what a machine can do is found by what it did, whatever else it does.
 */
export class Throttle {
  #places: number;
  #took = 0;
  #answers = 0;
  #fullest = 0;
  #since = Number.NEGATIVE_INFINITY;

  /** @param most places, however fast answers come */
  constructor(private readonly most: number) {
    this.#places = Math.min(FIRST, most);
  }

  /** How many may be under way at once, now. */
  get places(): number {
    return Math.floor(this.#places);
  }

  /**
   * Notes an answer.
   * @param took milliseconds
   * @param underWay how many were, with it
   * @param now milliseconds, as `performance.now()` counts
   */
  answered(took: number, underWay: number, now: number): void {
    this.#took += took;
    this.#answers += 1;
    this.#fullest = Math.max(this.#fullest, underWay);
    if (now - this.#since < WINDOW) return;
    const late = this.#took / this.#answers / IN_TIME;
    // A few who wait long do not wait for each other: to turn them away would help nobody.
    if (late > 1 && this.#fullest >= Math.min(LEAST, this.#places)) this.#places *= Math.max(LEFT, 1 / late);
    else if (late <= 1 && this.#fullest >= this.#places * TAKEN) this.#places = this.#places * MORE + 1;
    this.#places = Math.min(this.most, Math.max(LEAST, this.#places));
    this.#since = now;
    this.#took = this.#answers = this.#fullest = 0;
  }
}

/** Milliseconds that an answer may take, on average: a till's screen still follows the finger. */
const IN_TIME = 250;
/** Milliseconds from one change to the next. */
const WINDOW = 100;
/** What is left of the places after a change, at least; what becomes of them when all were taken. */
const [LEFT, MORE] = [0.7, 1.1];
/** The part of the places that counts as all. */
const TAKEN = 0.8;
/** Places in the beginning, when nothing is known yet. */
const FIRST = 100;
/** So many are always let in, or nobody would find out that things are better. */
const LEAST = 16;
