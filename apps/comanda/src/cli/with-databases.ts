import { existsSync } from 'node:fs';
import { namesDatabases, openDatabases } from '../platform/databases.js';
import type { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';

/**
 * Runs a command with the databases of the platform: those of the environment, those of the platform that runs here, or,
 * when none runs, the embedded ones, started for as long as the command takes. Where there are none, only a command that
 * may `make` them does; the others were most likely typed in another folder than the one meant.
 */
export async function withDatabases<T>(
  home: Home,
  work: (environment: NodeJS.ProcessEnv) => Promise<T>,
  { make = false }: { make?: boolean } = {},
): Promise<T> {
  const running = await home.running();
  if (running) return work({ ...process.env, ...running.environment, COMANDA_SECRET: await home.secret() });
  if (!make && !namesDatabases(process.env) && !existsSync(home.postgres))
    throw new CommandFailure(
      `There is no platform in ${home.folder}: start one with npm start, or say with COMANDA_HOME or DATABASE_URL where it is.`,
    );
  const databases = await openDatabases(home, process.env, () => undefined);
  try {
    return await work(databases.environment);
  } finally {
    await databases.embedded?.stop();
  }
}
