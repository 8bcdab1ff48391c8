import type { Endpoint, Envelope, EventDefinition } from '@comanda/contracts';
import { Consumer, type EventHandler, type Logger, Relay } from '@comanda/events';
import {
  CACHE,
  CONFIG,
  connect,
  createMetrics,
  Credentials,
  databaseUrls,
  ENDPOINT,
  LOGGER,
  MemoryCache,
  METRICS,
  PlatformConfig,
  readConfig,
  type Tx,
  WORKER_DATABASE,
} from '@comanda/platform';
import { IdentityNews, KnownLocations, schemaOf, type ServiceDefinition } from '@comanda/service';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { SimulatedLog } from '../log/simulated-log.js';
import type { Broker } from '../log/broker.js';
import type { SimulatedProcess } from '../world/world.js';

/** A method of a controller, as Nest would call it with what was parsed. */
export type Route = (call: unknown) => Promise<unknown>;

/** A service that runs in a simulated process: its own classes, wired by Nest, with its relay and its consumers. */
export interface ServiceProcess {
  readonly definition: ServiceDefinition;
  readonly process: SimulatedProcess;
  /** By the ids of their endpoints. Empty until the service is up. */
  readonly routes: ReadonlyMap<string, Route>;
}

/**
 * Starts a service in its process. Returns at once: while the database is away it tries again, as whoever runs pods would.
 * @param environment what it reads its configuration from
 */
export function startServiceProcess(
  definition: ServiceDefinition,
  process: SimulatedProcess,
  broker: Broker,
  environment: NodeJS.ProcessEnv,
): ServiceProcess {
  const routes = new Map<string, Route>();
  void process.run(async () => {
    for (;;) {
      try {
        return await start(definition, broker, environment, routes);
      } catch (error) {
        process.world.note(`${process.name} does not start: ${(error as Error).message.slice(0, 60)}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  });
  return { definition, process, routes };
}

async function start(
  definition: ServiceDefinition,
  broker: Broker,
  environment: NodeJS.ProcessEnv,
  routes: Map<string, Route>,
): Promise<void> {
  const { name } = definition;
  const urls = databaseUrls(name, environment);
  const { entities } = schemaOf(definition);
  const db = connect(urls.app, { name: `${name}-app`, entities });
  const worker = connect(urls.worker, { name: `${name}-worker`, entities, pool: 3 });
  await db.initialize();
  await worker.initialize();
  const config = {
    ...readConfig(PlatformConfig, environment),
    ...(definition.config && readConfig(definition.config, environment)),
  };
  const registry = createMetrics(name, { process: false });
  const provided = [
    { provide: DataSource, useValue: db },
    { provide: WORKER_DATABASE, useValue: worker },
    { provide: CONFIG, useValue: config },
    { provide: LOGGER, useValue: SILENT },
    { provide: METRICS, useValue: registry },
    { provide: CACHE, useValue: new MemoryCache() },
    { provide: Credentials, useValue: {} },
    KnownLocations,
    IdentityNews,
  ];
  const module = {
    module: ServiceRoot,
    global: true,
    imports: [definition.module],
    providers: provided,
    exports: provided,
  };
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  const controllers = [...app.get(ModulesContainer).values()].flatMap(({ controllers: held }) =>
    [...held.values()].map(({ instance }) => instance as object),
  );
  const options = { service: name, db, log: new SimulatedLog(broker), registry, logger: SILENT };
  new Relay({ ...options, worker }).start();
  new Consumer({ ...options, handlers: controllers.flatMap(handlersOf) }).start();
  for (const controller of controllers)
    for (const method of methodsOf(controller)) {
      const endpoint = Reflect.getMetadata(ENDPOINT, method) as Endpoint | undefined;
      if (endpoint) routes.set(endpoint.id, (call) => method.call(controller, call) as Promise<unknown>);
    }
}

/** What makes everything of a process visible to its service's module. */
class ServiceRoot {}

type Method = (...given: unknown[]) => unknown;

function methodsOf(controller: object): Method[] {
  const prototype = Object.getPrototypeOf(controller) as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) =>
    typeof prototype[name] === 'function' && name !== 'constructor' ? [prototype[name] as Method] : [],
  );
}

/** What Nest keeps with a method that `@Consumes` marked. */
const EXTRAS = 'microservices:pattern_extras';

function handlersOf(controller: object): EventHandler[] {
  return methodsOf(controller).flatMap((method) => {
    const extras = Reflect.getMetadata(EXTRAS, method) as { definitions?: readonly EventDefinition[] } | undefined;
    if (!extras?.definitions) return [];
    const handle = async (events: readonly Envelope[], tx: Tx): Promise<unknown> => method.call(controller, events, tx);
    return [{ definitions: extras.definitions, handle }];
  });
}

const SILENT: Logger & { debug(): void } = { debug() {}, info() {}, warn() {}, error() {} };
