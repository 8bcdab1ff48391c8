import { groupOf } from '@comanda/events';
import { type AuditedService, ENOUGH, type LogInvariant, type Sources } from './invariant.js';

export const everythingArrives: LogInvariant = {
  id: 'I5',
  promise: 'What was committed is in the log, and every consumer has dealt with each event once or parked it.',
  async begin(sources) {
    const published = new Map<AuditedService, readonly string[]>();
    for (const service of sources.services) published.set(service, await publishedBy(sources, service));
    /** The events of each topic, by type. */
    const events = new Map<string, Map<string, Set<string>>>();
    const parked = new Map<string, Set<string>>();
    return {
      note(topic, { headers }) {
        const { ce_id: id, ce_type: type = '' } = headers;
        if (id) getOrAdd(getOrAdd(events, topic, newMap), type, newSet).add(id);
      },
      noteParked(_topic, { headers }) {
        const { ce_id: id, dlq_group: group = '' } = headers;
        if (id) getOrAdd(parked, group, newSet).add(id);
      },
      async conclude() {
        const violations: string[] = [];
        let examined = 0;
        for (const [service, ids] of published) {
          examined += ids.length;
          violations.push(...(await lateAt(sources, service)));
          const inLog = [...(events.get(service.topic)?.values() ?? [])];
          const missing = ids.filter((id) => !inLog.some((ofType) => ofType.has(id)));
          for (const id of missing)
            violations.push(`Event ${id} of ${service.name} was published and is not in the log.`);
        }
        for (const { name, topics, consumes } of sources.services) {
          const due = topics.flatMap((topic) => consumes.flatMap((type) => [...(events.get(topic)?.get(type) ?? [])]));
          const handled = await handledBy(sources, name);
          const missing = due.filter((id) => !handled.has(id) && !parked.get(groupOf(name))?.has(id));
          examined += due.length;
          for (const id of missing) violations.push(`Event ${id} was neither handled nor parked by ${name}.`);
        }
        return { examined, violations };
      },
    };
  },
};

const newSet = (): Set<string> => new Set();
const newMap = (): Map<string, Set<string>> => new Map();

function getOrAdd<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

async function publishedBy({ query }: Sources, { name }: AuditedService): Promise<string[]> {
  const rows = await query<{ event_id: string }>(name, 'select event_id from outbox where published_at is not null');
  return rows.map(({ event_id }) => event_id);
}

async function lateAt({ query }: Sources, { name }: AuditedService): Promise<string[]> {
  const rows = await query<{ event_id: string }>(
    name,
    `select event_id from outbox where published_at is null and recorded_at < now() - interval '60 seconds' order by id limit $1`,
    [ENOUGH],
  );
  return rows.map(({ event_id }) => `Event ${event_id} of ${name} has waited for more than a minute.`);
}

async function handledBy({ query }: Sources, name: AuditedService['name']): Promise<Set<string>> {
  const rows = await query<{ event_id: string }>(name, 'select event_id from inbox');
  return new Set(rows.map(({ event_id }) => event_id));
}

export const orderIsKept: LogInvariant = {
  id: 'I6',
  promise: 'Each aggregate’s events first appear in the log in the order of its versions, without a gap.',
  begin() {
    const violations: string[] = [];
    const seen = new Set<string>();
    const last = new Map<string, number>();
    return {
      note(topic, { headers }) {
        const { ce_id: id = '', ce_organizationid: organization, ce_subject: subject } = headers;
        if (seen.has(id)) return;
        seen.add(id);
        // Ids are the clients' to choose: two organizations may have chosen the same.
        const aggregate = `${topic} ${organization}/${subject}`;
        const before = last.get(aggregate) ?? 0;
        const version = Number(headers['ce_aggregateversion']);
        if (version !== before + 1) violations.push(`${topic}: ${subject} shows version ${version} after ${before}.`);
        last.set(aggregate, version);
      },
      conclude: () => ({ examined: seen.size, violations }),
    };
  },
};
