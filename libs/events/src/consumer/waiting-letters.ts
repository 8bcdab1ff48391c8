import type { Gauge } from 'prom-client';
import type { EventLog, Position } from '../log/event-log.js';
import { deadLetters } from './dead-letters.js';

/** Keeps count of the dead letters that wait for a group. They are read only when there are others than before. */
export class WaitingLetters {
  /** Where the dead letters of a topic ended when they were read last. */
  readonly #ends = new Map<string, number>();

  constructor(
    private readonly log: EventLog,
    private readonly group: string,
    private readonly gauge: Gauge<'topic'>,
  ) {}

  /**
   * Counts anew what waits of a topic. While the log is away the count stays as it was.
   * @param letters where the topic's dead letters end now
   */
  async count(topic: string, letters: readonly Position[]): Promise<void> {
    const end = letters.reduce((sum, position) => sum + position.end, 0);
    if (end === (this.#ends.get(topic) ?? 0)) return;
    this.#ends.set(topic, end);
    try {
      const found = await deadLetters(this.log, [topic], this.group);
      this.gauge.set({ topic }, found.filter(({ replayedAt }) => replayedAt === null).length);
    } catch {
      this.#ends.delete(topic);
    }
  }
}
