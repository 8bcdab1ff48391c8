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
  nameSpans,
  nestLog,
  PlatformConfig,
  readConfig,
  type Routes,
} from '@comanda/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { schemaOf, type ServiceDefinition } from './definition.js';
import { ServiceModule } from './service.module.js';
import { findKey } from './identity-copy/identity-copy.store.js';
import { type Readiness, ReadinessCheck } from './readiness.js';
import { serveOperations } from './operations.js';

/** What a service is started with. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly eventLog: EventLog;
  readonly log?: Logger;
  /** False where several services share a process and one of them already measures it. */
  readonly measureProcess?: boolean;
}

/** A running service. It does not listen by itself: whoever starts it decides on which port, and with which others. */
export interface Service {
  readonly name: string;
  readonly app: NestFastifyApplication;
  readonly metrics: Registry;
  readonly routes: Routes;
  readonly openapi: object;
  readonly events: EventFlow;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readiness(): Promise<Readiness>;
  /** Readiness off, consumers leave, requests end, the relay stops, connections close. Whoever listens stops accepting first. */
  stop(): Promise<void>;
}

/**
 * Starts a service: its HTTP routes, its relay and its consumers.
 * @throws ConfigError naming the setting that is missing or wrong
 */
export async function startService(definition: ServiceDefinition, surroundings: Surroundings): Promise<Service> {
  const { environment, eventLog } = surroundings;
  const config = {
    ...readConfig(PlatformConfig, environment),
    ...(definition.config && readConfig(definition.config, environment)),
  };
  const log = surroundings.log?.child({ service: definition.name }) ?? createLog(definition.name, config.LOG_LEVEL);
  const metrics = createMetrics(definition.name, { process: surroundings.measureProcess ?? true });
  const urls = databaseUrls(definition.name, environment);
  const schema = schemaOf(definition);
  const db = await connect(urls.app, {
    name: `${definition.name}-app`,
    entities: schema.entities,
    pool: config.DATABASE_POOL,
  }).initialize();
  const worker = await connect(urls.worker, {
    name: `${definition.name}-worker`,
    entities: schema.entities,
    pool: 3,
  }).initialize();
  const redis = config.REDIS_URL ? connectRedis(config.REDIS_URL) : undefined;
  const { adapter, routes } = createAdapter();
  const fastify = adapter.getInstance<FastifyInstance>();
  const readinessCheck = new ReadinessCheck(db, schema.migrations.at(-1)?.name ?? '');
  measureRequests(fastify, metrics);
  measurePools({ app: db, worker }, metrics);
  nameSpans(fastify);
  const openapi = serveOperations(fastify, { definition, metrics, readiness: () => readinessCheck.check() });

  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.of({
      definition,
      config,
      db,
      worker,
      redis,
      log,
      metrics,
      routes,
      findKey: (id) => findKey(worker, id),
    }),
    adapter,
    { logger: nestLog(log), abortOnError: false },
  );
  ServiceModule.guard(app);
  await app.init();
  await fastify.ready();
  const events = await startEvents({
    service: definition.name,
    app,
    db,
    worker,
    log: eventLog,
    registry: metrics,
    logger: log,
  });

  return {
    name: definition.name,
    app,
    metrics,
    routes,
    openapi,
    events,
    handle: (request, response) => fastify.routing(request, response),
    readiness: () => readinessCheck.check(),
    async stop() {
      readinessCheck.draining = true;
      await app.close();
      await events.stop();
      redis?.disconnect();
      await Promise.all([db.destroy(), worker.destroy()]);
    },
  };
}
