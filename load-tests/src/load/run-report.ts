import type { Finding } from '@comanda/invariants';
import type { Latencies } from '../driver/latencies.js';
import type { Load } from '../machine/gauge.js';
import type { Machine } from '../machine/machine.js';
import { rounded } from '../report/table.js';
import type { Question } from '../scenarios/orders.js';
import type { Cost } from './cost.js';
import type { Step } from './stage.js';
import type { Judged } from './thresholds.js';

/** Figures that a scenario finds beside those of its steps, by name: `null` where it never came to it, left out where nobody could look. */
export type Facts = Readonly<Record<string, number | null | undefined>>;

/** What a run is judged by. */
export interface Run {
  readonly steps: readonly StepReport[];
  readonly facts: Facts;
}

/** A run, as `--json` prints it. */
export interface LoadReport extends Run {
  readonly scenario: string;
  readonly title: string;
  /** Whether every threshold that could be judged was met, everything was looked at and holds, and nobody interrupted it. */
  readonly met: boolean;
  readonly interrupted: boolean;
  /** Where it went: an address, or what was started for it. */
  readonly target: string;
  readonly commit: string | null;
  readonly machine: Machine;
  readonly startedAt: string;
  readonly seconds: number;
  readonly seed: number;
  readonly arrivals: 'poisson' | 'constant';
  /** Orders that somebody was told are placed. */
  readonly orders: number;
  /** What had nothing left to give first, in a sentence. */
  readonly saturated: string | null;
  readonly cost: Cost | null;
  readonly invariants: readonly Finding[];
  readonly thresholds: readonly Judged[];
  /** What could not be done here, in sentences. */
  readonly notes: readonly string[];
}

export interface StepReport {
  readonly name: string;
  readonly seconds: number;
  /** Visits a second that were announced, at its beginning and at its end. */
  readonly from: number;
  readonly to: number;
  readonly came: number;
  readonly served: number;
  /** Served while it lasted, a second. */
  readonly goodput: number;
  readonly atOnce: number;
  /** Those this client did not begin, for too many were under way. */
  readonly unsent: number;
  /** How late this client was, p99 in milliseconds: it is in every time below. */
  readonly lateness: number | null;
  /** Of a whole visit, thinking left out, in milliseconds. */
  readonly waits: Percentiles;
  readonly questions: Readonly<Partial<Record<Question, QuestionReport>>>;
  readonly load: Load;
}

export interface QuestionReport extends Percentiles {
  readonly answered: number;
  /** How often somebody was told to come back. */
  readonly turnedAway: number;
  /** What those were told in the end who did not have what they asked for. */
  readonly told: Readonly<Record<string, number>>;
}

/** Milliseconds, from when something was due; `null` where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

/** A step in figures, once everybody who came in it is done. */
export function reportOf({ name, seconds, from, to, tally, goodput, atOnce, load }: Step): StepReport {
  const questions = [...tally.questions].map(([question, { latencies, turnedAway, told }]) => [
    question,
    { answered: latencies.count, ...percentilesOf(latencies), turnedAway, told },
  ]) as [Question, QuestionReport][];
  return {
    name,
    seconds,
    from,
    to,
    came: tally.came,
    served: tally.served,
    goodput,
    atOnce,
    unsent: tally.unsent,
    lateness: told(tally.lateness, 99),
    waits: percentilesOf(tally.waits),
    questions: Object.fromEntries(questions),
    load,
  };
}

const percentilesOf = (latencies: Latencies): Percentiles => ({
  p50: told(latencies, 50),
  p90: told(latencies, 90),
  p99: told(latencies, 99),
  p999: told(latencies, 99.9),
  max: told(latencies, 100),
});

function told(latencies: Latencies, percent: number): number | null {
  const found = latencies.percentile(percent);
  return found === null ? null : rounded(found);
}
