/** What `--json` prints: `null` for what was not asked for, or could not be had here. */
export interface Figures {
  /** Orders placed through HTTP to transactions of pgbench, the lower of the two numbers of connections. */
  readonly placementRatio: number | null;
  readonly completeOrder: CompleteOrderFigures | null;
  /** By name; `null` for one that could not be installed or started here. */
  readonly peers: Readonly<Record<string, PeerFigures | null>> | null;
  /** Full menus read to the same bytes from an empty route of Fastify. */
  readonly menuReadRatio: number | null;
  /** From when an order should have been sent until stock and points show it, on the default transport. */
  readonly lagMs: { readonly p50: number; readonly p99: number } | null;
  /** Orders placed with a million in the table to orders placed with none. */
  readonly historyRatio: number | null;
  /** Orders placed at a thousand locations to orders placed at one. */
  readonly locationsRatio: number | null;
  readonly overload: {
    /** Complete orders a second at three times what can be kept up, to what can be kept up. */
    readonly goodputRatio: number;
    readonly recoverySeconds: number | null;
  } | null;
}

/** A peer's complete order, and how many times ours that is; of the rate, how many times theirs ours is. */
export interface PeerFigures extends CompleteOrderFigures {
  readonly cpuRatio: number | null;
  readonly statementsRatio: number;
  readonly rateRatio: number;
}

export interface CompleteOrderFigures {
  /** Of all processes together, database included. */
  readonly cpuMs: number | null;
  readonly sqlStatements: number;
  readonly perSecond: number;
}

export const NOTHING_MEASURED: Figures = {
  placementRatio: null,
  completeOrder: null,
  peers: null,
  menuReadRatio: null,
  lagMs: null,
  historyRatio: null,
  locationsRatio: null,
  overload: null,
};

/** What a measure found: its figures, and the rows that a person reads. */
export interface Findings {
  readonly figures: Partial<Figures>;
  readonly table: Table;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sentences below it. */
  readonly notes?: readonly string[];
}

/** A part of a document: what a person reads of a run. */
export interface Section {
  readonly title: string;
  /** Sentences that say what and where it was. */
  readonly intro: readonly string[];
  readonly tables: readonly Table[];
}

export type Cell = string | number | null;
