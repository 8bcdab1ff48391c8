import { setTimeout as sleep } from 'node:timers/promises';

/** What the relay and the consumers say about themselves; pino's logger fits. */
export interface Logger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Waits. False when the signal cut it short. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds before the next of several tries: doubling from 100 ms to 5 s, with a spread so that many do not return at once. */
export const backOff = (tries: number): number => Math.min(5_000, 100 * 2 ** (tries - 1)) * (0.75 + Math.random() / 2);

/**
 * Keeps rounds of work apart, so that what comes meanwhile shares the next one: fewer rounds do the same work. The first
 * after a quiet time begins at once. A process that has little time left takes more apart: there every round counts.
 */
export class Pace {
  #last = Number.NEGATIVE_INFINITY;

  /**
   * @param apart milliseconds from the beginning of one round to that of the next
   * @param strain how many times as many now, up to a fifth of a second
   */
  constructor(
    private readonly apart: number,
    private readonly strain: () => number = strainOfProcess,
  ) {}

  /**
   * Resolves when the next round may begin.
   * @param full it will be as large as rounds get: waiting for more to come is of no use
   */
  async next(signal: AbortSignal, full = false): Promise<void> {
    const apart = Math.max(this.apart, Math.min(LONGEST, this.apart * this.strain()));
    const early = full ? 0 : this.#last + apart - performance.now();
    if (early > 0) await pause(early, signal);
    this.#last = performance.now();
  }
}

/** How hard-pressed a process is by the part of its time that its event loop works: 1 until it is busy, then up to `MOST`. */
export const strainAt = (utilization: number): number =>
  1 + (MOST - 1) * Math.min(1, Math.max(0, (utilization - BUSY) / (FULL - BUSY)));

function strainOfProcess(): number {
  const now = performance.now();
  if (now - sampled.at < SAMPLE) return sampled.strain;
  const loop = performance.eventLoopUtilization();
  const { utilization } = performance.eventLoopUtilization(loop, sampled.loop);
  sampled = { at: now, loop, strain: strainAt(utilization) };
  return sampled.strain;
}

let sampled = { at: 0, loop: performance.eventLoopUtilization(), strain: 1 };

const SAMPLE = 200;
const [BUSY, FULL, MOST] = [0.55, 0.95, 16];
/** The most milliseconds that strain makes of what is less. */
const LONGEST = 200;

/** Wakes one sleeper. A ring while nobody sleeps is kept for the next one, so that none is missed. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Sleeps until somebody rings, at most `ms`, or until the signal is aborted. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake, { once: true });
      this.#wake = wake;
      await promise;
      this.#wake = undefined;
      signal.removeEventListener('abort', wake);
      clearTimeout(timer);
    }
    this.#rung = false;
  }
}

/** Waits for something that may never end, but not longer than `ms`. False when time was up. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => true,
      ),
      pause(ms, timer.signal).then(() => false),
    ]);
  } finally {
    timer.abort();
  }
}
