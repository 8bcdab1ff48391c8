import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a customer ordered, as orders last told. */
@Entity('customer_orders')
@Index('customer_orders_page', ['organizationId', 'customerId', 'occurredAt', 'orderId'])
export class CustomerOrderRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'customer_orders_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'customer_orders_pkey' })
  orderId!: string;

  /** Null when it turned out to be nobody. */
  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('int')
  number!: number;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('text')
  status!: string;

  @Column('text', { name: 'payment_status' })
  paymentStatus!: string;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'total_minor' })
  totalMinor!: number;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('int')
  version!: number;
}
