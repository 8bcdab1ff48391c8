import { typeOf } from '../envelope.js';
import { deadLetterTopic, type EventLog, type LogRecord, type StoredRecord } from '../log/event-log.js';

/** Why a record was put aside. */
export interface Fault {
  readonly error: unknown;
  readonly tries: number;
}

/** A record as its dead letter: as it was, with headers that say which group could not handle it, why, and where it lies. */
export function toDeadLetter(record: StoredRecord, group: string, { error, tries }: Fault): LogRecord {
  return {
    topic: deadLetterTopic(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      dlq_group: group,
      dlq_error: describe(error),
      dlq_tries: String(tries),
      dlq_topic: record.topic,
      dlq_partition: String(record.partition),
      dlq_offset: String(record.offset),
      dlq_parkedat: new Date().toISOString(),
    },
  };
}

/** The record a dead letter stands for, when it was sent again to this group. Undefined for everything else. */
export function replayedTo(group: string, letter: StoredRecord): StoredRecord | undefined {
  const { headers } = letter;
  if (headers['dlq_group'] !== group || headers['dlq_replayedat'] === undefined) return undefined;
  return {
    ...letter,
    topic: headers['dlq_topic'] ?? '',
    partition: Number(headers['dlq_partition']),
    offset: Number(headers['dlq_offset']),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dlq_'))),
  };
}

/** An event that a group could not handle. */
export interface DeadLetter {
  /** Names the letter: group, and where the record lies. */
  readonly id: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  /** Of the event, where it could be read that far. */
  readonly type: string | null;
  readonly eventId: string | null;
  readonly error: string;
  readonly tries: number;
  readonly parkedAt: string;
  /** When it was last sent again to its group; null while it waits. One that fails again waits again. */
  readonly replayedAt: string | null;
}

/** The dead letters of these topics, of one group or of all, in the order in which they were parked. */
export async function deadLetters(log: EventLog, topics: readonly string[], group?: string): Promise<DeadLetter[]> {
  const letters = await lettersOf(log, topics, group);
  return [...letters.values()]
    .map(({ letter }) => letter)
    .toSorted((one, other) => one.parkedAt.localeCompare(other.parkedAt));
}

/**
 * Sends dead letters again to the group that parked them, and to no other; those named, or all that wait. Each has its
 * effect once, however often it is sent.
 * @returns how many were sent
 */
export async function replayDeadLetters(
  log: EventLog,
  topics: readonly string[],
  { group, ids }: { readonly group: string; readonly ids?: readonly string[] | undefined },
): Promise<number> {
  const letters = await lettersOf(log, topics, group);
  const waiting = [...letters.values()].filter(
    ({ letter }) => letter.replayedAt === null && (ids === undefined || ids.includes(letter.id)),
  );
  const replayedAt = new Date().toISOString();
  await log.append(
    waiting.map(({ record: { topic, key, value, headers } }) => ({
      topic,
      key,
      value,
      headers: { ...headers, dlq_replayedat: replayedAt },
    })),
  );
  return waiting.length;
}

/** By id, the newest record of each letter: a letter that was sent again, or failed again, is one letter. */
async function lettersOf(
  log: EventLog,
  topics: readonly string[],
  group: string | undefined,
): Promise<Map<string, { letter: DeadLetter; record: StoredRecord }>> {
  const letters = new Map<string, { letter: DeadLetter; record: StoredRecord }>();
  for (const topic of topics)
    for await (const record of log.read(deadLetterTopic(topic))) {
      const letter = toLetter(record);
      if (group === undefined || letter.group === group) letters.set(letter.id, { letter, record });
    }
  return letters;
}

function toLetter(record: StoredRecord): DeadLetter {
  const { headers, key } = record;
  const [group, topic] = [headers['dlq_group'] ?? '', headers['dlq_topic'] ?? ''];
  const [partition, offset] = [Number(headers['dlq_partition']), Number(headers['dlq_offset'])];
  return {
    id: `${group}/${topic}/${partition}/${offset}`,
    group,
    topic,
    partition,
    offset,
    key,
    type: typeOf(record) ?? null,
    eventId: headers['ce_id'] ?? null,
    error: headers['dlq_error'] ?? '',
    tries: Number(headers['dlq_tries']),
    parkedAt: headers['dlq_parkedat'] ?? '',
    replayedAt: headers['dlq_replayedat'] ?? null,
  };
}

const MAX_ERROR = 500;

const describe = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, MAX_ERROR);
