import { topicOf } from '@comanda/contracts';
import { backlog, deadLetters, type EventLog, groupOf, replayDeadLetters, replayOutbox } from '@comanda/events';
import { connect, createLog, databaseUrls } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { type Command, InvalidArgumentError } from 'commander';
import { Home } from '../platform/home.js';
import { services } from '../platform/services.js';
import { CommandFailure } from './failure.js';
import { moment } from './options.js';
import { print, printJson, table } from './output.js';
import { withDatabases } from './with-databases.js';

type ServiceName = (typeof services)[number]['name'];

/** Dead letters: what a consumer could not handle, and how it is tried again. */
export function dlqCommand(program: Command): void {
  const dlq = program.command('dlq').description('dead letters: events that a service could not handle');
  dlq
    .command('list')
    .description('what was parked, by whom and why')
    .option('--service <name>', 'only what this service parked', serviceName)
    .option('--json', 'print as JSON')
    .action(({ service, json }: { service?: ServiceName; json?: boolean }) =>
      withLog(async (log) => {
        const letters = await deadLetters(log, topics(), service && groupOf(service));
        if (json) printJson(letters);
        else if (letters.length === 0) print('No dead letters.');
        else
          print(
            table(
              letters.map(({ id, type, error, parkedAt, replayedAt }) => [
                id,
                type ?? '?',
                parkedAt,
                replayedAt ?? 'waits',
                error,
              ]),
              ['letter', 'type', 'parked', 'sent again', 'error'],
            ),
          );
      }),
    );
  dlq
    .command('replay')
    .description('send dead letters again, to the service that parked them alone; each has its effect once')
    .argument('[letters...]', 'their names, as dlq list shows them; all that wait, unless given')
    .requiredOption('--service <name>', 'who parked them', serviceName)
    .option('--json', 'print as JSON')
    .action((letters: string[], { service, json }: { service: ServiceName; json?: boolean }) =>
      withLog(async (log) => {
        const ids = letters.length > 0 ? [...new Set(letters)] : undefined;
        const sent = await replayDeadLetters(log, topics(), { group: groupOf(service), ids });
        if (json) printJson({ sent });
        else print(`${sent} sent again.`);
        if (ids && sent < ids.length)
          throw new CommandFailure(
            `${ids.length - sent} of these are no letters that wait for ${service}: see dlq list.`,
          );
      }),
    );
}

/** The outbox: what waits, and how published events are published again. */
export function outboxCommand(program: Command): void {
  const outbox = program.command('outbox').description('events that were committed and are on their way to the log');
  outbox
    .command('status')
    .description('what waits in each service, and for how long')
    .option('--json', 'print as JSON')
    .action(({ json }: { json?: boolean }) =>
      withDatabases(new Home(), async (environment) => {
        const states = await Promise.all(
          services.map(async ({ name }) => ({ service: name, ...(await withWorker(environment, name, backlog)) })),
        );
        if (json) printJson(states);
        else
          print(
            table(
              states.map(({ service, rows, age }) => [service, rows, Math.round(age)]),
              ['service', 'waiting', 'oldest, s'],
            ),
          );
      }),
    );
  outbox
    .command('replay')
    .description('publish events again: for a log that lost them. Consumers that had them do nothing')
    .requiredOption('--service <name>', 'whose events', serviceName)
    .requiredOption('--from <time>', 'recorded at this time or later (RFC 3339)', moment)
    .option('--to <time>', 'recorded before this time; now, unless given', moment)
    .option('--json', 'print as JSON')
    .action(({ service, from, to = new Date(), json }: OutboxReplay) =>
      withDatabases(new Home(), async (environment) => {
        const sent = await withWorker(environment, service, (worker) => replayOutbox(worker, { from, to }));
        if (json) printJson({ sent });
        else print(`${sent} events of ${service} will be published again.`);
      }),
    );
}

interface OutboxReplay {
  readonly service: ServiceName;
  readonly from: Date;
  readonly to?: Date;
  readonly json?: boolean;
}

const topics = (): string[] => services.map(({ name }) => topicOf(name));

function withLog(work: (log: EventLog) => Promise<void>): Promise<void> {
  return withDatabases(new Home(), async (environment) => {
    const log = openEventLog(environment, { clientId: 'comanda', log: createLog('comanda', 'error') });
    await work(log).finally(() => log.close());
  });
}

async function withWorker<T>(
  environment: NodeJS.ProcessEnv,
  service: ServiceName,
  work: (worker: ReturnType<typeof connect>) => Promise<T>,
): Promise<T> {
  const worker = await connect(databaseUrls(service, environment).worker, { name: 'comanda', pool: 1 }).initialize();
  return work(worker).finally(() => worker.destroy());
}

function serviceName(text: string): ServiceName {
  const found = services.find(({ name }) => name === text);
  if (!found) throw new InvalidArgumentError(`There are ${services.map(({ name }) => name).join(', ')}.`);
  return found.name;
}
