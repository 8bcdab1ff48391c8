import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Where an organization has its events sent. */
@Entity('webhook_endpoints')
@Check('webhook_endpoints_status', `status in ('enabled', 'disabled')`)
@Check(
  'webhook_endpoints_disabled',
  `num_nulls(disabled_reason, disabled_at) = case when status = 'disabled' then 0 else 2 end`,
)
@Check('webhook_endpoints_previous', `num_nulls(previous_secret, previous_secret_until) in (0, 2)`)
@Index('webhook_endpoints_page', ['organizationId', 'createdAt', 'id'])
export class WebhookEndpointRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'webhook_endpoints_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_endpoints_pkey' })
  id!: string;

  @Column('text')
  url!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  /** Null for all. */
  @Column('text', { name: 'event_types', array: true, nullable: true })
  eventTypes!: string[] | null;

  /** Null for all. */
  @Column('uuid', { name: 'location_ids', array: true, nullable: true })
  locationIds!: string[] | null;

  @Column('text')
  status!: 'enabled' | 'disabled';

  @Column('text', { name: 'disabled_reason', nullable: true })
  disabledReason!: 'by_hand' | 'failing' | null;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  /** The first failure since something last got through. */
  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  /** Sealed. */
  @Column('bytea')
  secret!: Buffer;

  @Column('bytea', { name: 'previous_secret', nullable: true })
  previousSecret!: Buffer | null;

  @Column('timestamptz', { name: 'previous_secret_until', nullable: true })
  previousSecretUntil!: Date | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
