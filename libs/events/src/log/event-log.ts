/** A record as it is given to the log. Records of one key keep their order. */
export interface LogRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as the log keeps it, at its place in one partition of its topic. */
export interface StoredRecord extends LogRecord {
  readonly partition: number;
  readonly offset: number;
}

/** How far a group is in one partition: `committed` is the offset it reads next, `end` the offset of the next record. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number;
  readonly end: number;
}

export interface ConsumeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Takes up to `sliceSize` records, each partition's in their order. When it resolves, the group's position moves past
   * them; when it rejects, the same records come again after a back-off, for as long as it takes: nothing is skipped.
   * The signal is aborted when the group is being left or the partitions went to another member: then finish what is
   * begun, begin nothing new, and reject if the slice is not done.
   */
  readonly onSlice: (slice: readonly StoredRecord[], signal: AbortSignal) => Promise<void>;
  readonly sliceSize?: number | undefined;
  /** Milliseconds from one slice to the next while records keep coming: a slice of many costs little more than one of few. */
  readonly apart?: number | undefined;
}

/** A membership in a consumer group. */
export interface Consumption {
  /** Lets the slice at hand end, commits its position and leaves the group. Takes a few seconds at most. */
  stop(): Promise<void>;
}

/**
 * A partitioned log of records: Kafka, or PostgreSQL where everything runs on one machine. Both keep the same promises:
 * what was appended is durable; records of one key stay in order; every group gets every record at least once, from the
 * start of the topic; a member that dies is replaced by another.
 */
export interface EventLog {
  /** What traces call it. */
  readonly system: 'kafka' | 'postgresql';
  /** Appends durably. When it rejects, some of the records may have been stored: the caller appends all of them again. */
  append(records: readonly LogRecord[]): Promise<void>;
  /**
   * Makes the topics that are missing, kept for ever, with their dead-letter topics, kept for thirty days.
   * @returns those it made, without the dead letters'
   */
  createTopics(topics: readonly string[]): Promise<string[]>;
  /** Joins a group. Returns at once; while the log is away it keeps trying. */
  consume(options: ConsumeOptions): Consumption;
  /** Where a group is in each partition of these topics. */
  positions(group: string, topics: readonly string[]): Promise<Position[]>;
  /**
   * Forgets how far a group is: its next member reads everything again, from the start.
   * @throws GroupActive while it has a member, which would go on from where it is
   */
  rewind(group: string): Promise<void>;
  /** Reads a topic from its start to where it ends now, each partition in order. */
  read(topic: string): AsyncIterable<StoredRecord>;
  close(): Promise<void>;
}

/** A group cannot be set back while somebody reads as a member of it. */
export class GroupActive extends Error {
  override readonly name = 'GroupActive';

  constructor(readonly group: string) {
    super(`${group} is being read: stop its service first.`);
  }
}

/** Set before first use only: the key decides the partition, so more of them later would tear keys apart. */
export const PARTITIONS = 12;

/** Records a handler gets at a time. */
export const SLICE = 100;

/** Where the events go that a consumer cannot handle. */
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

export const DEAD_LETTER_DAYS = 30;

/** How many records a group has yet to take. */
export const lagOf = (positions: readonly Position[]): number =>
  positions.reduce((sum, { committed, end }) => sum + Math.max(0, end - committed), 0);
