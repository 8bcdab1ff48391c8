import { topicOf } from '@comanda/contracts';
import { PostgresLog } from '@comanda/events';
import { appRole, databaseUrls, migrate } from '@comanda/platform';
import { SANDBOX_PSP, sandboxPspSchema } from '@comanda/sandbox-psp';
import { openEventLog, schemaOf } from '@comanda/service';
import pg from 'pg';
import type { Logger } from 'pino';
import { runsSandbox } from './sandbox.js';
import { services } from './services.js';

/** What a migration did to one database, or to the event log. */
export interface Migrated {
  readonly what: string;
  readonly ran: string[];
}

/** Brings every database to its newest schema and makes the topics. Safe to repeat, and to run twice at once. */
export async function migrateAll(
  environment: NodeJS.ProcessEnv,
  log: Logger,
  each: (done: Migrated) => void = () => undefined,
): Promise<void> {
  const secret = environment['COMANDA_SECRET'] ?? '';
  for (const service of services)
    each({
      what: service.name,
      ran: await migrate(databaseUrls(service.name, environment), schemaOf(service), secret),
    });
  if (runsSandbox(environment))
    each({ what: SANDBOX_PSP, ran: await migrate(databaseUrls(SANDBOX_PSP, environment), sandboxPspSchema, secret) });
  each({ what: 'event log', ran: await makeTopics(environment, secret, log) });
}

async function makeTopics(environment: NodeJS.ProcessEnv, secret: string, log: Logger): Promise<string[]> {
  const topics = services.map(({ name }) => topicOf(name));
  if (environment['KAFKA_BROKERS']) {
    const kafka = openEventLog(environment, { clientId: 'migrate', log });
    return kafka.createTopics(topics).finally(() => kafka.close());
  }
  const urls = databaseUrls('log', environment);
  await migrate(urls, { entities: [], migrations: [] }, secret);
  const embedded = new PostgresLog({ url: urls.owner ?? urls.app, logger: log });
  const made = await embedded.createTopics(topics).finally(() => embedded.close());
  const owner = new pg.Client({ connectionString: urls.owner ?? urls.app });
  await owner.connect();
  await owner
    .query(
      `grant select, insert, update, delete on all tables in schema public to ${pg.escapeIdentifier(appRole(urls.database))}`,
    )
    .finally(() => owner.end());
  return made;
}
