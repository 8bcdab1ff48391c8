import { setImmediate as nextTurn } from 'node:timers/promises';

/** What is to happen at a moment of simulated time. */
interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => unknown) | undefined;
}

/** Something that was put on the agenda and may be taken off it again. */
export interface Appointment {
  cancel(): void;
}

/**
 * Simulated time, and all that is going to happen in it, in order: one thing at a time, each followed to its end before the
 * next begins. Two things of one moment happen in the order in which they were put down.
 */
export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;
  #now: number;

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.#now = start;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** Puts down what is to happen `delay` milliseconds from now. */
  after(delay: number, run: () => unknown): Appointment {
    const entry: Entry = { at: this.#now + Math.max(0, delay), order: this.#order++, run };
    this.#push(entry);
    return { cancel: () => void (entry.run = undefined) };
  }

  /**
   * Lets time pass.
   * @param until looked at before each thing that happens
   * @param end the moment after which nothing happens any more
   * @returns whether `until` came true
   */
  async pass(until: () => boolean, end: number): Promise<boolean> {
    for (;;) {
      // Everything that follows at once from the last thing: continuations of promises, some over a few turns of the loop.
      for (let turn = 0; turn < TURNS; turn++) await nextTurn();
      if (until()) return true;
      const next = this.#pop();
      if (next === undefined || next.at > end) {
        if (next) this.#push(next);
        this.#now = Math.max(this.#now, end);
        return false;
      }
      this.#now = Math.max(this.#now, next.at);
      await next.run?.();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  /** The next entry that still stands. */
  #pop(): Entry | undefined {
    for (;;) {
      const first = this.#shift();
      if (first === undefined || first.run) return first;
    }
  }

  #shift(): Entry | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const TURNS = 4;

const isBefore = (one: Entry, other: Entry): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
