/** How it goes for the guests. */
export interface Figures {
  /** The clock of their pod, milliseconds. */
  readonly now: number;
  readonly requests: number;
  /** No answer, one that says that something is wrong with the server, or to come back later. */
  readonly failed: number;
  /** Orders and payments that were taken. */
  readonly taken: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The first that failed. */
  readonly failures: readonly string[];
}

/** What came of it all. */
export interface Answer extends Figures {
  readonly operations: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  /** Answers that a guest must never see. */
  readonly defects: readonly string[];
}
