import { isKept, type Outcome } from './play.js';
import type { Report } from './run-all.js';

/** The figures of a run. */
export interface Summary {
  readonly kills: number;
  readonly faults: number;
  /** What clients were told is done: orders, payments, refunds. */
  readonly operations: number;
  readonly lost: number;
  readonly duplicated: number;
  /** What an audit found, and every other promise that was not kept. */
  readonly invariantsViolated: number;
  /** What the simulator played. */
  readonly seeds: number;
  readonly failingSeeds: number;
}

export function summaryOf({ outcomes, simulated }: Report): Summary {
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, each) => total + of(each), 0);
  return {
    kills: sum(({ kills }) => kills),
    faults: sum(({ faults }) => faults),
    operations: sum(({ operations }) => operations),
    lost: sum(({ lost }) => lost.length),
    duplicated: sum(({ duplicated }) => duplicated.length),
    invariantsViolated: sum(({ violations }) => violations.length),
    seeds: simulated.seeds,
    failingSeeds: simulated.failingSeeds.length,
  };
}

/** The report as a person reads it. */
export function told(report: Report): string {
  const lines = report.outcomes.map((outcome) => {
    const { id, seed, seconds, operations, figures, skipped } = outcome;
    const seen = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
    return `${id.padEnd(6)}${outcome.skipped ? 'SKIP  ' : isKept(outcome) ? 'kept  ' : 'BROKEN'}  seed ${seed}, ${seconds} s, ${operations} operations${skipped ? `: ${skipped}` : ''}${seen.map((each) => `, ${each}`).join('')}`;
  });
  const { kills, faults, operations, lost, duplicated, invariantsViolated, seeds, failingSeeds } = summaryOf(report);
  return [
    ...lines,
    '',
    `${kills} kills and ${faults} faults over ${operations} acknowledged operations: ${lost} lost, ${duplicated} duplicated, ${invariantsViolated} invariants violated.`,
    `${seeds} seeds simulated, ${failingSeeds} failing.`,
    '',
  ].join('\n');
}
