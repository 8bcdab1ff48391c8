import type { LockedSession } from '../locked-session.js';
import type { StoredRecord } from './event-log.js';
import { COMMIT, CURSORS, type CursorRow, type EntryRow, NEXT, toStored } from './postgres-entries.js';
import { placeOf } from './tail.js';

/**
 * How far the active member of a group is. It alone moves on, so it knows by itself; the database is told once nothing more
 * comes, and a few times a second while it does, through the session that holds the group's lock: a member that lost it
 * cannot move the position of the one that has it. What was taken and not told comes again after a crash, and has no second
 * effect.
 */
export class PostgresCursors {
  /** The offset that is taken next, by `placeOf`. */
  readonly positions = new Map<string, number>();
  readonly #unsaved = new Map<string, Pick<StoredRecord, 'topic' | 'partition'>>();
  #saveAt = Number.POSITIVE_INFINITY;
  #quietAt = Number.POSITIVE_INFINITY;

  private constructor(
    private readonly session: LockedSession,
    private readonly group: string,
    private readonly topics: readonly string[],
  ) {}

  static async of(session: LockedSession, group: string, topics: readonly string[]): Promise<PostgresCursors> {
    const cursors = new PostgresCursors(session, group, topics);
    for (const row of await session.query<CursorRow>(CURSORS, [group, topics]))
      cursors.positions.set(placeOf(row), Number(row.position));
    return cursors;
  }

  /** When the database wants to be told, as `performance.now()` counts; never, while it knows. */
  get saveAt(): number {
    return this.#saveAt;
  }

  /** When it wants to be told if nothing more has come until then. */
  get quietAt(): number {
    return this.#quietAt;
  }

  /** What comes next, from the database. */
  async read(most: number): Promise<StoredRecord[]> {
    await this.save();
    return (await this.session.query<EntryRow>(NEXT, [this.group, this.topics, most])).map(toStored);
  }

  moveBehind(slice: readonly StoredRecord[]): void {
    for (const { topic, partition, offset } of slice) {
      const place = placeOf({ topic, partition });
      this.positions.set(place, offset + 1);
      this.#unsaved.set(place, { topic, partition });
    }
    const now = performance.now();
    this.#saveAt = Math.min(this.#saveAt, now + SAVE);
    this.#quietAt = now + QUIET;
  }

  async save(): Promise<void> {
    if (this.#unsaved.size === 0) return;
    const moved = [...this.#unsaved];
    await this.session.query(COMMIT, [
      this.group,
      moved.map(([, { topic }]) => topic),
      moved.map(([, { partition }]) => partition),
      moved.map(([place]) => this.positions.get(place)),
    ]);
    this.#unsaved.clear();
    this.#saveAt = Number.POSITIVE_INFINITY;
    this.#quietAt = Number.POSITIVE_INFINITY;
  }
}

/** Milliseconds in which slices share a word to the database. */
const SAVE = 250;
/** Milliseconds after which a slice counts as the last for now. */
const QUIET = 20;
