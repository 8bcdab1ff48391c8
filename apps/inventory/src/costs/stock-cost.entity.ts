import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What a stock item costs at a location, on average, since it last came in at a price. */
@Entity('stock_costs')
@Check('stock_costs_average', `value >= 0 and quantity > 0`)
export class StockCostRow {
  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'stock_costs_pkey' })
  locationId!: string;

  @PrimaryColumn('uuid', { name: 'stock_item_id', primaryKeyConstraintName: 'stock_costs_pkey' })
  stockItemId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  currency!: string;

  /** In millionths of a minor unit. */
  @Column('bigint')
  value!: number;

  @Column('bigint')
  quantity!: number;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

/** One row for each location where something came in at a price: its version grows with every average that moves. */
@Entity('cost_books')
export class CostBookRow {
  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'cost_books_pkey' })
  locationId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('int')
  version!: number;
}
