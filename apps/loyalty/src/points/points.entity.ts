import type { TierRules } from '@comanda/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CustomerRow } from '../customers/customer.entity.js';

@Entity('programs')
export class ProgramRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'programs_pkey' })
  organizationId!: string;

  @Column('int', { name: 'points_per_unit' })
  pointsPerUnit!: number;

  /** What customers reach by coming often; null: nothing. */
  @Column('jsonb', { nullable: true })
  tiers!: TierRules | null;

  @Column('int')
  version!: number;
}

/** One movement of points. Never changed. */
@Entity('points_entries')
@Check('points_entries_kind', `kind in ('earn', 'redeem', 'reverse', 'adjust')`)
@Index('points_entries_page', ['organizationId', 'customerId', 'recordedAt', 'id'])
@Index('points_entries_order', ['organizationId', 'orderId'], { where: 'order_id is not null' })
@Index('points_entries_earned', ['organizationId', 'orderId'], { unique: true, where: `kind = 'earn'` })
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

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}

/** Something that was heard of an order, and whether it is booked: see `PointsFact`. */
@Entity('points_facts')
@Check('points_facts_kind', `kind in ('paid', 'refunded', 'reward')`)
@Check('points_facts_state', `state in ('new', 'waiting', 'booked')`)
@Index('points_facts_order', ['organizationId', 'orderId'])
@Index('points_facts_new', ['organizationId', 'recordedAt'], { where: `state = 'new'` })
export class PointsFactRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'points_facts_pkey' })
  organizationId!: string;

  /** The order's own id, the refund's, or the grant's: of each there is one. */
  @PrimaryColumn('uuid', { name: 'fact_id', primaryKeyConstraintName: 'points_facts_pkey' })
  factId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  kind!: 'paid' | 'refunded' | 'reward';

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  @Column('bigint', { nullable: true })
  earns!: number | null;

  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('uuid', { name: 'payment_id', nullable: true })
  paymentId!: string | null;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('int', { nullable: true })
  version!: number | null;

  @Column('bigint', { nullable: true })
  holds!: number | null;

  @Column('timestamptz', { name: 'recorded_at', default: () => 'clock_timestamp()' })
  recordedAt!: Date;

  @Column('text')
  state!: 'new' | 'waiting' | 'booked';
}
