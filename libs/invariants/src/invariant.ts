import type { ServiceName } from '@comanda/contracts';
import { deadLetterTopic, type EventLog, type StoredRecord } from '@comanda/events';

/** What must always be true of the platform's data, whatever failed on the way. */
export type Invariant = TableInvariant | LogInvariant;

interface Named {
  /** As the documents number it. */
  readonly id: `I${number}`;
  readonly promise: string;
}

/** What tables alone can tell. */
export interface TableInvariant extends Named {
  readonly examine: (sources: Sources) => Promise<Examination>;
}

/** What the log has a part in. It is read once for all of them, and kept by none: an audit holds no more than ids in memory. */
export interface LogInvariant extends Named {
  /** Before the log is read: what is in it by then was committed before. */
  readonly begin: (sources: Sources) => Promise<LogReading> | LogReading;
}

/** An invariant on its way through the log: each topic from its start to its end, topics beside one another. */
export interface LogReading {
  note(topic: string, record: StoredRecord): void;
  /** An event of the topic that a group could not deal with. */
  noteParked?(topic: string, record: StoredRecord): void;
  conclude(): Promise<Examination> | Examination;
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
  let readings: ReadonlyMap<Invariant, LogReading> | undefined;
  for (const invariant of invariants) {
    const { examined, violations } =
      'examine' in invariant
        ? await invariant.examine(sources)
        : ((await (readings ??= await readLog(invariants, sources)).get(invariant)?.conclude()) ?? NOTHING);
    const found = examined === 0 ? ['Nothing was there to examine.'] : violations;
    const { id, promise } = invariant;
    yield { id, promise, examined, violations: found.slice(0, ENOUGH), holds: found.length === 0 };
  }
}

const NOTHING: Examination = { examined: 0, violations: [] };

async function readLog(
  invariants: readonly Invariant[],
  sources: Sources,
): Promise<ReadonlyMap<Invariant, LogReading>> {
  const readings = new Map<Invariant, LogReading>();
  for (const invariant of invariants) if ('begin' in invariant) readings.set(invariant, await invariant.begin(sources));
  const { services, log } = sources;
  const all = [...readings.values()];
  const read = async (topic: string): Promise<void> => {
    for await (const record of log.read(topic)) for (const reading of all) reading.note(topic, record);
    for await (const record of log.read(deadLetterTopic(topic)))
      for (const reading of all) reading.noteParked?.(topic, record);
  };
  await Promise.all(services.map(({ topic }) => read(topic)));
  return readings;
}
