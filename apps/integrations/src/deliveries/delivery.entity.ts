import type { WebhookAttempt, WebhookDelivery } from '@comanda/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { WebhookEndpointRow } from '../endpoints/endpoint.entity.js';
import { WebhookEventRow } from '../events/event.entity.js';

/** One event on its way to one endpoint. */
@Entity('webhook_deliveries')
@Check('webhook_deliveries_status', `status in ('pending', 'delivered', 'failed')`)
@Index('webhook_deliveries_once', ['organizationId', 'endpointId', 'eventId'], { unique: true })
@Index('webhook_deliveries_event', ['organizationId', 'eventId'])
@Index('webhook_deliveries_page', ['organizationId', 'endpointId', 'createdAt', 'id'])
@Index('webhook_deliveries_due', ['organizationId', 'endpointId', 'dueAt', 'aggregateVersion'], {
  where: `status = 'pending'`,
})
@Index('webhook_deliveries_order', ['organizationId', 'endpointId', 'aggregate', 'aggregateVersion'], {
  where: `status = 'pending'`,
})
@ForeignKey(() => WebhookEndpointRow, ['organizationId', 'endpointId'], ['organizationId', 'id'], {
  name: 'webhook_deliveries_to',
  onDelete: 'CASCADE',
})
@ForeignKey(() => WebhookEventRow, ['organizationId', 'eventId'], ['organizationId', 'id'], {
  name: 'webhook_deliveries_of',
  onDelete: 'CASCADE',
})
export class WebhookDeliveryRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  id!: string;

  @Column('uuid', { name: 'endpoint_id' })
  endpointId!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  aggregate!: string;

  @Column('int', { name: 'aggregate_version' })
  aggregateVersion!: number;

  @Column('text')
  status!: WebhookDelivery['status'];

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'due_at' })
  dueAt!: Date;

  /** Until then a courier is on its way with it; after that the courier counts as lost. */
  @Column('timestamptz', { name: 'leased_until', nullable: true })
  leasedUntil!: Date | null;

  @Column('timestamptz', { name: 'first_failed_at', nullable: true })
  firstFailedAt!: Date | null;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;

  /** To the millisecond: pages end at it. */
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** One try to deliver, and how it ended. */
@Entity('webhook_attempts')
@Check(
  'webhook_attempts_outcome',
  `outcome in ('delivered', 'refused', 'redirected', 'timed_out', 'unreachable', 'address_refused')`,
)
@Index('webhook_attempts_delivery', ['organizationId', 'deliveryId', 'at'])
@ForeignKey(() => WebhookDeliveryRow, ['organizationId', 'deliveryId'], ['organizationId', 'id'], {
  name: 'webhook_attempts_of',
  onDelete: 'CASCADE',
})
export class WebhookAttemptRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'webhook_attempts_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_attempts_pkey' })
  id!: string;

  @Column('uuid', { name: 'delivery_id' })
  deliveryId!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('int', { name: 'duration_ms' })
  durationMs!: number;

  @Column('text')
  outcome!: WebhookAttempt['outcome'];

  @Column('int', { nullable: true })
  status!: number | null;
}
