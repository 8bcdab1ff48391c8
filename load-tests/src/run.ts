import { Bench } from './bench.js';
import { BenchFailure, EXIT } from './failure.js';
import { measureCompleteOrder } from './measures/complete-order.js';
import { measureHistory, measureLocations } from './measures/growth.js';
import { measureLag } from './measures/lag.js';
import { measureMenuRead } from './measures/menu-read.js';
import { measureOverload } from './measures/overload.js';
import { measurePeers } from './measures/peers.js';
import { measurePlacement } from './measures/placement.js';
import type { BenchOptions, MeasureName } from './options.js';
import { type Figures, type Findings, NOTHING_MEASURED } from './report/figures.js';
import { tableText } from './report/table.js';

const MEASURE: Readonly<Record<MeasureName, (bench: Bench) => Promise<Findings>>> = {
  placement: measurePlacement,
  completeOrder: measureCompleteOrder,
  menuRead: measureMenuRead,
  lag: measureLag,
  history: measureHistory,
  locations: measureLocations,
  overload: measureOverload,
};

/**
 * Measures what was asked for and prints it; whatever it started is stopped, however it ends.
 * @throws BenchFailure, EmbeddedPostgresError with one sentence for whoever started it
 */
export async function run(options: BenchOptions): Promise<void> {
  await using bench = await Bench.open(options, (step) =>
    console.error(`  ${new Date().toISOString().slice(11, 19)}  ${step}`),
  );
  await Promise.race([measureAll(bench, options), interrupted()]);
}

async function measureAll(bench: Bench, options: BenchOptions): Promise<void> {
  let figures: Figures = NOTHING_MEASURED;
  const measures = options.measures.map((name) => MEASURE[name]);
  for (const measure of [...measures, ...(options.peers ? [measurePeers] : [])]) {
    const found = await measure(bench);
    figures = { ...figures, ...found.figures };
    if (!options.json) console.log(`\n${tableText(found.table)}`);
  }
  for (const profile of bench.profiles) console.error(`\n${tableText(profile)}`);
  if (options.json) console.log(JSON.stringify(figures));
}

/** Ctrl-C reaches the platform by itself as well; everything else is stopped on the way out. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new BenchFailure(`Interrupted by ${signal}.`, EXIT.wrong)));
  });
}
