import { SERVICES, type ServiceName } from '@comanda/contracts';
import { backlog, replayOutbox } from '@comanda/events';
import { connect, databaseUrls } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { Home } from '../platform/home.js';
import { print, printJson, table } from './output.js';
import { withDatabases } from './with-databases.js';

/** Prints how many events wait in each service, and for how many seconds the oldest has. */
export async function showOutboxes(json = false): Promise<void> {
  const states = await withDatabases(new Home(), (environment) =>
    Promise.all(SERVICES.map(async (service) => ({ service, ...(await withWorker(environment, service, backlog)) }))),
  );
  if (json) printJson(states);
  else
    print(
      table(
        states.map(({ service, rows, age }) => [service, rows, Math.round(age)]),
        ['service', 'waiting', 'oldest, s'],
      ),
    );
}

export interface Republication {
  readonly service: ServiceName;
  readonly from: Date;
  readonly to?: Date;
  readonly json?: boolean;
}

/** Has the events that a service recorded in this time published again. */
export async function publishAgain({ service, from, to = new Date(), json }: Republication): Promise<void> {
  const sent = await withDatabases(new Home(), (environment) =>
    withWorker(environment, service, (worker) => replayOutbox(worker, { from, to })),
  );
  if (json) printJson({ sent });
  else print(`${sent} events of ${service} will be published again.`);
}

async function withWorker<T>(
  environment: NodeJS.ProcessEnv,
  service: ServiceName,
  work: (worker: DataSource) => Promise<T>,
): Promise<T> {
  const worker = await connect(databaseUrls(service, environment).worker, { name: 'comanda', pool: 1 }).initialize();
  return work(worker).finally(() => worker.destroy());
}
