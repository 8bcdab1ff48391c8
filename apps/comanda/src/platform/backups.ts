import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Backup, withConnection } from '@comanda/embedded';
import { databaseUrls, deriveKey } from '@comanda/platform';
import { schemaOf, type ServiceDefinition } from '@comanda/service';
import type { Home } from './home.js';
import { services } from './services.js';

/** What a backup of the platform knows of it, beside the files of its databases. */
export interface About {
  /** The newest migration of each service's database. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Tells whether a secret is the right one, and nothing of it. */
  readonly secret: string;
  /** Whether the event log is elsewhere, and goes on from where it is when this is restored. */
  readonly kafka: boolean;
}

export async function aboutPlatform(environment: NodeJS.ProcessEnv): Promise<About> {
  const schemas = await Promise.all(
    services.map(async (service) => [service.name, (await newestIn(service, environment)) ?? 'none'] as const),
  );
  return {
    schemas: Object.fromEntries(schemas),
    secret: fingerprintOf(environment['COMANDA_SECRET'] ?? ''),
    kafka: Boolean(environment['KAFKA_BROKERS']),
  };
}

export const aboutIn = ({ manifest }: Backup): About => manifest.about as unknown as About;

/** What two installations with the same secret have in common. */
export const fingerprintOf = (secret: string): string => deriveKey(secret, 'backup: fingerprint').toString('base64url');

/**
 * Whether a server is the embedded one of this folder, whose files are ours to copy.
 * @param url its administrator's
 */
export function isEmbeddedIn(home: Home, url: string): Promise<boolean> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<{ data: string }>(`select current_setting('data_directory') as data`);
    return rows[0]?.data === (await realpath(join(home.postgres, 'data')).catch(() => ''));
  });
}

/** The services whose schema in a backup is newer than what this code knows. */
export const newerThanUs = ({ schemas }: About): string[] =>
  services
    .filter((service) => {
      const newest = schemas[service.name];
      return newest !== undefined && schemaOf(service).migrations.every(({ name }) => name !== newest);
    })
    .map(({ name }) => name);

async function newestIn(service: ServiceDefinition, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { app } = databaseUrls(service.name, environment);
  return withConnection(app, async (client) => {
    const { rows } = await client.query<{ name: string }>('select name from migrations order by id desc limit 1');
    return rows[0]?.name;
  });
}
