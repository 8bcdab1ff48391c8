import { Kafka, type KafkaConfig, logLevel, Partitioners, type Producer } from 'kafkajs';
import { type Logger, within } from '../waiting.js';
import {
  DEAD_LETTER_DAYS,
  type ConsumeOptions,
  type Consumption,
  deadLetterTopic,
  type EventLog,
  GroupActive,
  type LogRecord,
  PARTITIONS,
  type Position,
  type StoredRecord,
} from './event-log.js';
import { asAdmin, boundsOf } from './kafka-admin.js';
import { KafkaConsumption } from './kafka-consumption.js';
import { readTopic } from './kafka-reader.js';

/** Where the brokers are, and how to log in. */
export type KafkaOptions = Pick<KafkaConfig, 'ssl' | 'sasl' | 'socketFactory'> & {
  readonly brokers: string[];
  readonly clientId: string;
  readonly logger: Logger;
  /** Milliseconds without a heartbeat after which the group gives a member's partitions to others. */
  readonly session?: number;
  /** Milliseconds after which a broker that does not answer counts as away. */
  readonly patience?: number;
};

/** The event log on Kafka. */
export class KafkaLog implements EventLog {
  readonly system = 'kafka';
  readonly #kafka: Kafka;
  readonly #logger: Logger;
  readonly #session: number;
  readonly #consumptions = new Set<Consumption>();
  #producer: Promise<Producer> | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor({ logger, session = SESSION, patience = PATIENCE, ...connection }: KafkaOptions) {
    this.#kafka = new Kafka({
      ...connection,
      connectionTimeout: 3_000,
      requestTimeout: patience,
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 },
      // Whoever called is told what failed, and says so.
      logLevel: logLevel.NOTHING,
    });
    this.#logger = logger;
    this.#session = session;
  }

  /** One append at a time: two in flight could overtake each other on a retry. */
  append(records: readonly LogRecord[]): Promise<void> {
    const appended = this.#turn.then(() => this.#append(records));
    this.#turn = appended.catch(() => undefined);
    return appended;
  }

  async createTopics(topics: readonly string[]): Promise<string[]> {
    const made = new Set<string>();
    await asAdmin(this.#kafka, async (admin) => {
      const existing = await admin.listTopics();
      const wanted = topics.flatMap((topic) => [
        { topic, numPartitions: PARTITIONS, configEntries: FOR_EVER },
        { topic: deadLetterTopic(topic), numPartitions: PARTITIONS, configEntries: DEAD_LETTERS },
      ]);
      const missing = wanted.filter(({ topic }) => !existing.includes(topic));
      if (missing.length > 0) await admin.createTopics({ topics: missing });
      for (const { topic } of missing) made.add(topic);
      // Until every partition has a leader that answers, the topic is not there yet.
      for (const { topic } of wanted) await boundsOf(admin, topic);
    });
    return topics.filter((topic) => made.has(topic));
  }

  consume(options: ConsumeOptions): Consumption {
    const consumption = new KafkaConsumption(this.#kafka, options, this.#logger, this.#session);
    this.#consumptions.add(consumption);
    return {
      stop: async () => {
        this.#consumptions.delete(consumption);
        await consumption.stop();
      },
    };
  }

  positions(group: string, topics: readonly string[]): Promise<Position[]> {
    return asAdmin(this.#kafka, async (admin) => {
      const offsets = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
      const positions: Position[] = [];
      for (const topic of topics) {
        const known = offsets.find((ofTopic) => ofTopic.topic === topic)?.partitions ?? [];
        for (const { partition, start, end } of await boundsOf(admin, topic)) {
          const offset = Number(known.find((position) => position.partition === partition)?.offset ?? -1);
          // What retention has deleted counts as taken: nobody can take it any more.
          positions.push({ topic, partition, committed: Math.max(offset, start), end });
        }
      }
      return positions;
    });
  }

  rewind(group: string): Promise<void> {
    return asAdmin(this.#kafka, async (admin) => {
      const { groups } = await admin.describeGroups([group]);
      const state = groups[0]?.state;
      if (state === 'Dead') return; // it has never read, or was forgotten
      if (state !== 'Empty') throw new GroupActive(group);
      await admin.deleteGroups([group]);
    });
  }

  read(topic: string): AsyncIterable<StoredRecord> {
    return readTopic(this.#kafka, topic);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop()));
    await this.#turn;
    await this.#dropProducer();
  }

  async #append(records: readonly LogRecord[]): Promise<void> {
    try {
      this.#producer ??= this.#connectProducer();
      const producer = await this.#producer;
      for (const topicMessages of requestsOf(records)) await producer.sendBatch({ topicMessages, timeout: 10_000 });
    } catch (error) {
      // A producer that failed must not send other records under the sequence numbers it used: the broker, which may
      // have stored the first ones after all, would take them for a repeat and drop them. A new one starts anew.
      await this.#dropProducer();
      throw error;
    }
  }

  async #connectProducer(): Promise<Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      // Some tries for a leader that moves; more are the caller's, with a producer that connects anew.
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  async #dropProducer(): Promise<void> {
    const connecting = this.#producer;
    this.#producer = undefined;
    const producer = await connecting?.catch(() => undefined);
    if (producer) await within(2_000, producer.disconnect());
  }
}

const SESSION = 10_000;
const PATIENCE = 15_000;

/** Analysts replay from the start. */
const FOR_EVER = [
  { name: 'cleanup.policy', value: 'delete' },
  { name: 'retention.ms', value: '-1' },
  { name: 'retention.bytes', value: '-1' },
];

/** A dead letter is larger than its event, by the headers that say why it was parked. */
const DEAD_LETTERS = [
  { name: 'cleanup.policy', value: 'delete' },
  { name: 'retention.ms', value: String(DEAD_LETTER_DAYS * 24 * 3600 * 1000) },
  { name: 'max.message.bytes', value: String(2 * 1024 * 1024) },
];

type TopicMessages = NonNullable<Parameters<Producer['sendBatch']>[0]['topicMessages']>;

/**
 * Splits records into requests. All records of a request that fall into one partition travel as one batch, which the
 * broker refuses above 1 MiB however small each of them is.
 */
function* requestsOf(records: readonly LogRecord[]): Generator<TopicMessages> {
  let request: LogRecord[] = [];
  let size = 0;
  for (const record of records) {
    const more = sizeOf(record);
    if (request.length > 0 && size + more > BATCH_BYTES) {
      yield byTopic(request);
      [request, size] = [[], 0];
    }
    request.push(record);
    size += more;
  }
  if (request.length > 0) yield byTopic(request);
}

const BATCH_BYTES = 900_000;
const RECORD_OVERHEAD = 32;

const sizeOf = ({ key, value, headers }: LogRecord): number =>
  RECORD_OVERHEAD +
  Buffer.byteLength(key ?? '') +
  (value?.length ?? 0) +
  Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(text) + 4, 0);

const byTopic = (records: readonly LogRecord[]): TopicMessages =>
  [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic,
    messages: ofTopic.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
  }));
