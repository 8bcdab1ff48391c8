import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An order that was promised for a time: when it goes to the kitchen by itself, and the slot that it has a place in. */
@Entity('scheduled_orders')
@Index('scheduled_orders_due', ['fireAt'], { where: 'waiting' })
@Index('scheduled_orders_day', ['organizationId', 'businessDate'])
export class ScheduledOrderRow {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'scheduled_orders_pkey' })
  orderId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'ordered_at' })
  orderedAt!: Date;

  @Column('timestamptz', { name: 'fire_at' })
  fireAt!: Date;

  @Column('timestamptz', { name: 'slot_at' })
  slotAt!: Date;

  /** It has not been fired by itself, nor cancelled. */
  @Column('boolean')
  waiting!: boolean;
}

/** How many orders have a place in a slot; one without a row is empty. */
@Entity('order_slots')
@Check('order_slots_taken', 'taken >= 0')
export class OrderSlotRow {
  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'order_slots_pkey' })
  locationId!: string;

  @PrimaryColumn('timestamptz', { name: 'starts_at', primaryKeyConstraintName: 'order_slots_pkey' })
  startsAt!: Date;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('int')
  taken!: number;
}
