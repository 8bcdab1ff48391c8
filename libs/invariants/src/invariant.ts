import type { ServiceName } from '@comanda/contracts';
import type { EventLog } from '@comanda/events';

/** What must always be true of the platform's data, whatever failed on the way. */
export interface Invariant {
  /** As the documents number it. */
  readonly id: `I${number}`;
  readonly promise: string;
  readonly examine: (sources: Sources) => Promise<Examination>;
}

export interface Examination {
  /** How many rows were looked at; none is never a pass. */
  readonly examined: number;
  /** Each a sentence that names the row. The first hundred are enough to begin with. */
  readonly violations: readonly string[];
}

/** What an audit reads, and reads only. */
export interface Sources {
  readonly services: readonly AuditedService[];
  readonly log: EventLog;
  /** Asks a service's database, as its auditor: every organization's rows, no writing. */
  readonly query: <Row extends object>(
    service: AuditedDatabase,
    sql: string,
    values?: readonly unknown[],
  ) => Promise<Row[]>;
}

/** A service's own, or the books of the sandbox, which is nobody's service. */
export type AuditedDatabase = ServiceName | 'sandbox_psp';

export interface AuditedService {
  readonly name: ServiceName;
  readonly topic: string;
  /** The types of the events that it handles. */
  readonly consumes: readonly string[];
  /** The topics that they are in. */
  readonly topics: readonly string[];
}

/** What an invariant was found to be. */
export interface Finding extends Examination {
  readonly id: string;
  readonly promise: string;
  readonly holds: boolean;
}

export const ENOUGH = 100;

/** Examines invariants one after the other; each says what it found. */
export async function* examineAll(invariants: readonly Invariant[], sources: Sources): AsyncGenerator<Finding> {
  for (const { id, promise, examine } of invariants) {
    const { examined, violations } = await examine(sources);
    const found = examined === 0 ? ['Nothing was there to examine.'] : violations;
    yield { id, promise, examined, violations: found.slice(0, ENOUGH), holds: found.length === 0 };
  }
}
