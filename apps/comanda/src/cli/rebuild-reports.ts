import { connect, createLog, databaseUrls } from '@comanda/platform';
import { rebuild, reporting } from '@comanda/reporting';
import { openEventLog, schemaOf } from '@comanda/service';
import { Home } from '../platform/home.js';
import { print, printJson, Progress } from './output.js';
import { withDatabases } from './with-databases.js';

/** Builds every figure of the reports anew from the topics. Reports and what comes in go on meanwhile. */
export async function rebuildReports(json = false): Promise<void> {
  const progress = new Progress(process.stderr, json);
  const rebuilt = await withDatabases(new Home(), async (environment) => {
    const log = openEventLog(environment, { clientId: 'reports', log: createLog('reports', 'error') });
    const database = await connect(databaseUrls(reporting.name, environment).app, {
      name: 'reports',
      entities: schemaOf(reporting).entities,
      pool: 1,
      statementTimeout: '10min',
    }).initialize();
    return rebuild(database, log, (events) => progress.update(`${events.toLocaleString('en')} events`)).finally(
      async () => {
        await database.destroy();
        await log.close();
      },
    );
  });
  progress.done();
  if (json) printJson(rebuilt);
  else
    print(
      `${rebuilt.events} events read anew, ${rebuilt.unreadable} could not be read, ${rebuilt.removed} rows were of nothing that happened.`,
    );
}
