import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event as it is sent, kept for its deliveries and for a replay. */
@Entity('webhook_events')
@Index('webhook_events_replay', ['organizationId', 'recordedAt', 'id'])
@Index('webhook_events_kept', ['keptAt'])
export class WebhookEventRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'webhook_events_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_events_pkey' })
  id!: string;

  @Column('text')
  type!: string;

  /** Source and subject: ids of two services may be the same. */
  @Column('text')
  aggregate!: string;

  @Column('int', { name: 'aggregate_version' })
  aggregateVersion!: number;

  @Column('uuid', { name: 'location_id', nullable: true })
  locationId!: string | null;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;

  @Column('timestamptz', { name: 'kept_at', default: () => 'now()' })
  keptAt!: Date;

  /** The very text that is signed and posted. */
  @Column('text')
  body!: string;
}
