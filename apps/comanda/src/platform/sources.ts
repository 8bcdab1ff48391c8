import { type EventDefinition, topicOf } from '@comanda/contracts';
import type { EventLog } from '@comanda/events';
import type { AuditedDatabase, AuditedService, Sources } from '@comanda/invariants';
import { connect, databaseUrls } from '@comanda/platform';
import { IDENTITY_EVENTS } from '@comanda/service';
import type { DataSource } from 'typeorm';
import { SANDBOX_PSP } from '@comanda/sandbox-psp';
import { runsSandbox } from './sandbox.js';
import { services } from './services.js';

/** The data of every service, to read and not to write: each database as its auditor. */
export interface OpenSources extends Sources {
  close(): Promise<void>;
}

export function openSources(environment: NodeJS.ProcessEnv, log: EventLog): OpenSources {
  const databases = new Map<string, Promise<DataSource>>(
    [...services.map(({ name }) => name), ...(runsSandbox(environment) ? [SANDBOX_PSP] : [])].map((name) => [
      name,
      connect(databaseUrls(name, environment).auditor, {
        name: 'audit',
        pool: 2,
        statementTimeout: '10min',
      }).initialize(),
    ]),
  );
  // Whoever asks one is told that it is away; of those that nobody asks nobody need know.
  for (const opening of databases.values()) opening.catch(() => undefined);
  return {
    services: services.map(({ name, consumes }) => audited(name, [...IDENTITY_EVENTS, ...consumes])),
    log,
    async query<Row extends object>(service: AuditedDatabase, sql: string, values: readonly unknown[] = []) {
      const database = await databases.get(service);
      if (!database) throw new Error(`There is no service ${service}.`);
      return (await database.query(sql, [...values])) as Row[];
    },
    async close() {
      for (const opening of databases.values()) await (await opening.catch(() => undefined))?.destroy();
    },
  };
}

const audited = (name: AuditedService['name'], consumes: readonly EventDefinition[]): AuditedService => ({
  name,
  topic: topicOf(name),
  consumes: consumes.map(({ type }) => type),
  topics: [...new Set(consumes.map(({ topic }) => topic))],
});
