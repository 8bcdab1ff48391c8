import { createLog } from '@comanda/platform';
import { openEventLog, type Service, startService } from '@comanda/service';
import { migrateAll, type Migrated } from './migrate-all.js';
import { type Front, openFront } from './front.js';
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
}

/**
 * Migrates, starts every service and opens the front. The environment says where databases, broker and cache are.
 * @throws ConfigError; an error with code `EADDRINUSE` when the port is taken
 */
export async function startPlatform({
  environment,
  port,
  progress = () => undefined,
}: PlatformOptions): Promise<Platform> {
  const log = createLog('comanda', environment['LOG_LEVEL'] ?? 'warn');
  progress('migrating databases');
  await migrateAll(environment, log, ({ what, ran }: Migrated) => log.debug({ what, ran }, 'migrated'));
  const eventLog = openEventLog(environment, { clientId: 'comanda', log });
  const started: Service[] = [];
  let front: Front | undefined;
  const stop = async (): Promise<void> => {
    await front?.close();
    await Promise.all(started.map((service) => service.stop()));
    await eventLog.close();
  };
  try {
    for (const definition of services) {
      progress(`starting ${definition.name}`);
      started.push(
        await startService(definition, { environment, eventLog, log, measureProcess: started.length === 0 }),
      );
    }
    front = await openFront(started);
    return {
      services: new Map(started.map((service) => [service.name, service])),
      port: await front.listen(environment['HOST'] ?? 'localhost', port),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
