import type { StoredRecord } from './event-log.js';

export const placeOf = ({ topic, partition }: Pick<StoredRecord, 'topic' | 'partition'>): string =>
  `${topic}/${partition}`;

/**
 * The newest records of a log that this process appended itself. Groups that follow closely take them from here instead of
 * asking the database for each of them; the records are then the same objects for all of them.
 */
export class Tail {
  readonly #ends = new Map<string, End>();
  /** In the order in which they came, to forget the oldest first. */
  #arrived: StoredRecord[] = [];
  #size = 0;
  #serial = 0;

  /** Adds records that are committed, at their offsets. */
  add(records: readonly StoredRecord[]): void {
    for (const record of records) {
      const place = placeOf(record);
      const end = this.#ends.get(place);
      if (end && record.offset < end.first + end.entries.length) continue;
      const entry = { record, serial: this.#serial++ };
      // What another process appended in between is not here: the end begins anew behind it.
      if (end && record.offset === end.first + end.entries.length) end.entries.push(entry);
      else this.#ends.set(place, { topic: record.topic, first: record.offset, entries: [entry] });
      this.#arrived.push(record);
      this.#size += sizeOf(record);
    }
    this.#forget();
  }

  /**
   * Notes where the next record of each partition will be.
   * @returns the topics that have records which are not here, and were not known of
   */
  learn(ends: readonly (Pick<StoredRecord, 'topic' | 'partition'> & { readonly end: number })[]): Set<string> {
    const beyond = ends.filter((place) => {
      const known = this.#ends.get(placeOf(place));
      return place.end > (known ? known.first + known.entries.length : 0);
    });
    for (const place of beyond) this.#ends.set(placeOf(place), { topic: place.topic, first: place.end, entries: [] });
    return new Set(beyond.map(({ topic }) => topic));
  }

  /**
   * What comes next for a group that is at these offsets, by `placeOf`: of each partition its share of `most`, in order, and over all of them oldest first.
   * @returns undefined when something comes before what is here
   */
  next(topics: ReadonlySet<string>, cursors: ReadonlyMap<string, number>, most: number): StoredRecord[] | undefined {
    const behind = [...this.#ends].filter(
      ([place, { topic, first, entries }]) => topics.has(topic) && (cursors.get(place) ?? 0) < first + entries.length,
    );
    const share = Math.max(10, Math.floor(most / behind.length));
    const due: Entry[] = [];
    for (const [place, { first, entries }] of behind) {
      const from = (cursors.get(place) ?? 0) - first;
      if (from < 0) return undefined;
      due.push(...entries.slice(from, from + share));
    }
    return due
      .toSorted((one, other) => one.serial - other.serial)
      .slice(0, most)
      .map(({ record }) => record);
  }

  /** Whether all of these are here, so that what follows them in their partitions is, too. */
  holds(records: readonly StoredRecord[]): boolean {
    return records.every(
      (record) => record.offset >= (this.#ends.get(placeOf(record))?.first ?? Number.POSITIVE_INFINITY),
    );
  }

  #forget(): void {
    let gone = 0;
    while (this.#arrived.length - gone > RECORDS || this.#size > BYTES) {
      const record = this.#arrived[gone++];
      if (!record) break;
      this.#size -= sizeOf(record);
      const end = this.#ends.get(placeOf(record));
      // It may have begun anew since.
      if (end?.entries[0]?.record !== record) continue;
      end.entries.shift();
      end.first += 1;
    }
    if (gone > 0) this.#arrived = this.#arrived.slice(gone);
  }
}

/** The records of one partition from `first` on, without a gap. */
interface End {
  readonly topic: string;
  first: number;
  readonly entries: Entry[];
}

interface Entry {
  readonly record: StoredRecord;
  readonly serial: number;
}

const sizeOf = ({ value }: StoredRecord): number => value?.length ?? 0;

/** A second's worth of a busy machine; who is further behind reads the log. */
const RECORDS = 4_096;
const BYTES = 16 * 1024 * 1024;
