import { tenantTable } from '@comanda/platform';
import { Column, Entity, Index, PrimaryGeneratedColumn, type QueryRunner } from 'typeorm';

/** An event that was decided, in the database of the service that decided it; the relay takes it to the log. */
@Entity('outbox')
@Index('outbox_unpublished', ['id'], { where: 'published_at is null' })
export class OutboxRow {
  /** The order of publication. Rows commit in any order, so a gap may yet be filled. */
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'outbox_pkey',
  })
  id!: number;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  topic!: string;

  @Column('text')
  type!: string;

  @Column('text')
  subject!: string;

  @Column('int', { name: 'aggregate_version' })
  aggregateVersion!: number;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at', default: () => 'clock_timestamp()' })
  recordedAt!: Date;

  @Column('text', { nullable: true })
  traceparent!: string | null;

  /** As it goes out: text that is never parsed on the way. */
  @Column('json')
  data!: unknown;

  /** Null until the log has it. */
  @Column('timestamptz', { name: 'published_at', nullable: true })
  publishedAt!: Date | null;
}

/** Makes the table, in a service's first migration. */
export async function createOutbox(runner: QueryRunner): Promise<void> {
  await runner.query(`create table outbox (
    id bigint generated always as identity,
    event_id uuid not null,
    organization_id uuid not null,
    topic text not null,
    type text not null,
    subject text not null,
    aggregate_version integer not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    traceparent text,
    data json not null,
    published_at timestamptz,
    constraint outbox_pkey primary key (id)
  )`);
  await runner.query(`create index outbox_unpublished on outbox (id) where published_at is null`);
  // Every row is updated once and deleted once: vacuum comes earlier than for other tables.
  await runner.query(`alter table outbox set (autovacuum_vacuum_scale_factor = 0.02)`);
  await tenantTable(runner, 'outbox', { app: ['select', 'insert'], worker: ['select', 'update', 'delete'] });
}
