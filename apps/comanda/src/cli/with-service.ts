import type { EventLog } from '@comanda/events';
import { connect, createLog, databaseUrls } from '@comanda/platform';
import { openEventLog, schemaOf, type ServiceDefinition } from '@comanda/service';
import type { DataSource } from 'typeorm';
import { Home } from '../platform/home.js';
import { withDatabases } from './with-databases.js';

/** Runs a command with the database of one service, as that service sees it, and the log. */
export function withService<T>(
  service: ServiceDefinition,
  work: (database: DataSource, log: EventLog, environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const { name } = service;
  return withDatabases(new Home(), async (environment) => {
    const log = openEventLog(environment, { clientId: name, log: createLog(name, 'error') });
    const { entities } = schemaOf(service);
    const { app } = databaseUrls(name, environment);
    const database = connect(app, { name, entities, pool: 1, statementTimeout: '10min' });
    try {
      return await work(await database.initialize(), log, environment);
    } finally {
      if (database.isInitialized) await database.destroy();
      await log.close();
    }
  });
}
