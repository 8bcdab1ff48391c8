import {
  closeGently,
  ConfigError,
  createHttpServer,
  createLog,
  listen,
  readConfig,
  refusedByDatabase,
  stopTracing,
  wholeNumber,
} from '@comanda/platform';
import { z } from 'zod';
import type { ServiceDefinition } from './definition.js';
import { openEventLog } from './event-log.js';
import { startService } from './service.js';

const Listening = z.object({ PORT: wholeNumber(0, 65_535).default(8080), LOG_LEVEL: z.string().default('info') });

/**
 * Runs one service as a process of its own: listens on `PORT`, serves until SIGTERM or SIGINT, then lets every request
 * and consumer finish and exits with 0; on SIGTERM it is not ready any more, and serves for two seconds longer. A wrong
 * setting ends it with 1 and one sentence; so does a database that refuses it, or whose schema was contracted past it, at once, and one
 * that cannot be reached or is not migrated after half a minute.
 */
export async function runService(
  definition: ServiceDefinition,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  try {
    const { PORT, LOG_LEVEL } = readConfig(Listening, environment);
    const log = createLog(definition.name, LOG_LEVEL);
    const eventLog = openEventLog(environment, { clientId: definition.name, log });
    const service = await startService(definition, { environment, eventLog, log, patience: PATIENCE });
    const server = createHttpServer(service.handle);
    await listen(server, PORT);
    log.info({ port: PORT }, 'listening');
    const signal = await signalled();
    log.info('shutting down');
    service.drain();
    await closeGently(server, { goodbye: signal === 'SIGTERM' ? GOODBYE : 0, drain: DRAIN });
    await service.stop();
    await eventLog.close();
    await stopTracing();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${definition.name}: ${sentenceOf(error) ?? String((error as Error).stack ?? error)}\n`);
    process.exit(1);
  }
}

/** An orchestrator that looks every second sends nobody here any more by then. */
const GOODBYE = 2_000;
/** Milliseconds for which a database may take to come up. */
const PATIENCE = 30_000;
const DRAIN = 20_000;

const sentenceOf = (error: unknown): string | undefined =>
  error instanceof ConfigError ? error.message : refusedByDatabase(error);

const signalled = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
