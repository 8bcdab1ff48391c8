import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An order, as it stood after the newest event that was heard of it. */
@Entity('sold_orders')
@Index('sold_orders_day', ['organizationId', 'businessDate'])
export class SoldOrderRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'sold_orders_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'sold_orders_pkey' })
  orderId!: string;

  @Column('int')
  version!: number;

  @Column('text')
  digest!: string;

  @Column('boolean')
  resold!: boolean;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('text')
  channel!: string;

  @Column('text', { name: 'service_type' })
  serviceType!: string;

  @Column('text', { name: 'placed_by' })
  placedBy!: string;

  @Column('text', { name: 'staff_id', nullable: true })
  staffId!: string | null;

  @Column('text', { name: 'table_name', nullable: true })
  tableName!: string | null;

  @Column('int', { nullable: true })
  covers!: number | null;

  /** When its table was taken; null for what has no table, or no turn of it. */
  @Column('timestamptz', { name: 'seated_at', nullable: true })
  seatedAt!: Date | null;

  @Column('boolean', { default: false })
  paid!: boolean;

  /** From when it was placed until that was recorded. */
  @Column('bigint', { name: 'delay_ms', nullable: true })
  delayMs!: number | null;

  @Column('text')
  currency!: string;

  @Column('bigint')
  total!: number;
}
