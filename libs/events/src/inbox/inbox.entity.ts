import { tenantTable, type Tx } from '@comanda/platform';
import type { ClientBase } from 'pg';
import { Column, Entity, PrimaryColumn, type QueryRunner } from 'typeorm';
import type { Attributes } from '../envelope.js';

/** An event whose effect this service has committed; the same event again has none. */
@Entity('inbox')
export class InboxRow {
  @PrimaryColumn('uuid', { name: 'event_id', primaryKeyConstraintName: 'inbox_pkey' })
  eventId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  topic!: string;

  @Column('text')
  type!: string;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;
}

/** Makes the table, in a service's first migration. */
export async function createInbox(runner: QueryRunner): Promise<void> {
  await runner.query(`create table inbox (
    event_id uuid not null,
    organization_id uuid not null,
    topic text not null,
    type text not null,
    received_at timestamptz not null default now(),
    constraint inbox_pkey primary key (event_id)
  )`);
  await tenantTable(runner, 'inbox', { app: ['select', 'insert'], worker: ['select'] });
}

/**
 * Notes these events as received, in the transaction of their effects. One that another transaction is writing at this
 * moment is waited for.
 * @returns the ids of those that were not there yet: only they have an effect
 */
export async function receive(tx: Tx, events: readonly Received[]): Promise<Set<string>> {
  const client = (await tx.queryRunner?.connect()) as ClientBase;
  const { rows } = await client.query<{ event_id: string }>({
    name: 'inbox.receive',
    text: RECEIVE,
    values: [
      events.map(({ event }) => event.id),
      events.map(({ event }) => event.organizationId),
      events.map(({ topic }) => topic),
      events.map(({ event }) => event.type),
    ],
  });
  return new Set(rows.map((row) => row.event_id));
}

/** An event and the topic it came from. */
export interface Received {
  readonly topic: string;
  readonly event: Attributes;
}

const RECEIVE = `
  insert into inbox (event_id, organization_id, topic, type)
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])
  on conflict do nothing returning event_id`;
