import type { EventLog } from '@comanda/events';
import { createLog } from '@comanda/platform';
import { type DestinationStream, multistream } from 'pino';
import { openEventLog, type Service, startService } from '@comanda/service';
import { migrateAll, type Migrated } from './migrate-all.js';
import { openFront } from './front.js';
import { startSandbox } from './sandbox.js';
import { services } from './services.js';

/** The whole platform in one process. */
export interface Platform {
  readonly services: ReadonlyMap<string, Service>;
  readonly port: number;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Zero for any free port. */
  readonly port: number;
  readonly progress?: (step: string) => void;
  /** Receives what the log says from `warn` on, as well. */
  readonly errors?: DestinationStream;
}

/**
 * Migrates, starts every service and opens the front. The environment says where databases, broker and cache are.
 * @throws ConfigError; an error with code `EADDRINUSE` when the port is taken
 */
export async function startPlatform({
  environment,
  port,
  progress = () => undefined,
  errors,
}: PlatformOptions): Promise<Platform> {
  const level = environment['LOG_LEVEL'] ?? 'warn';
  const root = createLog(
    null,
    level,
    errors &&
      multistream([
        { level: 'trace', stream: process.stdout },
        { level: 'warn', stream: errors },
      ]),
  );
  const log = root.child({ service: 'comanda' });
  const front = await openFront(environment['HOST'] || '127.0.0.1', port);
  const started: Service[] = [];
  let eventLog: EventLog | undefined;
  let outside: Awaited<ReturnType<typeof startSandbox>>;
  const stop = async (): Promise<void> => {
    await front.close();
    await Promise.all(started.map((service) => service.stop()));
    await outside?.sandbox.stop();
    await eventLog?.close();
  };
  try {
    progress('migrating databases');
    await migrateAll(environment, log, ({ what, ran }: Migrated) => log.debug({ what, ran }, 'migrated'));
    eventLog = openEventLog(environment, { clientId: 'comanda', log });
    outside = await startSandbox(environment, { frontPort: front.port, log: root.child({ service: 'sandbox-psp' }) });
    const settings = { CATALOG_URL: `http://localhost:${front.port}`, ...outside?.settings, ...environment };
    progress('starting the services');
    for (const definition of services) {
      started.push(
        await startService(definition, {
          environment: settings,
          eventLog,
          log: root.child({ service: definition.name }),
          measureProcess: false,
        }),
      );
    }
    await front.serve(started);
    return { services: new Map(started.map((service) => [service.name, service])), port: front.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
