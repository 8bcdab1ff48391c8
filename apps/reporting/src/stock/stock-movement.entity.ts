import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A movement of stock, as inventory told of it. */
@Entity('stock_movements')
@Index('stock_movements_day', ['organizationId', 'businessDate'])
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

  @Column('uuid', { name: 'order_id', nullable: true })
  orderId!: string | null;

  @Column('uuid', { name: 'line_id', nullable: true })
  lineId!: string | null;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;
}
