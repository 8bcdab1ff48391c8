import {
  type ConsumeOptions,
  type Consumption,
  type EventLog,
  GroupActive,
  type LogRecord,
  type Position,
  type StoredRecord,
} from '@comanda/events';
import { processOfNow } from '../world/world.js';
import type { Broker } from './broker.js';
import { Member } from './member.js';

/** The log as a process of the simulated world reaches it: over a line, and with what goes wrong on one. */
export class SimulatedLog implements EventLog {
  readonly system = 'kafka';

  constructor(private readonly broker: Broker) {}

  append(records: readonly LogRecord[]): Promise<void> {
    const { world } = this.broker;
    const { chances } = world;
    const process = processOfNow();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const say = (error?: string): void => {
      world.after(world.latency(), () => process?.run(() => (error ? reject(new Error(error)) : resolve())));
    };
    world.after(world.latency(), () => {
      if (world.fails(chances.appendLost)) return say('The log cannot be reached.');
      const torn = records.length > 1 && world.fails(chances.appendTorn);
      const stored = torn ? records.slice(0, world.chance.faults.between(1, records.length - 1)) : records;
      for (const record of stored) this.broker.append(record);
      if (torn) return say('The log took some of it.');
      return say(world.fails(chances.appendUnacknowledged) ? 'The log does not answer.' : undefined);
    });
    return promise;
  }

  async createTopics(): Promise<string[]> {
    return [];
  }

  consume(options: ConsumeOptions): Consumption {
    const process = processOfNow();
    if (!process) throw new Error('Only processes of a simulated world join a group of its log.');
    const member = new Member(process, this.broker, options);
    return { stop: async () => member.stop() };
  }

  async positions(group: string, topics: readonly string[]): Promise<Position[]> {
    return topics.flatMap((topic) =>
      this.broker.records(topic).map((records, partition) => ({
        topic,
        partition,
        committed: this.broker.committed(group, topic, partition),
        end: records.length,
      })),
    );
  }

  async rewind(group: string): Promise<void> {
    if (!this.broker.forget(group)) throw new GroupActive(group);
  }

  async *read(topic: string): AsyncIterable<StoredRecord> {
    for (const records of this.broker.records(topic)) yield* records;
  }

  async close(): Promise<void> {}
}
