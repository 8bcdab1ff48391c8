import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * Movements that their levels do not show yet. Orders only add to it: everything sold at a location moves the same few
 * levels, and transactions that each hold some of them would wait for one another.
 */
@Entity('unsettled')
@Index('unsettled_location', ['locationId'])
export class UnsettledRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'unsettled_pkey',
  })
  id!: number;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  /** It was a count: the levels are made anew from all movements. */
  @Column('boolean')
  counted!: boolean;

  @Column('uuid', { name: 'stock_item_ids', array: true })
  stockItemIds!: string[];

  @Column('bigint', { array: true })
  quantities!: number[];

  @Column('timestamptz', { name: 'occurred_ats', array: true })
  occurredAts!: Date[];

  @Column('bigint', { array: true, default: [] })
  costs!: number[];

  /** How much of the quantities has a cost. */
  @Column('bigint', { array: true, default: [] })
  valued!: number[];
}
