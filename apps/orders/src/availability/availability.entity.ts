import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Whether something can be ordered at a location, for one reason; this service's copy of what catalog says. */
@Entity('availabilities')
@Index('availabilities_unavailable', ['locationId'], { where: 'not available' })
export class AvailabilityRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'availabilities_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'item_id' })
  itemId!: string;

  /** Null: every variation of the item. */
  @Column('uuid', { name: 'variation_id', nullable: true })
  variationId!: string | null;

  @Column('boolean')
  available!: boolean;

  @Column('timestamptz', { nullable: true })
  until!: Date | null;

  @Column('int')
  version!: number;
}
