import type { OrderFacts } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { KeptOrder } from './order.js';

/** What of an order has no column of its own. */
export type OrderDocument = Pick<
  OrderFacts,
  | 'channel'
  | 'serviceType'
  | 'table'
  | 'tab'
  | 'covers'
  | 'note'
  | 'currency'
  | 'menuHash'
  | 'cancelled'
  | 'moves'
  | 'party'
  | 'totals'
  | 'placedBy'
  | 'staffId'
  | 'scheduled'
  | 'checks'
  | 'returns'
> &
  Pick<KeptOrder, 'terms' | 'settlements' | 'split'>;

/** An order: one row. Its checks and lines are in the document; what is searched by or must be unique has a column. */
@Entity('orders')
@Check('orders_status', `status in ('placed', 'fired', 'ready', 'completed', 'cancelled')`)
@Check('orders_payment_status', `payment_status in ('unpaid', 'partly_paid', 'paid')`)
@Index('orders_number', ['locationId', 'businessDate', 'number'], { unique: true })
@Index('orders_check', ['checkId'], { unique: true })
@Index('orders_page', ['organizationId', 'occurredAt', 'id'])
@Index('orders_page_of_location', ['locationId', 'occurredAt', 'id'])
@Index('orders_open', ['locationId', 'status', 'occurredAt', 'id'], { where: `status in ('placed', 'fired', 'ready')` })
@Index('orders_page_of_customer', ['customerId', 'occurredAt', 'id'], { where: 'customer_id is not null' })
@Index('orders_external', ['organizationId', 'externalId'], { where: 'external_id is not null' })
@Index('orders_tabs', ['organizationId', 'occurredAt', 'id'], {
  where: `tab is not null and status in ('placed', 'fired', 'ready')`,
})
@Index('orders_feed', ['locationId', 'changedIn', 'id'])
export class OrderRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'orders_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  /** Its first check: a check belongs to one order, for ever. */
  @Column('uuid', { name: 'check_id' })
  checkId!: string;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('int')
  number!: number;

  @Column('text')
  status!: OrderFacts['status'];

  @Column('text', { name: 'payment_status' })
  paymentStatus!: OrderFacts['paymentStatus'];

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  @Column('text', { name: 'external_id', nullable: true })
  externalId!: string | null;

  /** What the tab is called, as in the document, to find it by; null where it is none. */
  @Column('text', { nullable: true })
  tab!: string | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;

  /** The transaction that changed it last: the order in which the live feed tells of changes. */
  @Column('bigint', { name: 'changed_in' })
  changedIn!: number;

  @Column('jsonb')
  document!: OrderDocument;
}

/** The number that the next order of a location's business day gets is one more than the last. */
@Entity('order_numbers')
export class OrderNumberRow {
  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'order_numbers_pkey' })
  locationId!: string;

  @PrimaryColumn('date', { name: 'business_date', primaryKeyConstraintName: 'order_numbers_pkey' })
  businessDate!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('int')
  last!: number;
}
