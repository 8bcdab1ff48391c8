import { deadLetterTopic, groupOf, type StoredRecord } from '@comanda/events';
import { type AuditedService, ENOUGH, type Invariant, type Sources } from './invariant.js';

// The log is read anew for each promise: an audit may take its time, and holds no more than ids in memory.

export const everythingArrives: Invariant = {
  id: 'I5',
  promise: 'What was committed is in the log, and every consumer has dealt with each event once or parked it.',
  async examine(sources) {
    const violations: string[] = [];
    let examined = 0;
    for (const service of sources.services) {
      const late = await sources.query<{ event_id: string }>(
        service.name,
        `select event_id from outbox where published_at is null and recorded_at < now() - interval '60 seconds' order by id limit $1`,
        [ENOUGH],
      );
      violations.push(
        ...late.map(({ event_id }) => `Event ${event_id} of ${service.name} has waited for more than a minute.`),
      );
      const inLog = await idsIn(sources, service.topic);
      const outbox = await sources.query<{ event_id: string }>(
        service.name,
        'select event_id from outbox where published_at is not null',
      );
      examined += outbox.length;
      for (const { event_id } of outbox)
        if (!inLog.has(event_id))
          violations.push(`Event ${event_id} of ${service.name} was published and is not in the log.`);
    }
    for (const service of sources.services) {
      const { events, missing } = await unhandled(sources, service);
      examined += events;
      violations.push(...missing.map((id) => `Event ${id} was neither handled nor parked by ${service.name}.`));
    }
    return { examined, violations };
  },
};

async function idsIn({ log }: Sources, topic: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { headers } of log.read(topic)) if (headers['ce_id']) ids.add(headers['ce_id']);
  return ids;
}

async function unhandled(
  sources: Sources,
  { name, topics, consumes }: AuditedService,
): Promise<{ events: number; missing: string[] }> {
  const handled = new Set(
    (await sources.query<{ event_id: string }>(name, 'select event_id from inbox')).map(({ event_id }) => event_id),
  );
  const parked = new Set<string>();
  const events = new Set<string>();
  for (const topic of topics) {
    for await (const { headers } of sources.log.read(deadLetterTopic(topic)))
      if (headers['dlq_group'] === groupOf(name) && headers['ce_id']) parked.add(headers['ce_id']);
    for await (const { headers } of sources.log.read(topic))
      if (headers['ce_id'] && consumes.includes(headers['ce_type'] ?? '')) events.add(headers['ce_id']);
  }
  return { events: events.size, missing: [...events].filter((id) => !handled.has(id) && !parked.has(id)) };
}

export const orderIsKept: Invariant = {
  id: 'I6',
  promise: 'Each aggregate’s events first appear in the log in the order of its versions, without a gap.',
  async examine({ services, log }) {
    const violations: string[] = [];
    let examined = 0;
    for (const { topic } of services) {
      const last = new Map<string, number>();
      const seen = new Set<string>();
      for await (const record of log.read(topic)) {
        const { id, organization, subject, version } = factsOf(record);
        if (seen.has(id)) continue;
        seen.add(id);
        examined++;
        // Ids are the clients' to choose: two organizations may have chosen the same.
        const aggregate = `${organization}/${subject}`;
        const before = last.get(aggregate) ?? 0;
        if (version !== before + 1) violations.push(`${topic}: ${subject} shows version ${version} after ${before}.`);
        last.set(aggregate, version);
      }
    }
    return { examined, violations };
  },
};

const factsOf = ({
  headers,
}: StoredRecord): { id: string; organization: string; subject: string; version: number } => ({
  id: headers['ce_id'] ?? '',
  organization: headers['ce_organizationid'] ?? '',
  subject: headers['ce_subject'] ?? '',
  version: Number(headers['ce_aggregateversion']),
});
