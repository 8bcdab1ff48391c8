import { Latencies } from './latencies.js';

export interface ClosedLoopOptions {
  /** How many ask at once; each asks again as soon as it was answered. */
  readonly workers: number;
  readonly seconds: number;
  /** One operation. What it throws ends the run. */
  readonly act: (worker: number) => Promise<void>;
}

export interface LoadRun {
  /** Operations that were begun and ended within the time. */
  readonly operations: number;
  /** All that took effect: those under way at the end as well. */
  readonly begun: number;
  readonly seconds: number;
  readonly latencies: Latencies;
}

/** As many operations as so many workers can get done: the rate that a system reaches, not how long its users wait. */
export async function closedLoop({ workers, seconds, act }: ClosedLoopOptions): Promise<LoadRun> {
  const latencies = new Latencies();
  const since = performance.now();
  const until = since + seconds * 1000;
  let [begun, operations, failed] = [0, 0, false];
  const work = async (worker: number): Promise<void> => {
    for (;;) {
      const started = performance.now();
      if (started >= until || failed) return;
      begun += 1;
      await act(worker);
      const ended = performance.now();
      if (ended > until) return;
      operations += 1;
      latencies.record(ended - started);
    }
  };
  await Promise.all(
    Array.from({ length: workers }, (_, worker) =>
      work(worker).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  return { operations, begun, seconds, latencies };
}
