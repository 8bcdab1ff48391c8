import type { z } from 'zod';
import type { ServiceName } from './services.js';

/** A kind of event: a fact in the past tense, with its version in its name. */
export interface EventDefinition<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly service: ServiceName;
  readonly topic: string;
  readonly summary: string;
  /** The field of `data` that is the aggregate's id: subject and key of the event. */
  readonly subject: string;
  readonly data: Data;
  /** A whole example; the compatibility test reads it with every later schema. */
  readonly example: z.input<Data>;
}

/** The topic of a service's events. */
export const topicOf = (service: ServiceName): string => `comanda.${service}.v1`;

/** Defines an event: its type (`comanda.order.placed.v1`), the service that publishes it and what it carries. */
export function defineEvent<const Type extends `comanda.${string}.v${number}`, Data extends z.ZodObject>(
  type: Type,
  definition: {
    service: ServiceName;
    summary: string;
    subject: keyof z.output<Data> & string;
    data: Data;
    example: z.input<Data>;
  },
): EventDefinition<Type, Data> {
  return { type, topic: topicOf(definition.service), ...definition };
}

/** An event as it travels: CloudEvents 1.0 attributes, our extensions, and the data. */
export interface Envelope<D extends EventDefinition = EventDefinition> {
  /** Unique per event; the inbox drops a second one. */
  readonly id: string;
  readonly type: D['type'];
  /** `/comanda/<service>` */
  readonly source: string;
  /** The aggregate's id: the key of the record; events of one subject keep their order. */
  readonly subject: string;
  /** When it happened. */
  readonly time: string;
  /** When the service stored it; event lag is measured from here. */
  readonly recordedAt: string;
  readonly organizationId: string;
  /** The aggregate's version after this event: grows by subject. */
  readonly aggregateVersion: number;
  readonly traceparent: string | null;
  readonly data: z.output<D['data']>;
}
