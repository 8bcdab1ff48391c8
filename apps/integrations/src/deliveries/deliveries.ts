import {
  type WebhookDelivery,
  type WebhookDeliveryDetails,
  WEBHOOK_PING,
  type WebhookAttempt,
  WebhookPayload,
} from '@comanda/contracts';
import { newId, Refusal, type Tx } from '@comanda/platform';
import type { WebhookEndpointRow } from '../endpoints/endpoint.entity.js';
import { type KeptEvent } from '../events/events.store.js';
import { WebhookAttemptRow, type WebhookDeliveryRow } from './delivery.entity.js';

/** A delivery as it stands in the tables, with what it says of its event. */
type Shown = Pick<
  WebhookDeliveryRow,
  'id' | 'endpointId' | 'eventId' | 'aggregateVersion' | 'status' | 'attempts' | 'dueAt' | 'deliveredAt' | 'createdAt'
> & { readonly eventType: string; readonly aggregate: string };

/** Deliveries of an endpoint, newest first; from `before` on, `limit` of them. */
export function findDeliveries(
  tx: Tx,
  endpoint: WebhookEndpointRow,
  { status, before, limit }: { status: string | null; before: readonly [string, string] | undefined; limit: number },
): Promise<Shown[]> {
  const [at, id] = before ?? ['infinity', LAST];
  return tx.sql<Shown[]>`
    select d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", v.type as "eventType", d.aggregate,
      d.aggregate_version as "aggregateVersion", d.status, d.attempts, d.due_at as "dueAt", d.delivered_at as "deliveredAt",
      d.created_at as "createdAt"
    from webhook_deliveries d
    join webhook_events v on v.organization_id = d.organization_id and v.id = d.event_id
    where d.organization_id = ${endpoint.organizationId} and d.endpoint_id = ${endpoint.id}
      and (d.created_at, d.id) < (${at}::timestamptz, ${id}::uuid)
      and (${status ?? ''}::text = '' or d.status = ${status ?? ''}::text)
    order by d.created_at desc, d.id desc limit ${limit}`;
}

/**
 * A delivery with what it sends and its attempts.
 * @throws Refusal `not_found`
 */
export async function readDelivery(tx: Tx, endpoint: WebhookEndpointRow, id: string): Promise<WebhookDeliveryDetails> {
  const { organizationId } = endpoint;
  const [row] = await tx.sql<(Shown & { body: string })[]>`
    select d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", v.type as "eventType", d.aggregate,
      d.aggregate_version as "aggregateVersion", d.status, d.attempts, d.due_at as "dueAt", d.delivered_at as "deliveredAt",
      d.created_at as "createdAt", v.body
    from webhook_deliveries d
    join webhook_events v on v.organization_id = d.organization_id and v.id = d.event_id
    where d.organization_id = ${organizationId} and d.endpoint_id = ${endpoint.id} and d.id = ${id}`;
  if (!row) throw new Refusal('not_found', 'There is no such delivery.');
  const { body, ...delivery } = row;
  const attempts = await tx.find(WebhookAttemptRow, {
    where: { organizationId, deliveryId: id },
    order: { at: 'desc', id: 'desc' },
    take: 100,
  });
  return {
    ...toDelivery(delivery),
    payload: WebhookPayload.parse(JSON.parse(body)),
    attempts: attempts.reverse().map(toAttempt),
  };
}

/** Puts a test event on its way to one endpoint alone. */
export async function ping(tx: Tx, { organizationId, id: endpointId }: WebhookEndpointRow): Promise<WebhookDelivery> {
  const event = pingOf(organizationId, endpointId, new Date());
  await tx.sql`
    insert into webhook_events (organization_id, id, type, aggregate, aggregate_version, recorded_at, body)
    values (${organizationId}, ${event.id}, ${event.type}, ${event.aggregate}, 1, ${event.recordedAt}, ${event.body})`;
  const [row] = await tx.sql<[Omit<Shown, 'eventType'>]>`
    insert into webhook_deliveries (organization_id, id, endpoint_id, event_id, aggregate, aggregate_version, status, due_at, created_at)
    values (${organizationId}, ${newId()}, ${endpointId}, ${event.id}, ${event.aggregate}, 1, 'pending', now(),
      date_trunc('milliseconds', now()))
    returning id, endpoint_id as "endpointId", event_id as "eventId", aggregate, aggregate_version as "aggregateVersion",
      status, attempts, due_at as "dueAt", delivered_at as "deliveredAt", created_at as "createdAt"`;
  return toDelivery({ ...row, eventType: event.type });
}

/** Each ping is an aggregate of its own: none waits for another. */
function pingOf(organizationId: string, endpointId: string, now: Date): Omit<KeptEvent, 'locationId'> {
  const [id, subject, at] = [newId(), newId(), now.toISOString()];
  const payload: WebhookPayload = {
    id,
    type: WEBHOOK_PING,
    timestamp: at,
    recordedAt: at,
    source: '/comanda/integrations',
    organizationId,
    subject,
    aggregateVersion: 1,
    data: { endpointId },
  };
  const aggregate = `${payload.source}/${subject}`;
  return { id, type: WEBHOOK_PING, aggregate, aggregateVersion: 1, recordedAt: at, body: JSON.stringify(payload) };
}

export function toDelivery({ aggregate, attempts, dueAt, deliveredAt, createdAt, ...row }: Shown): WebhookDelivery {
  return {
    ...row,
    subject: aggregate.slice(aggregate.lastIndexOf('/') + 1),
    attemptCount: attempts,
    nextAttemptAt: row.status === 'pending' ? dueAt.toISOString() : null,
    deliveredAt: deliveredAt && deliveredAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}

const toAttempt = ({ at, durationMs, outcome, status }: WebhookAttemptRow): WebhookAttempt => ({
  at: at.toISOString(),
  durationMs,
  outcome,
  status,
});

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
