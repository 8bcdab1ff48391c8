import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConsumedLines } from './consumption.js';

/** What has been booked for an order, so that only what differs is booked next. */
@Entity('order_consumption')
export class OrderConsumptionRow {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'order_consumption_pkey' })
  orderId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  /** Of the order: an event of this version or an older one changes nothing. */
  @Column('int')
  version!: number;

  /** How many `stock.moved` there have been for it. */
  @Column('int')
  moves!: number;

  @Column('jsonb')
  lines!: ConsumedLines;
}
