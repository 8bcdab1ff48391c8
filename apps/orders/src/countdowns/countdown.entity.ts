import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How many of something are left to sell at a location. What has no row is not counted. */
@Entity('countdowns')
@Check('countdowns_remaining', 'remaining >= 0')
@Index('countdowns_page', ['organizationId', 'variationId', 'locationId'])
export class CountdownRow {
  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'countdowns_pkey' })
  locationId!: string;

  @PrimaryColumn('uuid', { name: 'variation_id', primaryKeyConstraintName: 'countdowns_pkey' })
  variationId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('int')
  remaining!: number;

  /** When somebody last said how many: what was ordered before is not of these. */
  @Column('timestamptz', { name: 'counted_at' })
  countedAt!: Date;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
