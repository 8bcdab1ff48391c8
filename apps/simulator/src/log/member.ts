import { type ConsumeOptions, pause, type StoredRecord } from '@comanda/events';
import type { SimulatedProcess } from '../world/world.js';
import { type Broker, PARTITIONS } from './broker.js';

/** A member of a consumer group, as long as its process lives. */
export class Member {
  readonly #process: SimulatedProcess;
  readonly #broker: Broker;
  readonly #options: ConsumeOptions;
  readonly #leaving = new AbortController();
  /** The time for which the partitions are its own. */
  #tenure: AbortController | undefined;
  #wake: () => void = () => undefined;

  constructor(process: SimulatedProcess, broker: Broker, options: ConsumeOptions) {
    this.#process = process;
    this.#broker = broker;
    this.#options = options;
    // A group notices that a member is gone when its session has run out.
    process.onLoss(() => broker.world.after(SESSION, () => broker.leave(this)));
    broker.join(this);
  }

  get group(): string {
    return this.#options.group;
  }

  /** Something was appended to a topic. */
  wake(topic: string): void {
    if (this.#options.topics.includes(topic)) this.#process.run(() => this.#wake());
  }

  /** Takes over the partitions that are now its own, and lets go of those it had. */
  assign(owns: (partition: number) => boolean): void {
    this.#process.run(() => {
      this.#tenure?.abort(new Error('the group was dealt out anew'));
      if (this.#leaving.signal.aborted) return;
      const tenure = new AbortController();
      this.#tenure = tenure;
      void this.#consume(owns, tenure.signal);
    });
  }

  stop(): void {
    this.#leaving.abort();
    this.#tenure?.abort(new Error('the member leaves'));
    this.#broker.leave(this);
  }

  async #consume(owns: (partition: number) => boolean, tenure: AbortSignal): Promise<void> {
    const positions = new Map<string, number>();
    while (!tenure.aborted) {
      const slice = this.#next(owns, positions);
      if (slice.length === 0) await this.#something(tenure);
      else if (await this.#take(slice, tenure)) this.#commit(slice, positions, tenure);
    }
  }

  /** What comes next, from every partition that has something. */
  #next(owns: (partition: number) => boolean, positions: ReadonlyMap<string, number>): StoredRecord[] {
    const { group, topics, sliceSize = 100 } = this.#options;
    const own = Array.from({ length: PARTITIONS }, (_, partition) => partition).filter(owns);
    return topics
      .flatMap((topic) =>
        own.flatMap((partition) => {
          const from = positions.get(`${topic} ${partition}`) ?? this.#broker.committed(group, topic, partition);
          return this.#broker.records(topic)[partition]?.slice(from) ?? [];
        }),
      )
      .slice(0, sliceSize);
  }

  /** Hands a slice over until it has been taken. False when the tenure ended first. */
  async #take(slice: readonly StoredRecord[], tenure: AbortSignal): Promise<boolean> {
    for (let tries = 1; !tenure.aborted; tries++) {
      try {
        await this.#options.onSlice(slice, tenure);
        return true;
      } catch {
        await pause(Math.min(2_000, 50 * 2 ** tries), tenure);
      }
    }
    return false;
  }

  #commit(slice: readonly StoredRecord[], positions: Map<string, number>, tenure: AbortSignal): void {
    const { world } = this.#broker;
    const forgotten = world.fails(world.chances.positionLost);
    for (const { topic, partition, offset } of slice) {
      positions.set(`${topic} ${partition}`, offset + 1);
      // Who lost the partitions moves nobody's position any more.
      if (!forgotten && !tenure.aborted) this.#broker.commit(this.group, topic, partition, offset + 1);
    }
  }

  #something(tenure: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = () => void setTimeout(resolve, 1 + this.#broker.world.latency());
    tenure.addEventListener('abort', () => resolve(), { once: true });
    return promise;
  }
}

/** Milliseconds of silence after which a member counts as gone. */
const SESSION = 2_000;
