import type { Facts } from './run-report.js';
import type { Stage } from './stage.js';
import type { Threshold } from './thresholds.js';
import type { Target } from './target.js';
import type { Journey } from './visit.js';

/** How much of it: what was asked for, else what the scenario has by itself. */
export interface Amount {
  /** Visits a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly sessions: number;
}

/** A load test: who comes, how many and when, and what is good enough. A new one is a file of its own. */
export interface Scenario {
  /** What happens, in a sentence. */
  readonly title: string;
  readonly journey: Journey;
  readonly amount: Amount;
  /** What `--duration` is of: the whole, or each of its steps. */
  readonly lasts: 'in all' | 'each step';
  /** Seconds for which guests come back when they are told to. */
  readonly patience: number;
  /** As many as wait at once at most; they are open before, as an ingress keeps them. */
  readonly connections: number;
  /** It breaks things: only on a platform that was started for it. */
  readonly breaks?: boolean;
  /** What the platform of its own is started with besides. */
  readonly needs?: 'kafka';
  /** Plays it. @returns what was found beside what every step tells */
  readonly play: (stage: Stage, amount: Amount, target: Target) => Promise<Facts>;
  readonly thresholds: readonly Threshold[];
}
