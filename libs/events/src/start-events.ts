import type { EventDefinition, ServiceName } from '@comanda/contracts';
import type { INestApplication } from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { EventsStrategy } from './consumer/events-strategy.js';
import type { EventLog } from './log/event-log.js';
import { Relay } from './outbox/relay.js';
import type { Logger } from './waiting.js';

export interface EventsOptions {
  readonly service: ServiceName;
  /** Created, not necessarily initialized. Its controllers' `@Consumes` methods are the handlers. */
  readonly app: INestApplication;
  /** The events that it handles, as it is described elsewhere: to an audit, to readers. */
  readonly consumes: readonly EventDefinition[];
  /** The data source of the app role: requests publish through it, handlers write through it. */
  readonly db: DataSource;
  /** The data source of the worker role, for the relay. */
  readonly worker: DataSource;
  readonly log: EventLog;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Where nobody waits by the millisecond: for what it does about events, for its own events. */
  readonly relaxed?: readonly ('consumer' | 'relay')[] | undefined;
}

/** A service's part in the flow of events. */
export interface EventFlow {
  readonly relay: Relay;
  /** The topics the service consumes. */
  readonly topics: readonly string[];
  /** Leaves the group, then stops relaying; both end what is at hand. Call it before the data sources are closed. */
  stop(): Promise<void>;
}

/**
 * Connects a service to the log: what its transactions publish goes out, and its `@Consumes` methods are called.
 * The log may be away: neither waits for it.
 * @throws when an event has two handlers, or when the handlers are not those of `consumes`
 */
export async function startEvents({ app, relaxed = [], ...options }: EventsOptions): Promise<EventFlow> {
  const strategy = new EventsStrategy({ ...options, relaxed: relaxed.includes('consumer') });
  const consumers = app.connectMicroservice({ strategy });
  await consumers.listen();
  const relay = new Relay({ ...options, relaxed: relaxed.includes('relay') });
  relay.start();
  return {
    relay,
    topics: strategy.topics,
    async stop() {
      await strategy.close();
      await relay.stop();
    },
  };
}
