import { SERVICES, type ServiceName, topicOf } from '@comanda/contracts';
import { groupOf, lagOf } from '@comanda/events';
import { backlogOf, type Sources } from '@comanda/invariants';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { Home } from '../platform/home.js';
import { openSources } from '../platform/sources.js';
import { CommandFailure } from './failure.js';
import { print, printJson, table } from './output.js';
import { withDatabases } from './with-databases.js';

export interface LagOptions {
  readonly json?: boolean;
  /** Seconds. */
  readonly over?: number;
}

/** Something that waits between two places. */
export interface Wait {
  readonly stage: 'outbox' | 'consumer' | 'background';
  readonly service: ServiceName;
  /** Whose events wait; none where it is not about those of one service. */
  readonly from: ServiceName | null;
  readonly events: number;
  /** How long the oldest has waited; `null` where that is not noted. */
  readonly seconds: number | null;
}

/** Prints how far everything is behind. @throws CommandFailure when something has waited for longer than it may */
export async function showLag({ json, over = Infinity }: LagOptions): Promise<void> {
  const waits = await withDatabases(new Home(), async (environment) => {
    const log = openEventLog(environment, { clientId: 'lag', log: createLog('lag', 'error') });
    const sources = openSources(environment, log);
    try {
      return await waitsIn(sources);
    } finally {
      await sources.close();
      await log.close();
    }
  });
  if (json) printJson(waits);
  else
    print(
      table(
        waits.map(({ stage, service, from, events, seconds }) => [
          stage,
          service,
          from ?? '',
          events,
          seconds === null ? '' : Math.round(seconds),
        ]),
        ['stage', 'service', 'from', 'events', 'oldest, s'],
      ),
    );
  const late = waits.filter(({ seconds }) => (seconds ?? 0) > over);
  if (late.length > 0)
    throw new CommandFailure(
      `Longer than ${over} seconds: ${late.map(({ stage, service }) => `${stage} of ${service}`).join(', ')}.`,
    );
}

/** What waits at this moment, on the way from every outbox to every consumer. */
export async function waitsIn(sources: Sources): Promise<Wait[]> {
  const { services, query, log } = sources;
  const one = async (service: ServiceName, sql: string, values: readonly unknown[] = []): Promise<Counted> =>
    (await query<Counted>(service, sql, values))[0] ?? { events: 0, seconds: 0 };
  const outboxes = services.map(async ({ name }): Promise<Wait> => ({
    stage: 'outbox',
    service: name,
    from: null,
    ...(await one(name, WAITING)),
  }));
  const consumers = services.map(async ({ name, topics }): Promise<Wait[]> => {
    const byTopic = Map.groupBy(await log.positions(groupOf(name), topics), ({ topic }) => topic);
    return Promise.all(
      SERVICES.filter((from) => byTopic.has(topicOf(from))).map(async (from) => {
        const events = lagOf(byTopic.get(topicOf(from)) ?? []);
        const { seconds } = events === 0 ? { seconds: 0 } : await one(from, AGE, [events - 1]);
        return { stage: 'consumer', service: name, from, events, seconds };
      }),
    );
  });
  const [{ unsettled }, sent, taken] = await Promise.all([
    backlogOf(sources),
    Promise.all(outboxes),
    Promise.all(consumers),
  ]);
  const background = Object.entries(unsettled).map(([service, events]): Wait => ({
    stage: 'background',
    service: service as ServiceName,
    from: null,
    events,
    seconds: null,
  }));
  return [...sent, ...taken.flat(), ...background];
}

interface Counted {
  readonly events: number;
  readonly seconds: number;
}

const WAITING = `
  select count(*)::int as events, coalesce(extract(epoch from now() - min(recorded_at)), 0)::float8 as seconds
  from outbox where published_at is null`;

// So many from the newest: partitions are worked off side by side, so it is the oldest that waits, or nearly.
const AGE = `
  select 0 as events, extract(epoch from now() - recorded_at)::float8 as seconds
  from outbox where published_at is not null order by id desc offset $1 limit 1`;
