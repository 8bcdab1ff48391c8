import { type EmbeddedPostgres, startEmbeddedPostgres } from '@comanda/embedded';
import { PlatformConfig, readConfig } from '@comanda/platform';
import { services } from './services.js';
import type { Home } from './home.js';

/** Databases to run on: those that the environment names, or an embedded PostgreSQL in the home folder. */
export interface Databases {
  /** Where the embedded server is; null on servers of the user's own. */
  readonly embedded: EmbeddedPostgres | null;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * @throws ConfigError naming the setting that is wrong; EmbeddedPostgresError with a sentence for whoever started it
 */
export async function openDatabases(
  home: Home,
  environment: NodeJS.ProcessEnv,
  progress: (step: string) => void,
): Promise<Databases> {
  const withSecret = { ...environment, COMANDA_SECRET: await home.secret(environment) };
  checkSettings(withSecret);
  if (namesDatabases(environment)) return { embedded: null, environment: withSecret };
  const embedded = await startEmbeddedPostgres({ folder: home.postgres, progress });
  return { embedded, environment: { ...withSecret, DATABASE_URL: embedded.url } };
}

/** Looks at every setting at once, before anything is made or started. */
function checkSettings(environment: NodeJS.ProcessEnv): void {
  for (const { config } of [{ config: PlatformConfig }, ...services]) if (config) readConfig(config, environment);
}

/** Whether the environment says where every database is. */
export const namesDatabases = (environment: NodeJS.ProcessEnv): boolean =>
  Boolean(environment['DATABASE_URL']) ||
  services.every(({ name }) => environment[`${name.toUpperCase()}_DATABASE_URL`]);
