import type { Envelope, EventDefinition, ServiceName } from '@comanda/contracts';
import { exemplar, inTransaction, isInfrastructure, type Tx } from '@comanda/platform';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { readOnce, typeOf, UnreadableEvent } from '../envelope.js';
import { receive } from '../inbox/inbox.entity.js';
import { type Consumption, deadLetterTopic, type EventLog, lagOf, type StoredRecord } from '../log/event-log.js';
import { type EventMetrics, eventMetrics } from '../metrics.js';
import { sampled, traceIdOf, traceProcess, traceReceive } from '../tracing.js';
import { type Logger, pause } from '../waiting.js';
import { type Fault, replayedTo, toDeadLetter } from './dead-letters.js';
import { WaitingLetters } from './waiting-letters.js';

/** What a service does about some kinds of events. */
export interface EventHandler {
  readonly definitions: readonly EventDefinition[];
  /**
   * Writes the effects of what arrived together, each subject's events in their order, through the transaction. May be
   * called again after a roll-back, then with fewer of them.
   */
  handle(events: readonly Envelope[], tx: Tx): Promise<unknown>;
}

export interface ConsumerOptions {
  readonly service: ServiceName;
  readonly db: DataSource;
  readonly log: EventLog;
  readonly handlers: readonly EventHandler[];
  readonly registry: Registry;
  readonly logger: Logger;
  /** By default the service's own. */
  readonly group?: string | undefined;
  /** Nobody waits for its effects by the millisecond: fewer and larger slices do. */
  readonly relaxed?: boolean | undefined;
}

/**
 * Makes exactly one effect of each event that is delivered at least once. The events of a slice that belong to one
 * organization share a transaction with their inbox rows. A failure of the infrastructure is tried again for as long as
 * it lasts; an event that fails by itself is tried five times, then parked, and the rest flows on.
 */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #group: string;
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #metrics: EventMetrics;
  readonly #letters: WaitingLetters;
  #consumption: Consumption | undefined;
  #gauging: NodeJS.Timeout | undefined;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#group = options.group ?? groupOf(options.service);
    this.#kinds = new Map(
      options.handlers.flatMap((handler) =>
        handler.definitions.map((definition) => [definition.type, { definition, handler }] as const),
      ),
    );
    this.#metrics = eventMetrics(options.registry);
    this.#letters = new WaitingLetters(options.log, this.#group, this.#metrics.waiting);
  }

  /** The topics of the events there are handlers for. */
  get topics(): string[] {
    return [...new Set([...this.#kinds.values()].map(({ definition }) => definition.topic))];
  }

  /** Joins the service's group. Returns at once; a service without handlers joins nothing. */
  start(): void {
    if (this.#consumption || this.topics.length === 0) return;
    for (const topic of this.topics) {
      this.#metrics.taken.inc({ topic }, 0);
      this.#metrics.waiting.set({ topic }, 0);
    }
    this.#consumption = this.#options.log.consume({
      group: this.#group,
      // What was parked comes back through the dead letters, so that no other group sees it twice.
      topics: this.topics.flatMap((topic) => [topic, deadLetterTopic(topic)]),
      onSlice: (slice, signal) => this.#take(slice, signal),
      ...(this.#options.relaxed && RELAXED),
    });
    void this.#gauge();
    this.#gauging = setInterval(() => void this.#gauge(), GAUGE).unref();
  }

  /** Ends the transaction at hand, commits the position and leaves the group. Takes a few seconds at most. */
  async stop(): Promise<void> {
    clearInterval(this.#gauging);
    await this.#consumption?.stop();
  }

  async #take(slice: readonly StoredRecord[], signal: AbortSignal): Promise<void> {
    const { deliveries, unreadable } = this.#read(slice);
    await this.#park(unreadable);
    for (const ofOne of Map.groupBy(deliveries, ({ event }) => event.organizationId).values()) {
      signal.throwIfAborted();
      await this.#handle(ofOne, signal);
    }
    for (const { topic } of slice) if (!isOfDeadLetters(topic)) this.#metrics.taken.inc({ topic });
  }

  /** What of a slice concerns this service: events it has handlers for, and what says to be one and cannot be read. */
  #read(slice: readonly StoredRecord[]): { deliveries: Delivery[]; unreadable: Parking[] } {
    const deliveries: Delivery[] = [];
    const unreadable: Parking[] = [];
    for (const arrived of slice) {
      const record = isOfDeadLetters(arrived.topic) ? replayedTo(this.#group, arrived) : arrived;
      if (record === undefined) continue;
      const type = typeOf(record);
      const kind = this.#kinds.get(type ?? '');
      try {
        if (type === undefined) throw new UnreadableEvent('headers/ce_type: is missing');
        if (kind)
          deliveries.push({ record, handler: kind.handler, event: readOnce(record, kind.definition), tries: 0 });
      } catch (error) {
        unreadable.push({ record, type: kind ? type : undefined, error, tries: 1 });
      }
    }
    return { deliveries, unreadable };
  }

  async #handle(deliveries: Delivery[], signal: AbortSignal): Promise<void> {
    try {
      await this.#effect(deliveries);
    } catch (error) {
      this.#throwUnlessOwn(error, deliveries, signal);
      await this.#handleApart(deliveries, signal);
    }
  }

  /** The effects and the inbox rows of events of one organization, in one transaction. */
  async #effect(deliveries: readonly Delivery[]): Promise<void> {
    const events = deliveries.map(({ event }) => event);
    const [first] = events;
    if (first === undefined) return;
    const source = { system: this.#options.log.system, group: this.#group };
    const began = performance.now();
    const fresh = await traceReceive(source, events, () =>
      inTransaction(this.#options.db, first.organizationId, async (tx) => {
        const unseen = await receive(
          tx,
          deliveries.map(({ record, event }) => ({ topic: record.topic, event })),
        );
        // Of an event that lies twice in the slice, the first counts.
        const due = deliveries.filter(({ event }) => unseen.delete(event.id));
        for (const { handler, together } of batchesOf(due))
          await traceProcess(source, together, () => handler.handle(together, tx));
        return due;
      }),
    );
    this.#measure(fresh, (performance.now() - began) / 1000);
  }

  #measure(fresh: readonly Delivery[], seconds: number): void {
    const now = Date.now();
    for (const { record, event } of fresh) {
      this.#metrics.handled.inc({ type: event.type });
      this.#metrics.lag.observe({
        labels: { topic: record.topic },
        value: Math.max(0, now - Date.parse(event.recordedAt)) / 1000,
        exemplarLabels: exemplar(sampled(event.traceparent)),
      });
    }
    const traced = fresh.find(({ event }) => event.traceparent !== null);
    this.#metrics.duration.observe({
      value: seconds,
      exemplarLabels: exemplar(sampled(traced?.event.traceparent ?? null)),
    });
  }

  /**
   * Each event in a transaction of its own, to find the one that fails. What follows it on the same subject waits for it,
   * what belongs to another subject does not.
   */
  async #handleApart(deliveries: readonly Delivery[], signal: AbortSignal): Promise<void> {
    let patience = PATIENCE;
    let waiting = deliveries;
    for (let round = 0; waiting.length > 0; round++) {
      const wait = round === 0 ? 0 : Math.min(patience, FIRST_WAIT * 4 ** (round - 1));
      patience -= wait;
      await pause(wait, signal);
      const again: Delivery[] = [];
      for (const delivery of waiting) {
        signal.throwIfAborted();
        const blocked = again.some(({ event }) => event.subject === delivery.event.subject);
        const failed = blocked ? delivery : await this.#try(delivery, signal);
        if (failed) again.push(failed);
      }
      waiting = again;
    }
  }

  /** One try. Returns the delivery when it has to be tried again. */
  async #try(delivery: Delivery, signal: AbortSignal): Promise<Delivery | undefined> {
    try {
      await this.#effect([delivery]);
      return undefined;
    } catch (error) {
      this.#throwUnlessOwn(error, [delivery], signal);
      const { record, event } = delivery;
      this.#metrics.failed.inc({ type: event.type, reason: 'event' });
      const tries = delivery.tries + 1;
      if (tries < TRIES) return { ...delivery, tries };
      await this.#park([{ record, type: event.type, error, tries }]);
      return undefined;
    }
  }

  /** Only an event that fails while everything around it works is to blame for it. */
  #throwUnlessOwn(error: unknown, deliveries: readonly Delivery[], signal: AbortSignal): void {
    if (!isInfrastructure(error) && !signal.aborted && this.#options.db.isInitialized) return;
    for (const { event } of deliveries) this.#metrics.failed.inc({ type: event.type, reason: 'infrastructure' });
    throw error;
  }

  async #park(parkings: readonly Parking[]): Promise<void> {
    if (parkings.length === 0) return;
    await this.#options.log.append(parkings.map((parking) => toDeadLetter(parking.record, this.#group, parking)));
    for (const { record, type, error, tries } of parkings) {
      const { topic, partition, offset, headers } = record;
      this.#metrics.parked.inc({ type: type ?? 'unknown' });
      this.#metrics.waiting.inc({ topic });
      const place = { topic, partition, offset, trace_id: traceIdOf(headers['ce_traceparent']) };
      this.#options.logger.error({ err: error, ...place, type, tries }, 'an event was parked');
    }
  }

  /** Keeps the gauges current; while the log is away they stay as they were. */
  async #gauge(): Promise<void> {
    const topics = this.topics.flatMap((topic) => [topic, deadLetterTopic(topic)]);
    const positions = await this.#options.log.positions(this.#group, topics).catch(() => []);
    const byTopic = Map.groupBy(positions, (position) => position.topic);
    for (const topic of this.topics) {
      const behind = byTopic.get(topic);
      if (behind) this.#metrics.behind.set({ topic }, lagOf(behind));
      await this.#letters.count(topic, byTopic.get(deadLetterTopic(topic)) ?? []);
    }
  }
}

/**
 * What each handler gets at once: all that is due to it, unless an event would overtake another of the same subject which
 * belongs to another handler.
 */
export function batchesOf<E extends Pick<Envelope, 'subject'>>(
  due: readonly { readonly handler: EventHandler; readonly event: E }[],
): Batch<E>[] {
  const batches: Batch<E>[] = [];
  const open = new Map<EventHandler, Batch<E>>();
  const takenBy = new Map<string, EventHandler>();
  for (const { handler, event } of due) {
    if ((takenBy.get(event.subject) ?? handler) !== handler) {
      open.clear();
      takenBy.clear();
    }
    takenBy.set(event.subject, handler);
    const batch: Batch<E> = open.get(handler) ?? { handler, together: [] };
    if (batch.together.length === 0) batches.push(batch);
    batch.together.push(event);
    open.set(handler, batch);
  }
  return batches;
}

/** The consumer group of a service. */
export const groupOf = (service: ServiceName): string => `comanda.${service}`;

/** A kind of event, and whose it is. */
interface Kind {
  readonly definition: EventDefinition;
  readonly handler: EventHandler;
}

/** Events of one organization that a handler gets at once. */
interface Batch<E> {
  readonly handler: EventHandler;
  readonly together: E[];
}

/** An event on its way to its handler. */
interface Delivery {
  readonly record: StoredRecord;
  readonly handler: EventHandler;
  readonly event: Envelope;
  readonly tries: number;
}

/** A record on its way to the dead letters. */
interface Parking extends Fault {
  readonly record: StoredRecord;
  readonly type: string | undefined;
}

const isOfDeadLetters = (topic: string): boolean => topic.endsWith(deadLetterTopic(''));

/** A tenth of a second's worth at a time, which leaves nine for everything else of the second in which all is in step. */
const RELAXED = { apart: 100, sliceSize: 400 };

const TRIES = 5;
/** Milliseconds before the second try; four times as much before each later one. */
const FIRST_WAIT = 100;
/** Milliseconds a slice may spend on waiting between tries, however many of its events fail. */
const PATIENCE = 8_000;
/** Milliseconds between two looks at the lag. */
const GAUGE = 10_000;
