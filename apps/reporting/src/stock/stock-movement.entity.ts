import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A movement of stock, as inventory told of it. */
@Entity('stock_movements')
@Index('stock_movements_day', ['organizationId', 'businessDate'])
@Index('stock_movements_order', ['organizationId', 'orderId'], { where: 'order_id is not null' })
export class StockMovementRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'stock_movements_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'movement_id', primaryKeyConstraintName: 'stock_movements_pkey' })
  movementId!: string;

  @Column('int')
  version!: number;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'stock_item_id' })
  stockItemId!: string;

  @Column('text')
  kind!: string;

  @Column('bigint')
  quantity!: number;

  @Column('text')
  unit!: string;

  /** What it was worth, in millionths of a minor unit and with the sign of the quantity; null when nobody knew. */
  @Column('bigint', { name: 'cost_micros', nullable: true })
  costMicros!: number | null;

  @Column('text', { name: 'cost_currency', nullable: true })
  costCurrency!: string | null;

  @Column('uuid', { name: 'order_id', nullable: true })
  orderId!: string | null;

  @Column('uuid', { name: 'line_id', nullable: true })
  lineId!: string | null;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  /** From when it happened until it was recorded. */
  @Column('bigint', { name: 'delay_ms', nullable: true })
  delayMs!: number | null;
}
