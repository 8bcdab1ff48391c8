import { closedLoop, type LoadRun } from '../driver/closed-loop.js';
import { Latencies } from '../driver/latencies.js';
import { bothUsages, type Metered, meter, NO_USAGE, perOperation, type Usage } from '../machine/meter.js';

/** One side of a comparison, over all the turns that it had. */
export class Side {
  operations = 0;
  seconds = 0;
  #usage: Usage = NO_USAGE;
  readonly latencies = new Latencies();

  get perSecond(): number {
    return this.operations / this.seconds;
  }

  /** Milliseconds of processor for each operation. */
  get cpu(): Usage {
    return perOperation(this.#usage, this.operations);
  }

  /** Takes a turn: so many workers, as fast as they can. */
  async turn(processes: Metered, workers: number, seconds: number, act: () => Promise<void>): Promise<LoadRun> {
    const used = meter(processes);
    const run = await closedLoop({ workers, seconds, act });
    this.#usage = bothUsages(this.#usage, used());
    this.operations += run.operations;
    this.seconds += run.seconds;
    this.latencies.add(run.latencies);
    return run;
  }
}

/** Seconds of each turn: ten where there is time, at least two turns from four seconds on. */
export function turnsOf(seconds: number): number[] {
  const turns = Math.max(1, Math.round(seconds / 10), seconds >= 4 ? 2 : 1);
  return Array.from({ length: turns }, () => seconds / turns);
}

/** The sides in the order in which they take this turn: whoever was first is last the next time. */
export const inTurn = <T>(sides: readonly T[], turn: number): T[] => (turn % 2 === 0 ? [...sides] : sides.toReversed());

/** Seconds after which code is compiled, connections are open and caches are full; no more than are measured. */
export const warmUpSeconds = (seconds: number): number => Math.min(20, seconds);
