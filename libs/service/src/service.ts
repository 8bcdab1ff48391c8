import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type EventLog, type EventFlow, startEvents } from '@comanda/events';
import {
  connect,
  connectRedis,
  createAdapter,
  createLog,
  createMetrics,
  databaseUrls,
  measurePools,
  measureRequests,
  nameSpan,
  nameSpans,
  nestLog,
  PlatformConfig,
  readConfig,
  routeOf,
  type Routes,
} from '@comanda/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { IDENTITY_EVENTS, schemaOf, type ServiceDefinition } from './definition.js';
import { ServiceModule } from './service.module.js';
import { findKey } from './identity-copy/identity-copy.store.js';
import { awaitSchema, reach } from './reach.js';
import { type Readiness, ReadinessCheck } from './readiness.js';
import { serveOperations } from './operations.js';

/** What a service is started with. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly eventLog: EventLog;
  /** The service's own; made from `LOG_LEVEL` where there is none. */
  readonly log?: Logger;
  /** False where several services share a process, which is measured once. */
  readonly measureProcess?: boolean;
  /** For how many milliseconds a database that cannot be reached is tried again; without it, not at all. */
  readonly patience?: number;
}

/** A running service. It does not listen by itself: whoever starts it decides on which port, and with which others. */
export interface Service {
  readonly name: string;
  readonly app: NestFastifyApplication;
  readonly metrics: Registry;
  readonly routes: Routes;
  readonly events: EventFlow;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readiness(): Promise<Readiness>;
  /** Says from now on that it is not ready, and goes on. */
  drain(): void;
  /** Readiness off, consumers leave, requests end, the relay stops, connections close. Whoever listens stops accepting first. */
  stop(): Promise<void>;
}

/**
 * Starts a service: its HTTP routes, its relay and its consumers. What does not start leaves nothing open.
 * @throws ConfigError naming the setting that is missing or wrong, the database that could not be reached in time, or why its schema
 *   does not serve this code
 * @throws when the events that the service is said to consume are not those it has handlers of
 */
export async function startService(definition: ServiceDefinition, surroundings: Surroundings): Promise<Service> {
  const config = {
    ...readConfig(PlatformConfig, surroundings.environment),
    ...(definition.config && readConfig(definition.config, surroundings.environment)),
  };
  const { environment, patience = 0, log = createLog(definition.name, config.LOG_LEVEL) } = surroundings;
  const connections = await openConnections(definition, config, environment, { patience, log });
  try {
    return await startOn(connections, definition, config, { ...surroundings, log });
  } catch (error) {
    await connections.close();
    throw error;
  }
}

interface Connections {
  readonly db: DataSource;
  readonly worker: DataSource;
  readonly redis: Redis | undefined;
  close(): Promise<void>;
}

async function openConnections(
  definition: ServiceDefinition,
  config: PlatformConfig,
  environment: NodeJS.ProcessEnv,
  waiting: { readonly patience: number; readonly log: Logger },
): Promise<Connections> {
  const urls = databaseUrls(definition.name, environment);
  const { entities, migrations } = schemaOf(definition);
  const [db, worker] = [
    connect(urls.app, { name: `${definition.name}-app`, entities, pool: config.DATABASE_POOL }),
    connect(urls.worker, { name: `${definition.name}-worker`, entities, pool: 3 }),
  ];
  await reach(db, waiting);
  await reach(worker, waiting);
  try {
    await awaitSchema(db, migrations, waiting);
  } catch (error) {
    await Promise.all([db.destroy(), worker.destroy()]);
    throw error;
  }
  const redis = config.REDIS_URL ? connectRedis(config.REDIS_URL) : undefined;
  return {
    db,
    worker,
    redis,
    async close() {
      redis?.disconnect();
      await Promise.all([db.destroy(), worker.destroy()]);
    },
  };
}

async function startOn(
  { close, ...connections }: Connections,
  definition: ServiceDefinition,
  config: PlatformConfig,
  { eventLog, measureProcess = true, log }: Surroundings & { readonly log: Logger },
): Promise<Service> {
  const { db, worker } = connections;
  const metrics = createMetrics(definition.name, { process: measureProcess });
  const { adapter, routes, admission } = createAdapter(definition.endpoints, config.REQUESTS_AT_ONCE);
  const fastify = adapter.getInstance<FastifyInstance>();
  const readinessCheck = new ReadinessCheck(db, schemaOf(definition).migrations, (sentence) => {
    log.error(sentence);
    // Events that it cannot handle any more are another's to handle; parked, they would be nobody's.
    void events.stop();
  });
  admission.measure(metrics);
  const requests = measureRequests(fastify, metrics, definition.endpoints);
  measurePools({ app: db, worker }, metrics);
  nameSpans(fastify);
  serveOperations(fastify, { definition, metrics, readiness: () => readinessCheck.check() });

  const parts = {
    definition,
    config,
    ...connections,
    log,
    metrics,
    routes,
    findKey: (id: string) => findKey(worker, id),
  };
  const app = await NestFactory.create<NestFastifyApplication>(ServiceModule.of(parts), adapter, {
    logger: nestLog(log),
    abortOnError: false,
  });
  ServiceModule.guard(app);
  const shortcut = definition.shortcut?.(app);
  const consumes = [...IDENTITY_EVENTS, ...definition.consumes];
  const start = async (): Promise<EventFlow> => {
    await app.init();
    await fastify.ready();
    return startEvents({
      service: definition.name,
      app,
      consumes,
      db,
      worker,
      log: eventLog,
      registry: metrics,
      logger: log,
      relaxed: definition.relaxed,
    });
  };
  const events = await start().catch(async (error: unknown) => {
    await app.close();
    throw error;
  });

  const drain = (): void => {
    readinessCheck.draining = true;
  };
  const stop = async (): Promise<void> => {
    drain();
    await app.close();
    await events.stop();
    await close();
  };
  let stopped: Promise<void> | undefined;
  return {
    name: definition.name,
    app,
    metrics,
    routes,
    events,
    drain,
    handle(request, response) {
      const began = performance.now();
      const answered = shortcut?.(request, response);
      if (!answered) return fastify.routing(request, response);
      const route = routeOf(answered);
      nameSpan(answered.method, route);
      requests.took(answered.method, route, response.statusCode, performance.now() - began);
    },
    readiness: () => readinessCheck.check(),
    stop: () => (stopped ??= stop()),
  };
}
