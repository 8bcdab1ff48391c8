/** What `--json` prints: `null` for what was not asked for, or could not be had here. */
export interface Figures {
  /** Orders placed through HTTP to transactions of pgbench, the lower of the two numbers of connections. */
  readonly placementRatio: number | null;
  readonly completeOrder: CompleteOrderFigures | null;
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

export type Cell = string | number | null;
