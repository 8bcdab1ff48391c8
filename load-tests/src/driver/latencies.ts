import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** How long things took, in milliseconds, each to three significant digits, however many there were. */
export class Latencies {
  /** Node's own HDR histogram, in microseconds. */
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: LONGEST, figures: 3 });

  /** Takes one more, in milliseconds. What took longer than an hour is kept as an hour. */
  record(milliseconds: number): void {
    this.#histogram.record(Math.min(LONGEST, Math.max(1, Math.round(milliseconds * 1000))));
  }

  /** All that the other has recorded. */
  add(other: Latencies): void {
    this.#histogram.add(other.#histogram);
  }

  get count(): number {
    return this.#histogram.count;
  }

  /** The time, in milliseconds, within which so many of a hundred were done; `null` where nothing was recorded. */
  percentile(percent: number): number | null {
    return this.count === 0 ? null : this.#histogram.percentile(percent) / 1000;
  }
}

const LONGEST = 3_600_000_000;
