import type { Cluster } from '../cluster/cluster.js';
import type { Loader } from '../images/loader.js';

/** One thing that an operator does, or that happens to him, and what must come of it. */
export interface Step {
  /** What `--only` calls it. */
  readonly name: string;
  /** What is done. */
  readonly title: string;
  /** Whether nothing that follows makes sense where this has failed. */
  readonly isGround?: boolean;
  /**
   * Does it, and notes what was seen.
   * @throws Broken when a promise is not kept; Refused when kubectl or helm refuses what should go well
   */
  readonly run: (stage: Stage) => Promise<void>;
}

/** Where a step is done. */
export interface Stage {
  readonly cluster: Cluster;
  readonly loader: Loader;
  readonly noted: Noted;
  readonly say: (what: string) => void;
}

/** What was seen, each figure by its name, and what guests were let down by. */
export interface Noted {
  readonly figures: Record<string, number | string>;
  /** Requests that failed where none may. */
  failedRequests: number;
  lost: number;
  duplicated: number;
}

/** What came of a step. */
export interface Outcome extends Readonly<Noted> {
  readonly name: string;
  readonly title: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** Why it is not ok. */
  readonly problem?: string;
}
