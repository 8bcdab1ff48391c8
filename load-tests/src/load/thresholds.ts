import type { Question } from '../scenarios/orders.js';
import type { Run, StepReport } from './run-report.js';
import { MAY_BE_TOLD } from './tally.js';

/** A figure, and what is good enough. */
export interface Threshold {
  /** What it is of, with its unit. */
  readonly what: string;
  /** The figure; `undefined` where nobody could look in this run, `null` where it never came to it. */
  readonly of: (run: Run) => number | null | undefined;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A figure that was judged. */
export interface Judged {
  readonly what: string;
  readonly wanted: string;
  readonly found: number | null;
  readonly verdict: 'met' | 'missed' | 'not measured';
}

/** Judges a run. What could not be had here is neither met nor missed. */
export const judge = (thresholds: readonly Threshold[], run: Run): Judged[] =>
  thresholds.map(({ what, of, atMost = Infinity, atLeast = -Infinity }) => {
    const found = of(run);
    const wanted = atMost < Infinity ? `at most ${atMost}` : `at least ${atLeast}`;
    return { what, wanted, found: found ?? null, verdict: verdictOn(found, atMost, atLeast) };
  });

function verdictOn(found: number | null | undefined, atMost: number, atLeast: number): Judged['verdict'] {
  if (found === undefined) return 'not measured';
  return found !== null && found <= atMost && found >= atLeast ? 'met' : 'missed';
}

/** So many percent of a question were answered within so many milliseconds, in one step. */
export const within = (step: string, question: Question, percentile: 50 | 99, milliseconds: number): Threshold => ({
  what: `${step}: ${question}, p${percentile}, ms`,
  of: (run) => run.steps.find(({ name }) => name === step)?.questions[question]?.[`p${percentile}`],
  atMost: milliseconds,
});

/** Of those who came in one step so many were served, a share. */
export const served = (step: string, share: number): Threshold => ({
  what: `${step}: served, share`,
  of: (run) => {
    const found = run.steps.find(({ name }) => name === step);
    return found && found.came > 0 ? found.served / found.came : undefined;
  },
  atLeast: share,
});

/** Nobody, in any step, was given an answer that nobody should get. */
export const nothingWrong: Threshold = nothingWrongBut();

/** Likewise, where guests may be told something besides. */
export function nothingWrongBut(...besides: readonly string[]): Threshold {
  return {
    what: 'answers that nobody should get',
    of: ({ steps }) => steps.reduce((sum, step) => sum + wrongIn(step, besides), 0),
    atMost: 0,
  };
}

/** Answers of a step that nobody should get: all but what was asked for, and "come back later". Who was never sent had none. */
export const wrongIn = ({ questions, unsent }: StepReport, besides: readonly string[] = []): number =>
  Object.values(questions)
    .flatMap(({ told }) => Object.entries(told))
    .filter(([told]) => !MAY_BE_TOLD.includes(told) && !besides.includes(told))
    .reduce((sum, [, count]) => sum + count, unsent);

/** Something that the scenario found. */
export const fact = (name: string, good: { readonly atMost: number } | { readonly atLeast: number }): Threshold => ({
  what: name,
  of: ({ facts }) => facts[name],
  ...good,
});
