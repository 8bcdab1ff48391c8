import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { backOff, type Logger, Pace, pause, within } from '../waiting.js';
import { deliver } from './delivery.js';
import { type ConsumeOptions, type Consumption, PARTITIONS, SLICE, type StoredRecord } from './event-log.js';
import { recordsOf } from './kafka-records.js';

/**
 * A member of a Kafka group. What several partitions hold at one moment is handed over as one slice, so that a handler's
 * transaction is shared by as many events as there are. Positions are committed by hand, after the slice was taken.
 */
export class KafkaConsumption implements Consumption {
  readonly #kafka: Kafka;
  readonly #options: ConsumeOptions;
  readonly #logger: Logger;
  readonly #session: number;
  readonly #leaving = new AbortController();
  readonly #left: Promise<void>;
  /** Parts of batches that wait to be handed over: at most one of each partition. */
  #waiting: Part[] = [];
  #handing: Promise<void> | undefined;
  readonly #pace: Pace;
  /** The time for which the partitions are ours: until the group is rebalanced, or we leave it. */
  #tenure = new AbortController();

  constructor(kafka: Kafka, options: ConsumeOptions, logger: Logger, session: number) {
    this.#kafka = kafka;
    this.#options = options;
    this.#logger = logger;
    this.#session = session;
    this.#pace = new Pace(options.apart ?? APART);
    this.#left = this.#run();
  }

  async stop(): Promise<void> {
    this.#leaving.abort();
    if (await within(STOP, this.#left)) return;
    this.#logger.warn({ group: this.#options.group }, 'left a group without waiting for it any longer');
  }

  /** A consumer that crashed for whatever reason is replaced: kafkajs itself gives up on errors that are not Kafka's. */
  async #run(): Promise<void> {
    const { signal } = this.#leaving;
    for (let tries = 1; !signal.aborted; tries++) {
      const startedAt = Date.now();
      try {
        await this.#member();
      } catch (err) {
        if (signal.aborted) return;
        if (Date.now() - startedAt > this.#session) tries = 1;
        const wait = backOff(tries);
        this.#logger.warn({ err, group: this.#options.group, wait }, 'lost the event log; joining the group again');
        await pause(wait, signal);
      }
    }
  }

  /** One life of a member: until it is told to leave, or crashes. */
  async #member(): Promise<void> {
    const { group, topics } = this.#options;
    const consumer = this.#kafka.consumer({
      groupId: group,
      sessionTimeout: this.#session,
      rebalanceTimeout: this.#session,
      heartbeatInterval: this.#session / 5,
      // A leave waits for the fetch under way: by default five seconds.
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false },
    });
    const ended = Promise.withResolvers<void>();
    const leave = (): void => ended.resolve();
    this.#tenure = new AbortController();
    this.#leaving.signal.addEventListener('abort', leave, { once: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => ended.reject(payload.error));
    // A crash on the way up is told twice: here, and by what was under way.
    ended.promise.catch(() => undefined);
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // All at once: they wait together, in `#waiting`.
        partitionsConsumedConcurrently: topics.length * PARTITIONS,
        eachBatch: (batch) => this.#takeBatch(batch),
      });
      await ended.promise;
    } finally {
      this.#leaving.signal.removeEventListener('abort', leave);
      this.#tenure.abort();
      await this.#handing;
      await consumer.disconnect().catch(() => undefined);
    }
  }

  async #takeBatch(payload: EachBatchPayload): Promise<void> {
    if (this.#tenure.signal.aborted && !this.#leaving.signal.aborted) this.#tenure = new AbortController();
    const { signal } = this.#tenure;
    const records = recordsOf(payload.batch);
    const size = this.#options.sliceSize ?? SLICE;
    for (let start = 0; start < records.length; start += size) {
      if (signal.aborted || this.#leaving.signal.aborted || !payload.isRunning() || payload.isStale()) break;
      if (!(await this.#handOver(payload, records.slice(start, start + size)))) break;
    }
    // The Kafka error that ended the tenure: it makes kafkajs join the group anew.
    if (signal.aborted && !this.#leaving.signal.aborted) throw signal.reason;
  }

  /** Resolves when the records have been taken and the position is committed; false when they come again. */
  #handOver(payload: EachBatchPayload, records: StoredRecord[]): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push({ payload, records, settle: resolve });
    this.#handing ??= this.#handOverAll(payload, this.#tenure);
    return promise;
  }

  async #handOverAll(payload: EachBatchPayload, tenure: AbortController): Promise<void> {
    const { signal } = tenure;
    // A slice may take longer than a session lasts. A heartbeat fails when the group is being rebalanced.
    const pulse = setInterval(() => {
      payload.heartbeat().catch((error: unknown) => tenure.abort(error));
    }, this.#session / 5);
    do {
      // The batches of one fetch arrive in one turn of the event loop, and so do their next parts: they share slices.
      await nextTurn();
      await this.#pace.next(signal, this.#isBacklogged());
      const parts = this.#nextParts();
      const slice = parts.flatMap(({ records }) => records);
      const taken = (await deliver(slice, this.#options, signal, this.#logger)) && (await this.#commit(parts, tenure));
      for (const { settle } of parts) settle(taken);
      await nextTurn();
    } while (this.#waiting.length > 0);
    clearInterval(pulse);
    this.#handing = undefined;
  }

  #isBacklogged(): boolean {
    const waiting = this.#waiting.reduce((sum, { records }) => sum + records.length, 0);
    return waiting >= (this.#options.sliceSize ?? SLICE) / 2;
  }

  #nextParts(): Part[] {
    const size = this.#options.sliceSize ?? SLICE;
    let records = 0;
    const fitting = this.#waiting.findIndex((part) => (records += part.records.length) > size);
    return this.#waiting.splice(0, fitting === -1 ? this.#waiting.length : Math.max(1, fitting));
  }

  async #commit(parts: readonly Part[], tenure: AbortController): Promise<boolean> {
    const topics = [...Map.groupBy(parts, ({ payload }) => payload.batch.topic)].map(([topic, ofTopic]) => ({
      topic,
      partitions: ofTopic.map(({ payload, records }) => ({
        partition: payload.batch.partition,
        offset: String((records.at(-1)?.offset ?? 0) + 1),
      })),
    }));
    try {
      // Not `consumer.commitOffsets`, which does nothing once the consumer is stopping.
      await parts[0]?.payload.commitOffsetsIfNecessary({ topics });
    } catch (error) {
      tenure.abort(error);
      return false;
    }
    for (const { payload, records } of parts) payload.resolveOffset(String(records.at(-1)?.offset));
    return true;
  }
}

/** Records of one partition, on their way to a slice. */
interface Part {
  readonly payload: EachBatchPayload;
  readonly records: StoredRecord[];
  readonly settle: (taken: boolean) => void;
}

/** Milliseconds a leave may take; after that the group notices by itself. */
const STOP = 5_000;
/** Milliseconds from one slice to the next: each is told to the broker. */
const APART = 15;
