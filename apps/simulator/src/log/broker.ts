import type { LogRecord, StoredRecord } from '@comanda/events';
import type { World } from '../world/world.js';
import type { Member } from './member.js';

/** The log behind all processes of a world: partitions that keep what was appended, and groups that share them out. */
export class Broker {
  readonly #partitions = new Map<string, StoredRecord[][]>();
  readonly #placed = new Map<string, number>();
  readonly #committed = new Map<string, number>();
  readonly #groups = new Map<string, Set<Member>>();

  constructor(readonly world: World) {}

  /** Appends a record where others of its key are. */
  append(record: LogRecord): void {
    const partition = this.#partitionOf(record);
    const records = this.#of(record.topic)[partition] as StoredRecord[];
    records.push({ ...record, partition, offset: records.length });
    this.world.note(
      `log ${record.topic}/${partition} ${record.headers['ce_type']} ${record.headers['ce_aggregateversion']}`,
    );
    for (const members of this.#groups.values()) for (const member of members) member.wake(record.topic);
  }

  records(topic: string): readonly (readonly StoredRecord[])[] {
    return this.#of(topic);
  }

  committed(group: string, topic: string, partition: number): number {
    return this.#committed.get(`${group} ${topic} ${partition}`) ?? 0;
  }

  commit(group: string, topic: string, partition: number, offset: number): void {
    this.#committed.set(`${group} ${topic} ${partition}`, offset);
  }

  /** @returns false when the group has a member */
  forget(group: string): boolean {
    if ((this.#groups.get(group)?.size ?? 0) > 0) return false;
    for (const place of this.#committed.keys()) if (place.startsWith(`${group} `)) this.#committed.delete(place);
    return true;
  }

  join(member: Member): void {
    const members = this.#groups.get(member.group) ?? new Set();
    this.#groups.set(member.group, members.add(member));
    this.rebalance(member.group);
  }

  leave(member: Member): void {
    this.#groups.get(member.group)?.delete(member);
    this.rebalance(member.group);
  }

  get groups(): readonly string[] {
    return [...this.#groups.keys()];
  }

  /** Deals a group's partitions out anew. Who had them may still be working on what he took. */
  rebalance(group: string): void {
    const members = [...(this.#groups.get(group) ?? [])];
    this.world.note(`${group} is dealt out to ${members.length}`);
    const first = members.length > 0 ? this.world.chance.times.between(0, members.length - 1) : 0;
    for (const [at, member] of members.entries())
      member.assign((partition) => (partition + first) % members.length === at);
  }

  #of(topic: string): StoredRecord[][] {
    const known = this.#partitions.get(topic);
    if (known) return known;
    const made = Array.from({ length: PARTITIONS }, (): StoredRecord[] => []);
    this.#partitions.set(topic, made);
    return made;
  }

  /** Keys are dealt out as they come: a hash of an id would not be the same in the next run of a seed. */
  #partitionOf({ topic, key }: LogRecord): number {
    const name = `${topic} ${key}`;
    const partition = this.#placed.get(name) ?? this.#placed.size % PARTITIONS;
    this.#placed.set(name, partition);
    return partition;
  }
}

/** Few enough that what is of different keys meets in one, and enough that two members share them. */
export const PARTITIONS = 3;
