import type { Availability } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Whether an item, or one variation of it, can be ordered at a location, for one reason. No row: it can. */
@Entity('availability')
@Check('availability_reason', `reason in ('manual', 'stock')`)
@Check('availability_until', 'until is null or not available')
@Index('availability_gone', ['organizationId', 'locationId', 'id'], { where: 'not available' })
@Index('availability_due', ['until'], { where: 'until is not null' })
export class AvailabilityRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'availability_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'availability_pkey' })
  id!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'item_id' })
  itemId!: string;

  @Column('uuid', { name: 'variation_id', nullable: true })
  variationId!: string | null;

  @Column('text')
  reason!: Availability['reason'];

  @Column('boolean')
  available!: boolean;

  @Column('timestamptz', { nullable: true })
  until!: Date | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;
}
