import { Column, Entity, PrimaryColumn } from 'typeorm';

/** This service's copy of who works where, and as what; names stay in identity. */
@Entity('known_staff')
export class KnownStaffRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'known_staff_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  role!: string;

  @Column('uuid', { name: 'location_ids', array: true, nullable: true })
  locationIds!: string[] | null;

  @Column('boolean')
  active!: boolean;

  @Column('int')
  version!: number;
}
