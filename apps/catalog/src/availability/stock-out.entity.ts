import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What inventory last told of a stock item that runs out or has run out at a location. */
@Entity('stock_outs')
@Index('stock_outs_gone', ['organizationId', 'locationId'], { where: 'depleted' })
export class StockOutRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'stock_outs_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'level_id', primaryKeyConstraintName: 'stock_outs_pkey' })
  levelId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('boolean')
  depleted!: boolean;

  /** What it kept from being sold when it ran out. */
  @Column('jsonb')
  affected!: { itemId: string; variationId: string }[];

  /** Of the level, as inventory counts. */
  @Column('int')
  version!: number;
}
