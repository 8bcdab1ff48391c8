import { type Envelope, WEBHOOK_EVENTS, type WebhookPayload } from '@comanda/contracts';
import { runPrepared, type Tx } from '@comanda/platform';

/** Which events an endpoint is sent; `e` is the endpoint, `v` the event. One rule for what comes and for what is replayed. */
export const WANTED = `(e.event_types is null or v.type = any(e.event_types))
  and (e.location_ids is null or v.location_id = any(e.location_ids))`;

/** An event as it is kept. */
export interface KeptEvent {
  readonly id: string;
  readonly type: string;
  readonly aggregate: string;
  readonly aggregateVersion: number;
  readonly locationId: string | null;
  readonly recordedAt: string;
  readonly body: string;
}

/** What of an event is sent, and what it is found and ordered by. */
export function toKept(event: Envelope): KeptEvent {
  const { id, type, source, subject, time, recordedAt, organizationId, aggregateVersion, data } = event;
  const payload = { id, type, timestamp: time, recordedAt, source, organizationId, subject, aggregateVersion, data };
  const { locationId } = data as { locationId?: unknown };
  return {
    id,
    type,
    aggregate: `${source}/${subject}`,
    aggregateVersion,
    locationId: typeof locationId === 'string' ? locationId : null,
    recordedAt,
    body: JSON.stringify(payload satisfies WebhookPayload),
  };
}

/** True when the organization has endpoints: for nobody nothing is kept. */
export async function hasEndpoints(tx: Tx, organizationId: string): Promise<boolean> {
  return (await runPrepared(tx, HAS_ENDPOINTS, [organizationId])).length > 0;
}

const HAS_ENDPOINTS = {
  name: 'webhook_endpoints.any',
  text: 'select 1 from webhook_endpoints where organization_id = $1::uuid limit 1',
};

/**
 * Keeps events, and puts each on its way to the enabled endpoints that want it, all in one statement.
 * @returns how many deliveries were made
 */
export async function keepEvents(tx: Tx, organizationId: string, events: readonly KeptEvent[]): Promise<number> {
  const column = <K extends keyof KeptEvent>(name: K): KeptEvent[K][] => events.map((event) => event[name]);
  const made = await runPrepared(tx, KEEP, [
    organizationId,
    column('id'),
    column('type'),
    column('aggregate'),
    column('aggregateVersion'),
    column('locationId'),
    column('recordedAt'),
    column('body'),
  ]);
  return made.length;
}

const KEEP = {
  name: 'webhook_events.keep',
  text: `
    with v as (
      insert into webhook_events (organization_id, id, type, aggregate, aggregate_version, location_id, recorded_at, body)
      select $1::uuid, * from unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::uuid[], $7::timestamptz[], $8::text[])
      on conflict do nothing
      returning id, type, aggregate, aggregate_version, location_id)
    insert into webhook_deliveries (organization_id, id, endpoint_id, event_id, aggregate, aggregate_version, status, due_at, created_at)
    select $1::uuid, gen_random_uuid(), e.id, v.id, v.aggregate, v.aggregate_version, 'pending', now(),
      date_trunc('milliseconds', now())
    from v join webhook_endpoints e on e.organization_id = $1::uuid and e.status = 'enabled' and ${WANTED}
    returning 1`,
};

const PUBLIC = new Set(WEBHOOK_EVENTS.map(({ type }) => type));

/** True for what others may be told of. */
export const isPublic = ({ type }: Pick<Envelope, 'type'>): boolean => PUBLIC.has(type);
