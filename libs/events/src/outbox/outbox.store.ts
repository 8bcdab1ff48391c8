import type { ServiceName } from '@comanda/contracts';
import { asWorker } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { Attributes } from '../envelope.js';
import type { LockedSession } from '../locked-session.js';
import type { Backlog } from '../metrics.js';

/** A row the relay has to bring to the log. */
export interface Unpublished {
  readonly id: number | string;
  readonly topic: string;
  readonly event: Attributes;
  /** As JSON. */
  readonly data: string;
}

/**
 * The oldest rows the log does not have yet, in order. Asked without remembering how far it was: a row that commits late
 * has a lower id than rows long published, and is found all the same.
 */
export async function unpublished(session: LockedSession, service: ServiceName, limit: number): Promise<Unpublished[]> {
  const rows = await session.query<Row>(UNPUBLISHED, [limit]);
  return rows.map((row) => ({
    id: row.id,
    topic: row.topic,
    data: row.data,
    event: {
      id: row.event_id,
      type: row.type,
      source: `/comanda/${service}`,
      subject: row.subject,
      time: row.occurred_at.toISOString(),
      recordedAt: row.recorded_at.toISOString(),
      organizationId: row.organization_id,
      aggregateVersion: row.aggregate_version,
      traceparent: row.traceparent,
    },
  }));
}

/** Notes that the log has these rows. */
export async function markPublished(session: LockedSession, rows: readonly Unpublished[]): Promise<void> {
  await session.query(MARK, [rows.map(({ id }) => id)]);
}

/** How many rows wait, and for how many seconds the oldest has. */
export async function backlog(worker: DataSource): Promise<Backlog> {
  const [row] = await worker.query<Backlog[]>(BACKLOG);
  return row ?? { rows: 0, age: 0 };
}

/**
 * Sends events again, as they were, to a log that lost them or to consumers that need them: by the time they were
 * recorded (`to` itself is not included) or by their ids in the outbox. Consumers that had them do nothing.
 * @returns how many will be sent; the relay takes them from here
 */
export async function replayOutbox(
  worker: DataSource,
  range: { readonly from: Date; readonly to: Date } | { readonly fromId: number; readonly toId: number },
): Promise<number> {
  return asWorker(worker, async (tx) => {
    const [, replayed] = (await ('from' in range
      ? tx.query(REPLAY_TIMES, [range.from, range.to])
      : tx.query(REPLAY_IDS, [range.fromId, range.toId]))) as [unknown, number];
    await tx.query(`select pg_notify('${CHANNEL}', '')`);
    return replayed;
  });
}

/**
 * Deletes published rows recorded before a time, oldest first and a few at a time, so that no transaction is long.
 * @returns how many were deleted in this go; fewer than `limit` when nothing is left to delete
 */
export async function deletePublished(
  session: Pick<LockedSession, 'query'>,
  before: Date,
  limit: number,
): Promise<number> {
  const [row] = await session.query<{ deleted: number }>(DELETE_PUBLISHED, [before, limit]);
  return row?.deleted ?? 0;
}

/** Where a process whose relay does not lead tells the one that does. */
export const CHANNEL = 'outbox';

interface Row {
  readonly id: number | string;
  readonly event_id: string;
  readonly organization_id: string;
  readonly topic: string;
  readonly type: string;
  readonly subject: string;
  readonly aggregate_version: number;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly traceparent: string | null;
  readonly data: string;
}

const UNPUBLISHED = {
  name: 'outbox.unpublished',
  text: `
  select id, event_id, organization_id, topic, type, subject, aggregate_version, occurred_at, recorded_at, traceparent,
    data::text as data
  from outbox where published_at is null order by id limit $1`,
};

const MARK = {
  name: 'outbox.mark',
  text: 'update outbox set published_at = now() where id = any($1::bigint[])',
};

const BACKLOG = `
  select count(*)::int as rows, coalesce(extract(epoch from now() - min(recorded_at)), 0)::float8 as age
  from outbox where published_at is null`;

const REPLAY_TIMES = `
  update outbox set published_at = null where recorded_at >= $1 and recorded_at < $2 and published_at is not null`;
const REPLAY_IDS = 'update outbox set published_at = null where id between $1 and $2 and published_at is not null';

// The oldest rows only: a look through the whole table for what may be deleted would cost more than the deletion.
const DELETE_PUBLISHED = `
  with deleted as (
    delete from outbox where id in (
      select id from (select id, recorded_at, published_at from outbox order by id limit $2) oldest
      where recorded_at < $1 and published_at is not null)
    returning 1
  )
  select count(*)::int as deleted from deleted`;
