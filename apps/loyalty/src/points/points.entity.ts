import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CustomerRow } from '../customers/customer.entity.js';

@Entity('programs')
export class ProgramRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'programs_pkey' })
  organizationId!: string;

  @Column('int', { name: 'points_per_unit' })
  pointsPerUnit!: number;

  @Column('int')
  version!: number;
}

/** One movement of points. Never changed. */
@Entity('points_entries')
@Check('points_entries_kind', `kind in ('earn', 'redeem', 'reverse', 'adjust')`)
@Index('points_entries_page', ['organizationId', 'customerId', 'recordedAt', 'id'])
@Index('points_entries_order', ['organizationId', 'orderId'], { where: 'order_id is not null' })
@ForeignKey(() => CustomerRow, ['organizationId', 'customerId'], ['organizationId', 'id'], {
  name: 'points_entries_customer',
})
export class PointsEntryRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'points_entries_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'points_entries_pkey' })
  id!: string;

  @Column('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('text')
  kind!: 'earn' | 'redeem' | 'reverse' | 'adjust';

  @Column('bigint')
  points!: number;

  @Column('uuid', { name: 'order_id', nullable: true })
  orderId!: string | null;

  @Column('uuid', { name: 'payment_id', nullable: true })
  paymentId!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' })
  recordedAt!: Date;
}

/** What is known of an order's points: see `OrderPoints`. */
@Entity('order_points')
export class OrderPointsRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'order_points_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'order_points_pkey' })
  orderId!: string;

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  @Column('bigint', { nullable: true })
  earned!: number | null;

  @Column('bigint', { name: 'total_minor', nullable: true })
  total!: number | null;

  @Column('jsonb')
  refunds!: Record<string, number>;

  @Column('bigint')
  booked!: number;
}
