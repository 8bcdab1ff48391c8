import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** How much of a stock item there is at a location: what its movements come to, kept ready for every read and every sale. */
@Entity('levels')
@Unique('levels_place', ['locationId', 'stockItemId'])
@Index('levels_stock_item', ['stockItemId'])
export class LevelRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'levels_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'stock_item_id' })
  stockItemId!: string;

  @Column('bigint')
  quantity!: number;

  /** What it is worth, in millionths of a minor unit: the costs of its movements, as far as they are known. */
  @Column('bigint', { default: 0 })
  value!: number;

  /** Of how much of it `value` says so. */
  @Column('bigint', { default: 0 })
  valued!: number;

  @Column('boolean')
  low!: boolean;

  @Column('boolean')
  depleted!: boolean;

  /** The variations that were told to be affected when it ran out; none while there is some. */
  @Column('jsonb')
  blocks!: { itemId: string; variationId: string }[];

  @Column('timestamptz', { name: 'counted_at', nullable: true })
  countedAt!: Date | null;

  /** The count that holds. */
  @Column('uuid', { name: 'counted_by', nullable: true })
  countedBy!: string | null;

  /** Of its events: low, depleted, replenished. */
  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
