import { SERVICES, type ServiceName } from '@comanda/contracts';
import { GroupActive, groupOf } from '@comanda/events';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { print, printJson } from './output.js';
import { withDatabases } from './with-databases.js';

/**
 * Sets services back to the start of the log.
 * @throws CommandFailure naming one that runs
 */
export async function rewind({ service, json }: { service?: ServiceName; json?: boolean }): Promise<void> {
  const services = service ? [service] : SERVICES;
  await withDatabases(new Home(), async (environment) => {
    const log = openEventLog(environment, { clientId: 'rewind', log: createLog('rewind', 'error') });
    try {
      for (const name of services) await log.rewind(groupOf(name));
    } catch (error) {
      throw error instanceof GroupActive ? new CommandFailure(error.message) : error;
    } finally {
      await log.close();
    }
  });
  if (json) printJson({ rewound: services });
  else print(`At the next start they read the log from its start: ${services.join(', ')}.`);
}
