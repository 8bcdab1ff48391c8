import { SERVICES, type ServiceName, topicOf } from '@comanda/contracts';
import { type DeadLetter, deadLetters, type EventLog, groupOf, replayDeadLetters } from '@comanda/events';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { print, printJson, table } from './output.js';
import { withDatabases } from './with-databases.js';

/** Prints the dead letters of one service, or of all. */
export async function listDeadLetters({ service, json }: { service?: ServiceName; json?: boolean }): Promise<void> {
  const letters = await withLog((log) => deadLetters(log, TOPICS, service && groupOf(service)));
  if (json) printJson(letters);
  else if (letters.length === 0) print('No dead letters.');
  else print(table(letters.map(row), ['letter', 'type', 'parked', 'sent again', 'error']));
}

const row = ({ id, type, parkedAt, replayedAt, error }: DeadLetter): string[] => [
  id,
  type ?? '?',
  parkedAt,
  replayedAt ?? 'waits',
  error,
];

/**
 * Sends dead letters to the service that parked them: those named, or all that wait.
 * @throws CommandFailure when some of those named do not wait for it
 */
export async function sendAgain(
  letters: readonly string[],
  { service, json }: { service: ServiceName; json?: boolean },
): Promise<void> {
  const ids = letters.length > 0 ? [...new Set(letters)] : undefined;
  const sent = await withLog((log) => replayDeadLetters(log, TOPICS, { group: groupOf(service), ids }));
  if (json) printJson({ sent });
  else print(`${sent} sent again.`);
  if (ids && sent < ids.length)
    throw new CommandFailure(`${ids.length - sent} of these are no letters that wait for ${service}: see dlq list.`);
}

const TOPICS = SERVICES.map(topicOf);

function withLog<T>(work: (log: EventLog) => Promise<T>): Promise<T> {
  return withDatabases(new Home(), (environment) => {
    const log = openEventLog(environment, { clientId: 'comanda', log: createLog('comanda', 'error') });
    return work(log).finally(() => log.close());
  });
}
